"""One tool that derives the student course from the reference, or refuses and says where."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course, CourseError
from autograder.release.defects import Defect, ReleaseError
from autograder.release.folders import FolderError, Refreshed

__all__ = [
    "Defect",
    "FolderError",
    "Refreshed",
    "ReleaseError",
    "ReleaseReport",
    "make",
    "workspace",
]

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class ReleaseReport:
    """What a release wrote: its folder, how many files, and the labs that are solved in it."""

    folder: Path
    files: int
    solved: tuple[str, ...]
    refreshed: Refreshed | None = None


def make(
    root: Path, out: Path, from_lab: str | None = None, progress: Progress | None = None
) -> ReleaseReport:
    """Write the student course of the reference in `root` into `out`, replacing an earlier one.

    With `from_lab` the labs before it come solved. `progress` is told a step and how many of how
    many parts of it are done. The same reference gives the same bytes.

    Raises:
        ReleaseError: the reference has a defect, or a solution would be handed out.
        FolderError: `out` holds something that a release did not write.
        CourseError: `root` is no reference, or has no lab `from_lab`.
    """
    from autograder.release import folders, student_course

    course, solved = _reference(root, from_lab)
    files = _files(course, from_lab, progress)
    stamp = student_course.fingerprint(course.root, from_lab)
    folders.replace(out, files, student_course.manifest(files, stamp))
    return ReleaseReport(out, len(files) + 1, solved)


def workspace(
    root: Path, folder: Path, from_lab: str | None = None, progress: Progress | None = None
) -> ReleaseReport:
    """Make the student course in `folder`, or bring it up to date without losing a change.

    A file that a person changed stays as it is. Raises as `make` does.
    """
    from autograder.release import folders, student_course

    course, solved = _reference(root, from_lab)
    stamp = student_course.fingerprint(course.root, from_lab)
    if folders.made_from(folder) == stamp:
        hashes = folders.released_hashes(folder) or {}
        if all((folder / path).is_file() for path in hashes):
            refreshed = Refreshed(unchanged=len(hashes))
            return ReleaseReport(folder, len(hashes) + 1, solved, refreshed)
    files = _files(course, from_lab, progress)
    refreshed = folders.refresh(folder, files, student_course.manifest(files, stamp))
    return ReleaseReport(folder, len(files) + 1, solved, refreshed)


def _reference(root: Path, from_lab: str | None) -> tuple[Course, tuple[str, ...]]:
    from autograder.release.package import solved_labs

    course = Course.load(root)
    if course.is_student:
        raise CourseError(f"{root} is a student course; a release is made from the reference.")
    return course, solved_labs(course, from_lab)


def _files(course: Course, from_lab: str | None, progress: Progress | None) -> dict[str, bytes]:
    from autograder.release.recorded import recorded_answers
    from autograder.release.student_course import student_course

    labs = tuple(lab.id for lab in course.labs)
    return student_course(course, from_lab, lambda: recorded_answers(course, labs, progress))
