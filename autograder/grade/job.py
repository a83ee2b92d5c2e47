"""What a grading process does: one submission in, one record out, both plain data."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.answers import AnswersError, Recorded, Round
from autograder.answers.round import Progress
from autograder.course import Course
from autograder.files import write_atomically


@dataclass(frozen=True)
class Job:
    """One submission on its way to a process or a machine.

    Student files travel as bytes. `answers` is the file with the round's answers; where it is not
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
def _answers(root: str, lab_id: str, secret: bytes, file: str) -> Recorded | Round:
    course = _course(root)
    if Path(file).is_file():
        return Recorded.load(course, lab_id, Path(file))
    return Round(course, lab_id, secret)


def prepare_answers(
    course: Course, lab_id: str, secret: bytes, file: Path, progress: Progress | None = None
) -> None:
    """Compute what torch and the misconceptions give, unless the file holds it already.

    A damaged file counts as none: from the same secret come the same inputs and answers.
    """
    try:
        Recorded.load(course, lab_id, file)
    except AnswersError:
        round_ = Round(course, lab_id, secret)
        round_.prepare(progress)
        write_atomically(file, round_.pack())
