"""Grading one's own work: on the recorded inputs first, then on fresh ones against live torch."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from autograder import answers, session
from autograder.course import PACKAGE, Course, Lab
from autograder.local.own_work import own_files

_ON = {"recorded": "recorded inputs", "torch": "fresh inputs against torch"}


@dataclass(frozen=True)
class Checked:
    """A record of one's own work, and a sentence about what it was compared with."""

    record: dict[str, Any]
    on: str


def check_own_work(
    course: Course,
    lab: Lab,
    tasks: Collection[str] | None = None,
    level: str | None = None,
    used: Sequence[answers.Answers] | None = None,
) -> Checked:
    """Grade `tasks` (all) of a lab as they stand on disk now; `AnswersError` where nothing can.

    `used` are the answers to grade by, where they were prepared before.
    """
    used = answers.local(course, lab.id) if used is None else used
    record = session.grade(course, lab.id, own_files(course), used, level=level, tasks=tasks)
    return Checked(record, _compared_with([each.kind for each in used]))


def graded_package(course: Course, lab: Lab) -> str:
    """What will be graded, to print before it is: the package by its path, and the lab's files."""
    files = ", ".join(path.removeprefix(f"{PACKAGE}/") for path in lab.files)
    return f"Grading {course.root / PACKAGE}: {files}"


def _compared_with(kinds: Sequence[str]) -> str:
    said = " and ".join(_ON[kind] for kind in kinds)
    if "torch" not in kinds:
        return f"Checked on {said} only: torch is not installed here."
    if "recorded" not in kinds:
        return f"Checked on {said} only: this course holds no recorded answers."
    return f"Checked on {said}."
