"""The zip that is handed in: the lab's files and its notebook, the same bytes for the same work."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.course import PACKAGE, Course, Lab
from autograder.files import write_atomically, zip_bytes
from autograder.intake.refusal import LIMITS
from autograder.local.own_work import missing_files, own_files, syntax_problems
from autograder.local.progress import open_blanks


class HandInError(ValueError):
    """There is nothing to hand in; the message is one sentence."""


@dataclass(frozen=True)
class HandedIn:
    """What was written: paths in the zip, tasks still blank, sentences the student should read."""

    files: tuple[str, ...]
    blank: tuple[str, ...]
    warnings: tuple[str, ...]


def hand_in(course: Course, lab: Lab, out: Path) -> HandedIn:
    """Write the zip of a lab: its files, modules the student added, and the notebook."""
    missing = missing_files(course, lab)
    if missing:
        raise HandInError(
            f"{', '.join(missing)} is missing in {course.root}; put it back before handing in."
        )
    files = {path: (course.root / path).read_bytes() for path in lab.files}
    for path, content in files.items():
        if len(content) > LIMITS.file:
            raise HandInError(f"{path} is larger than {LIMITS.file // 1024:,} kB, which no lab is.")
    files.update(_added_modules(course))
    warnings = syntax_problems(course, lab)
    notebook = find_notebook(course, lab)
    if notebook is None:
        warnings.append(f"The notebook {_stem(lab)}.ipynb was not found, so it is not in the zip.")
    else:
        files[notebook.relative_to(course.root).as_posix()] = notebook.read_bytes()
    if out.is_dir():
        raise HandInError(f"{out} is a folder; name the zip to write.")
    write_atomically(out, zip_bytes(files))
    return HandedIn(tuple(sorted(files)), tuple(open_blanks(course, lab)), tuple(warnings))


def find_notebook(course: Course, lab: Lab) -> Path | None:
    """The lab's notebook: as released (`.ipynb`), or as text in the author's course."""
    for name in (PurePosixPath(lab.notebook).with_suffix(".ipynb"), PurePosixPath(lab.notebook)):
        path = course.root / name
        if path.is_file():
            return path
    return None


def _added_modules(course: Course) -> dict[str, bytes]:
    """Modules under `dltk/` that the course did not hand out."""
    if not course.is_student:
        return {}
    given = {
        path.relative_to(course.pristine).as_posix()
        for path in (course.pristine / PACKAGE).rglob("*.py")
    }
    return {path: content for path, content in own_files(course).items() if path not in given}


def _stem(lab: Lab) -> str:
    return PurePosixPath(lab.notebook).stem
