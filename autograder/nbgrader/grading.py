"""From what nbgrader collected to the records of the course's own grader."""

import glob
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from autograder.course import Course, Lab
from autograder.grade import grade_class
from autograder.intake import Submission
from autograder.report.in_notebook import notebook_text

Record = dict[str, Any]


def submissions_of(coursedir: Any, lab_id: str) -> list[Submission]:
    """What nbgrader was asked to grade of a lab: one submission, or all that were collected."""
    step = coursedir.submitted_directory
    name = re.compile(coursedir.format_path(step, "(?P<student>[^/]+)", lab_id, escape=True))
    found = []
    for path in sorted(glob.glob(coursedir.format_path(step, coursedir.student_id, lab_id))):
        told = name.fullmatch(path)
        if told is not None and Path(path).is_dir():
            found.append(Submission(told["student"], Path(path)))
    return found


def records(
    course: Course,
    lab: Lab,
    submissions: Sequence[Submission],
    out: Path,
    round_name: str,
    level: str = "",
) -> dict[str, Record]:
    """The record of each submission by student, as `autograder grade --out` would write it.

    Rounds and records are kept in `out`: a submission that did not change is not graded again,
    whichever command graded it. One submission alone is graded without starting processes.
    """
    executor = ThreadPoolExecutor(1) if len(submissions) == 1 else None
    made = grade_class(
        course,
        lab.id,
        submissions,
        out,
        level=level or None,
        executor=executor,
        round=round_name,
    )
    return {record["student"]: record for record in made}


def report(record: Record, task_id: str, lab: Lab) -> str:
    """What a person reads of one task: each check that failed, and why."""
    of_task = {**record, "tasks": [task for task in record["tasks"] if task["id"] == task_id]}
    sealed = f"Graded in the sandbox {record['sandbox']!r}, round {record['round']}."
    return notebook_text(of_task, lab, sealed) + "\n"
