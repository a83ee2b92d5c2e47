"""What a grading process does: one submission in, one record out, both plain data."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.answers import Round
from autograder.course import Course


@dataclass(frozen=True)
class Job:
    """One submission on its way to a process or a machine.

    Student files travel as bytes. `answers` is a folder with the round's answers; where it is not
    (another machine), they are computed again from the secret, once a process.
    """

    course_root: str
    lab: str
    student: str
    files: Mapping[str, bytes]
    level: str
    secret: bytes
    answers: str


def grade_job(job: Job) -> str:
    """Grade one submission; the record comes back as JSON, never as an object."""
    from autograder import session

    course = _course(job.course_root)
    answers = _answers(job.course_root, job.lab, job.secret, job.answers)
    record = session.grade(
        course, job.lab, dict(job.files), answers, student=job.student, level=job.level
    )
    return json.dumps(record, allow_nan=False)


@functools.lru_cache(maxsize=2)
def _course(root: str) -> Course:
    return Course.load(Path(root))


@functools.lru_cache(maxsize=2)
def _answers(root: str, lab_id: str, secret: bytes, folder: str) -> Round:
    return round_answers(_course(root), lab_id, secret, Path(folder))


def round_answers(course: Course, lab_id: str, secret: bytes, folder: Path) -> Round:
    """The answers kept in a folder, or fresh ones drawn from the secret."""
    raise NotImplementedError
