"""Records of `autograder grade` written into nbgrader's gradebook.

`nbgrader autograde` does this for submissions with a notebook. Here a whole `grades.json` goes in,
so that a student who handed in files without the notebook has the points of the tasks too.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Gradebook, MissingEntry

from autograder.nbgrader.config import COURSE_ID
from autograder.release.notebooks import grade_id

Record = dict[str, Any]


class GradebookError(ValueError):
    """Records cannot be written into a gradebook; the message is one sentence."""


def write_records(folder: Path, records: Sequence[Record]) -> int:
    """Write the scores of records into the gradebook of the course directory `folder`.

    Marks that a person gave, and everything of written tasks, stay. Returns how many students were
    written. Raises `GradebookError` where the gradebook does not have an assignment or a task; then
    nothing of that record is written.
    """
    database = folder / "gradebook.db"
    if not database.is_file():
        raise GradebookError(f"There is no {database}; run nbgrader generate_assignment first.")
    with Gradebook(f"sqlite:///{database}", COURSE_ID) as gradebook:
        for record in records:
            _write(gradebook, record)
    return len(records)


def _write(gradebook: Gradebook, record: Record) -> None:
    lab, student = record["lab"], record["student"]
    try:
        assignment = gradebook.find_assignment(lab)
    except MissingEntry:
        raise GradebookError(
            f"The gradebook has no assignment {lab}; run nbgrader generate_assignment {lab} first."
        ) from None
    points = {grade_id(task["id"]): task["points"] for task in record["tasks"]}
    _refuse_unknown(assignment, points)
    gradebook.update_or_create_student(student)
    submission = gradebook.update_or_create_submission(lab, student)
    for notebook in submission.notebooks:
        for grade in notebook.grades:
            if grade.name in points:
                grade.auto_score = min(max(float(points[grade.name]), 0.0), grade.max_score)
                grade.needs_manual_grade = grade.manual_score is not None
    gradebook.db.commit()


def _refuse_unknown(assignment: Assignment, points: dict[str, float]) -> None:
    known = {cell.name for notebook in assignment.notebooks for cell in notebook.grade_cells}
    for name in sorted(points.keys() - known):
        raise GradebookError(
            f"The gradebook's {assignment.name} has no cell {name}; generate the assignment again."
        )
