"""A real nbgrader course directory: its configuration and the source of each assignment."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course, CourseError
from autograder.files import write_atomically
from autograder.release.assignment import source_files
from autograder.release.recorded import Progress
from autograder.release.student_course import refuse_defects

CONFIG = "nbgrader_config.py"
_TEMPLATE = Path(__file__).parent / "templates" / f"{CONFIG}.txt"


class CourseDirectoryError(ValueError):
    """A folder cannot become a course directory; the message is one sentence."""


@dataclass(frozen=True)
class CourseDirectoryReport:
    """What was made in `folder`: assignments that are new, and those that were there and stay."""

    folder: Path
    made: tuple[str, ...]
    kept: tuple[str, ...]


def init_course(
    root: Path,
    folder: Path,
    labs: Sequence[str] | None = None,
    exchange: Path | None = None,
    progress: Progress | None = None,
) -> CourseDirectoryReport:
    """Make `folder` a course directory of nbgrader with the labs named (all) as assignments.

    A configuration or an assignment that is there already stays as it is. `exchange` is the folder
    through which nbgrader releases and collects; without it nbgrader's own default holds.

    Raises:
        CourseDirectoryError: `folder` holds something else.
        ReleaseError: the reference has a defect.
        CourseError: there is no such lab, or `root` is no reference.
    """
    course = Course.load(root)
    if course.is_student:
        raise CourseError(f"{root} is a student course; nbgrader needs the reference.")
    chosen = [course.lab(lab_id) for lab_id in labs] if labs else list(course.labs)
    folder = Path(folder).resolve()
    _refuse_other_content(folder)
    refuse_defects(course)
    # First, so that the folder is a course directory whenever this is interrupted.
    if not (folder / CONFIG).exists():
        write_atomically(folder / CONFIG, _config(course.root, exchange))
    made, kept = [], []
    for lab in chosen:
        source = folder / "source" / lab.id
        if source.exists():
            kept.append(lab.id)
            continue
        _make(source, source_files(course, lab, progress))
        made.append(lab.id)
    return CourseDirectoryReport(folder, tuple(made), tuple(kept))


def _make(source: Path, files: Mapping[str, bytes]) -> None:
    """Write an assignment whole or not at all: one that is there is never written again."""
    source.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=source.parent) as folder:
        for path, content in files.items():
            write_atomically(Path(folder) / "made" / path, content)
        (Path(folder) / "made").rename(source)


def _refuse_other_content(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise CourseDirectoryError(f"{folder} is a file; name a folder.")
    if any(folder.iterdir()) and not (folder / CONFIG).is_file():
        raise CourseDirectoryError(
            f"{folder} is not empty and is no course directory; name an empty folder."
        )


def _config(root: Path, exchange: Path | None) -> str:
    values = {
        "course": repr(str(root)),
        "exchange": repr(None if exchange is None else str(Path(exchange).resolve())),
    }
    text = _TEMPLATE.read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace("{{ " + name + " }}", value)
    return text
