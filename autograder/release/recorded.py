"""The answers that ship with a student course, so that a check works without torch and offline."""

import hashlib
import importlib.metadata
import os
from collections.abc import Callable
from pathlib import Path

from autograder.answers import AnswersError, Recorded, Round
from autograder.course import COURSE_FILE, Course

CACHE = "build/recorded"
_NO_PART_IN_ANSWERS = ("cli", "grade", "intake", "local", "nbgrader", "release", "report")
_OF_A_LAB = ("checks", "misconceptions")
Progress = Callable[[str, int, int], None]


def recorded_answers(
    course: Course, labs: tuple[str, ...], progress: Progress | None = None
) -> dict[str, bytes]:
    """The packed answers of each lab: torch's, and what each misconception gives instead.

    They are computed once and kept in `build/` until the reference, the grader or torch changes.
    """
    return {lab_id: _answers_of(course, lab_id, progress) for lab_id in labs}


def _answers_of(course: Course, lab_id: str, progress: Progress | None) -> bytes:
    cached = course.root / CACHE / f"{lab_id}-{_fingerprint(course, lab_id)}.msgpack"
    if cached.is_file() and _fits(course, lab_id, cached):
        return cached.read_bytes()
    secret = hashlib.sha256(f"recorded answers of {lab_id}".encode()).digest()
    round_ = Round(course, lab_id, secret)
    if progress is not None:
        told = progress
        round_.prepare(lambda done, steps: told(f"answers of {lab_id}", done, steps))
    packed = round_.pack()
    cached.parent.mkdir(parents=True, exist_ok=True)
    for stale in cached.parent.glob(f"{lab_id}-*.msgpack"):
        stale.unlink()
    fresh = cached.with_suffix(f".{os.getpid()}")
    fresh.write_bytes(packed)
    os.replace(fresh, cached)
    return packed


def _fits(course: Course, lab_id: str, cached: Path) -> bool:
    """Whether kept answers belong to the checks: an edit during a run can leave others."""
    try:
        Recorded.load(course, lab_id, cached)
    except AnswersError:
        return False
    return True


def _fingerprint(course: Course, lab_id: str) -> str:
    digest = hashlib.sha256()
    for name in ("torch", "numpy"):
        digest.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    for path in _sources(course, lab_id):
        digest.update(f"{path.relative_to(course.root).as_posix()}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:24]


def _sources(course: Course, lab_id: str) -> list[Path]:
    """The files that the answers of a lab depend on."""
    root = course.root
    others = [
        root / "autograder" / folder / lab.id
        for folder in _OF_A_LAB
        for lab in course.labs
        if lab.id != lab_id
    ]
    left_out = [*others, *(root / "autograder" / folder for folder in _NO_PART_IN_ANSWERS)]
    found = [path for folder in ("autograder", "dltk") for path in (root / folder).rglob("*.py")]
    kept = [path for path in found if not any(path.is_relative_to(other) for other in left_out)]
    return [root / COURSE_FILE, *sorted(kept)]
