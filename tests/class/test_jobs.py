"""The answers of a round lie in a file, where every grading process finds them."""

from pathlib import Path

import pytest

from autograder import wire
from autograder.course import Course
from autograder.grade import job


class NoChecks:
    """A round without a check, whose answers cost nothing."""

    made = 0

    def __init__(self, course: Course, lab_id: str, secret: bytes) -> None:
        type(self).made += 1

    def prepare(self, progress: object) -> None:
        pass

    def pack(self) -> bytes:
        return wire.encode({"lab": "lab3", "name": "", "sentences": {}, "checks": {}})


@pytest.mark.parametrize("damaged", [None, b"", b"half of", b"\x81\xa3lab\xc0"])
def test_answers_that_cannot_be_read_are_computed_again_and_others_are_not(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damaged: bytes | None
) -> None:
    monkeypatch.setattr(job, "Round", NoChecks)
    monkeypatch.setattr(NoChecks, "made", 0)
    monkeypatch.setattr("autograder.checks.load", lambda *arguments: [])
    file = tmp_path / "answers.msgpack"
    if damaged is not None:
        file.write_bytes(damaged)
    for _ in range(2):
        job.prepare_answers(course, "lab3", b"secret", file)
        assert NoChecks.made == 1
    assert file.read_bytes() == NoChecks(course, "lab3", b"secret").pack()
