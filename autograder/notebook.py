"""`check("lab3.engine")` in a notebook cell.

The check runs in a process of its own: a file counts as it is on disk, without restarting the
kernel, and code that loops forever or crashes leaves the kernel alive.
"""

import functools
import importlib.util
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.adapter import framework as framework
from autograder.course import PACKAGE, Course, CourseError, Lab
from autograder.figures import show as show
from autograder.local.client import Helper, HelperError
from autograder.report.in_notebook import (
    notebook_html,
    notebook_text,
    refusal_html,
)
from autograder.selftest import mark as mark

SECONDS_AT_MOST = 300.0


@dataclass(frozen=True)
class Result:
    """What a check found; a notebook shows it as HTML, `print` as text.

    `record` has the form of a record of the grader, and is None where nothing was checked.
    """

    record: dict[str, Any] | None
    text: str
    html: str

    @property
    def points(self) -> float:
        """The points of the checked tasks; 0 where nothing was checked."""
        return 0.0 if self.record is None else float(self.record["points"])

    @property
    def passed(self) -> bool:
        """Whether every check of the task passed."""
        return self.record is not None and self.record["points"] == self.record["max_points"]

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, **options: Any) -> dict[str, str]:
        # nbgrader's Validate button takes the plain text for the score; words count as full marks.
        return {"text/plain": repr(self.points), "text/html": self.html}


def check(name: str) -> Result:
    """Check one task (`"lab3.engine"`) or a whole lab (`"lab3"`) as its files are on disk now."""
    began = time.perf_counter()
    try:
        course = Course.find()
        lab, tasks = _what(course, name)
    except CourseError as problem:
        return _refused(str(problem))
    elsewhere = _package_elsewhere(course.root)
    if elsewhere is not None:
        return _refused(
            f"This kernel's {PACKAGE} is {elsewhere}, which is not in the course in "
            f"{course.root}; start JupyterLab with 'make lab', which sets the kernel up."
        )
    try:
        reply = helper(course.root).ask({"lab": lab.id, "tasks": tasks}, SECONDS_AT_MOST)
    except HelperError as problem:
        return _refused(str(problem))
    if "refused" in reply:
        return _refused(reply["refused"])
    record = reply["record"]
    footer = (
        f"{reply['on']} Graded: {course.root / PACKAGE}, sandbox {record['sandbox']}, "
        f"{time.perf_counter() - began:.1f} s."
    )
    return Result(record, notebook_text(record, lab, footer), notebook_html(record, lab, footer))


@functools.lru_cache(maxsize=4)
def helper(root: Path) -> Helper:
    """The background process of a course, one a kernel."""
    return Helper(root)


def course_file(path: str) -> Path:
    """A file of the course by its path from the top, wherever in the course the notebook runs.

    Raises:
        CourseError: there is no course here, or no such file in it.
    """
    file = Course.find().root / path
    if not file.is_file():
        raise CourseError(f"The course has no file {path}; make the course anew with 'make lab'.")
    return file


def _what(course: Course, name: str) -> tuple[Lab, list[str] | None]:
    lab = course.lab(str(name).partition(".")[0])
    if name == lab.id:
        return lab, None
    task = lab.task(name)
    if not task.automatic:
        raise CourseError(f"{name} is marked by a person; it has no checks.")
    return lab, [task.id]


def _package_elsewhere(root: Path) -> str | None:
    """Where the kernel's `dltk` lies, unless that is in the course (or the kernel has none)."""
    module = sys.modules.get(PACKAGE)
    if module is not None:
        file = getattr(module, "__file__", None)
    else:
        spec = importlib.util.find_spec(PACKAGE)
        file = None if spec is None else spec.origin
    if file is None or (root / PACKAGE) in Path(file).resolve().parents:
        return None
    return str(file)


def _refused(sentence: str) -> Result:
    return Result(None, sentence, refusal_html(sentence))


def _start_early() -> None:
    """Let the helper warm up while the reader reads; without a course there is nothing to warm."""
    try:
        helper(Course.find().root).start()
    except CourseError:
        return


_start_early()
