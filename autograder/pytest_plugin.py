"""`pytest --lab lab3`: every check of a lab as a pytest item, selected as usual (`-k unbroadcast`).

A task is graded when the first of its checks is run; a task that is not selected is not graded.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.course import COURSE_FILE, Course, CourseError, Lab

_LABS = pytest.StashKey[list[Lab]]()
_COURSE = pytest.StashKey[Course]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("course").addoption(
        "--lab",
        action="append",
        default=[],
        metavar="LAB",
        help="run the checks of a lab on this course's dltk, instead of the tests",
    )


def pytest_configure(config: pytest.Config) -> None:
    names = config.getoption("--lab")
    if not names:
        return
    try:
        course = Course.find(config.rootpath)
        config.stash[_LABS] = [course.lab(name) for name in names]
    except CourseError as problem:
        raise pytest.UsageError(str(problem)) from None
    config.stash[_COURSE] = course
    course_file = str(course.root / COURSE_FILE)
    asked = config.args_source is pytest.Config.ArgsSource.ARGS
    config.args = [*config.args, course_file] if asked else [course_file]


def pytest_report_header(config: pytest.Config) -> list[str]:
    if _LABS not in config.stash:
        return []
    from autograder.local.checking import graded_package

    return [graded_package(config.stash[_COURSE], lab) for lab in config.stash[_LABS]]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    config = parent.config
    if _LABS in config.stash and file_path == config.stash[_COURSE].root / COURSE_FILE:
        collector: CourseFile = CourseFile.from_parent(parent, path=file_path)
        return collector
    return None


class CourseFile(pytest.File):
    """The course: it holds the labs that were asked for."""

    def collect(self) -> Iterator["LabItems"]:
        for lab in self.config.stash[_LABS]:
            yield LabItems.from_parent(self, name=lab.id, lab=lab)


class LabItems(pytest.Collector):
    """One lab: it grades a task when it is first asked for one of its checks."""

    def __init__(self, *, lab: Lab, **options: Any) -> None:
        super().__init__(**options)
        self.lab = lab
        self._graded: dict[str, dict[str, dict[str, Any]]] = {}

    def collect(self) -> Iterator["CheckItem"]:
        from autograder import checks

        for check in checks.load(self.lab.id, self.config.stash[_COURSE]):
            yield CheckItem.from_parent(
                self, name=f"{check.task}::{check.name}", task=check.task, check=check.name
            )

    def result(self, task: str, name: str) -> dict[str, Any]:
        """The row of a check in the record of its task."""
        from autograder.local.checking import check_own_work

        if task not in self._graded:
            course = self.config.stash[_COURSE]
            record = check_own_work(course, self.lab, [task]).record
            (row,) = record["tasks"]
            self._graded[task] = {check["name"]: check for check in row["checks"]}
        return self._graded[task][name]


class CheckFailed(Exception):  # noqa: N818 (pytest shows the name)
    """A check did not pass; the message is what a student reads."""


class CheckItem(pytest.Item):
    """One check."""

    def __init__(self, *, task: str, check: str, **options: Any) -> None:
        super().__init__(**options)
        self._task, self._check = task, check

    def runtest(self) -> None:
        parent = self.parent
        if not isinstance(parent, LabItems):
            raise TypeError(f"{self.name} stands outside of a lab.")
        result = parent.result(self._task, self._check)
        if not result["passed"]:
            raise CheckFailed(_told(result))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, CheckFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, f"{self._task}: {self._check}"


def _told(result: dict[str, Any]) -> str:
    from autograder.report.text import clean

    return "\n".join(clean(part) for part in (result["message"], result["diagnosis"]) if part)
