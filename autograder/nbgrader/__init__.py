"""The course inside nbgrader: a course directory, and grading that runs no student's kernel."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.nbgrader.course_directory import CourseDirectoryReport
    from autograder.release.recorded import Progress


def init_course(
    root: Path,
    folder: Path,
    labs: Sequence[str] | None = None,
    exchange: Path | None = None,
    progress: "Progress | None" = None,
) -> "CourseDirectoryReport":
    """Make `folder` a course directory of nbgrader; see `course_directory.init_course`."""
    from autograder.nbgrader import course_directory

    return course_directory.init_course(root, folder, labs, exchange, progress)
