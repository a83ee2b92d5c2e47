"""A class of submissions for a lab: the reference and the course's misconceptions, in turn."""

import tempfile
from itertools import cycle, islice
from pathlib import Path

from autograder import misconceptions, tree, variants
from autograder.course import Course


def submissions(course: Course, lab_id: str, students: int) -> dict[str, dict[str, bytes]]:
    """The lab's files of each student: every fourth solved, the others with one misconception."""
    wrong = [item for item in misconceptions.load(lab_id, course) if not item.right]
    spread = wrong[:: max(1, len(wrong) // students)]
    files: dict[str, dict[str, bytes]] = {}
    for number, item in enumerate(islice(cycle(spread), students)):
        solved = number % 4 == 0
        files[f"student-{number:03}"] = (
            variants.reference(course, lab_id)
            if solved
            else variants.with_misconception(course, item)
        )
    return files


def write(files: dict[str, bytes], into: Path) -> None:
    for path, content in files.items():
        target = into / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def whole_package(course: Course, lab_id: str, files: dict[str, bytes], into: Path) -> None:
    """The whole `dltk` with a student's files in it, as a notebook's kernel needs it."""
    with tempfile.TemporaryDirectory() as folder:
        tree.build(course, lab_id, files, Path(folder), trusted=True)
        for path in sorted(Path(folder).rglob("*.py")):
            write({str(path.relative_to(folder)): path.read_bytes()}, into)
