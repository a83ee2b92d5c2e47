"""nbgrader's settings for a course: what `nbgrader_config.py` of a course directory calls."""

from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.preprocessors import (
    CheckCellMetadata,
    Execute,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)

from autograder.course import Course
from autograder.nbgrader.preprocessors import (
    Restore,
    SaveScores,
    Strip,
    SubmissionExporter,
    TaskExecute,
)
from autograder.release.cells import STUB

COURSE_ID = "dltk"


def configure(
    settings: Any,
    *,
    course: str,
    folder: str,
    exchange: str | None = None,
    earlier: str = "reference",
) -> None:
    """Set nbgrader up for the course directory `folder`.

    `course` is the folder of the reference. `exchange` is nbgrader's exchange, None for its own
    default. `earlier` says how the labs before an assignment are handed out: "reference" (solved,
    so that a lab does not depend on the student's earlier ones) or "blank".
    """
    if earlier not in ("reference", "blank"):
        raise ValueError(f'earlier is {earlier!r} and must be "reference" or "blank".')
    labs = Course.load(Path(course)).labs
    settings.CourseDirectory.course_id = COURSE_ID
    settings.CourseDirectory.root = folder
    if exchange is not None:
        settings.Exchange.root = exchange
    settings.ClearSolutions.code_stub = {"python": STUB["code"]}
    settings.ClearSolutions.text_stub = STUB["markdown"]
    settings.GenerateAssignment.preprocessors = [
        *GenerateAssignment.class_traits()["preprocessors"].default(),
        Strip,
    ]
    settings.Strip.solved_before = earlier
    settings.Autograde.exporter_class = SubmissionExporter
    settings.Autograde.exclude_overwriting = {lab.id: list(lab.files) for lab in labs}
    settings.Autograde.sanitize_preprocessors = [
        Restore,
        OverwriteKernelspec,
        OverwriteCells,
        CheckCellMetadata,
    ]
    ours = {Execute: TaskExecute, SaveAutoGrades: SaveScores}
    settings.Autograde.autograde_preprocessors = [
        ours.get(step, step)
        for step in Autograde.class_traits()["autograde_preprocessors"].default()
    ]
    settings.TaskExecute.course = course
