"""The package as it is handed out: blanks where students write, the reference nowhere else."""

from collections.abc import Collection

from autograder.course import Course
from autograder.release.reference import package_files
from autograder.solutions import blank, strip


def released_package(course: Course, solved: Collection[str] = ()) -> dict[str, bytes]:
    """The bytes of each file of the package by path; labs named in `solved` keep their solutions.

    Marker lines are in no file.
    """
    released = {}
    for path, file in package_files(course.root).items():
        content = file.read_bytes()
        owner = course.owner(path)
        if owner is not None:
            text = content.decode("utf-8")
            content = (strip(text) if owner.id in solved else blank(text)).encode("utf-8")
        released[path] = content
    return released


def solved_labs(course: Course, from_lab: str | None) -> tuple[str, ...]:
    """The labs whose solutions are handed out: those before `from_lab`."""
    return () if from_lab is None else tuple(lab.id for lab in course.before(from_lab))
