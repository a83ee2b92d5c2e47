"""The form of answers, and those that were stored: no torch and no reference needed."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from autograder import checks as all_checks
from autograder import wire
from autograder.checks.spec import Check
from autograder.course import Course
from autograder.diagnosis import Answer

OUR_LIMITS = wire.WireLimits(bytes=1 << 30, items=5_000_000, depth=16)


class AnswersError(ValueError):
    """There are no answers to grade with; the message is one sentence."""


class Answers(Protocol):
    """What grading asks for. `kind` is "torch" or "recorded", `name` the round's public name."""

    checks: list[Check]
    sentences: dict[str, str]
    kind: str
    name: str

    def inputs(self, check: Check) -> dict[str, Any]: ...

    def expected(self, check: Check) -> dict[str, Any]: ...

    def misconceptions(self, check: Check) -> dict[str, Answer]: ...


class Recorded:
    """The answers of a round as they were stored. Needs neither torch nor the reference."""

    kind = "recorded"

    def __init__(self, whole: dict[str, Any], checks: Sequence[Check]):
        self.lab_id: str = whole["lab"]
        self.name: str = whole["name"]
        self.sentences: dict[str, str] = whole["sentences"]
        self.checks = list(checks)
        self._entries: dict[str, Any] = whole["checks"]
        for check in self.checks:
            if self._entries.get(check.id, {}).get("source") != digest(check):
                raise AnswersError(
                    f"The stored answers of {self.lab_id} belong to another version of the check "
                    f"{check.id}; start a new round, or get the course again."
                )

    @classmethod
    def unpack(cls, payload: bytes, checks: Sequence[Check]) -> "Recorded":
        """Read what `Round.pack` wrote; `AnswersError` for anything else."""
        try:
            whole = wire.decode(payload, OUR_LIMITS)
            return cls(whole, checks)
        except (wire.WireError, KeyError, TypeError) as problem:
            raise AnswersError(f"The stored answers cannot be read: {problem}.") from None

    @classmethod
    def load(cls, course: Course, lab_id: str, path: Path | None = None) -> "Recorded":
        """The answers shipped with a student course, or those in the file `path`."""
        path = recorded_path(course, lab_id) if path is None else path
        if not path.is_file():
            raise AnswersError(f"There are no recorded answers of {lab_id} ({path}).")
        return cls.unpack(path.read_bytes(), all_checks.load(lab_id, course))

    def inputs(self, check: Check) -> dict[str, Any]:
        return as_sent(self._entries[check.id]["inputs"])

    def expected(self, check: Check) -> dict[str, Any]:
        return self._entries[check.id]["expected"]

    def misconceptions(self, check: Check) -> dict[str, Answer]:
        known = self._entries[check.id]["misconceptions"]
        return {name: Answer(*fields) for name, fields in known.items()}


def recorded_path(course: Course, lab_id: str) -> Path:
    """Where a student course holds the recorded answers of a lab."""
    return course.root / "course" / "recorded" / f"{lab_id}.msgpack"


def as_sent(inputs: dict[str, Any]) -> dict[str, Any]:
    """A copy as the wire would deliver it, so that every run gets equal inputs."""
    return wire.decode(wire.encode(inputs))


def digest(check: Check) -> str:
    return hashlib.sha256(check.source.encode("utf-8")).hexdigest()
