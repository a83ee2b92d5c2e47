"""What a lecture computes with: the reader's dltk where its tasks pass, torch until then.

    lib = framework("lab1", "lab3.rules", "lab3.engine")

A lecture needs parts of dltk that its reader may not have written yet. `framework` gives a
namespace with the same names either way, and says in one line which one it is.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.course import PACKAGE, Course, CourseError, Lab
from autograder.local.own_work import digest
from autograder.local.progress import open_blanks, recall, remember

NAMED = 3
# When each file of dltk was changed, as of its last import here.
_imported: dict[Path, int] = {}


def framework(*tasks: str) -> Any:
    """dltk if all of `tasks` are written and pass, else a namespace that computes through torch.

    The name of a lab stands for all of its tasks that are checked.

    A task counts as passing if its last check was passed with the files as they are now; where
    they changed since, the task is checked once more, outside of the kernel. In the author's
    course this is always dltk.

    Raises:
        CourseError: there is no course here, or no such task, or dltk is no valid Python.
    """
    course = Course.find()
    missing = unfinished(course, tasks)
    package = _package(course)
    if not missing:
        print("Computed by the dltk in this course." if course.is_student else "Computed by dltk.")
        return package
    print(
        f"Computed through torch: {reason(missing)}. "
        "Run this cell again when that is done: then your dltk computes."
    )
    return through_torch()


def unfinished(course: Course, tasks: Sequence[str]) -> dict[str, str]:
    """Of `tasks` those that cannot be leant on, each with what it lacks."""
    tasks = [task for name in tasks for task in _tasks_named(course, name)]
    if not course.is_student:
        return {}
    missing: dict[str, str] = {}
    for lab in course.labs:
        wanted = [task for task in tasks if task in {each.id for each in lab.tasks}]
        blank = open_blanks(course, lab)
        missing |= {task: "is not written yet" for task in wanted if task in blank}
        if not missing:
            failing = _failing(course, lab, wanted)
            missing |= {task: "does not pass yet" for task in failing}
    return missing


def _tasks_named(course: Course, name: str) -> list[str]:
    """One task, or the checked tasks of a lab; `CourseError` where there is neither."""
    if "." in name:
        course.task(name)
        return [name]
    return [task.id for task in course.lab(name).tasks if task.automatic]


def _failing(course: Course, lab: Lab, tasks: Sequence[str]) -> list[str]:
    """Those of `tasks` whose checks fail on the files as they are; what is known is not run."""
    now = digest(course, lab)
    known = recall(course)
    unknown = [task for task in tasks if known.get(task, {}).get("files") != now]
    if unknown:
        from autograder.local.checking import check_own_work

        print(f"Checking {', '.join(unknown)} first, because the files of {lab.id} are new here.")
        remember(course, lab, check_own_work(course, lab, unknown).record)
        known = recall(course)
    return [task for task in tasks if not _passed(known.get(task))]


def _passed(last: dict[str, Any] | None) -> bool:
    return last is not None and 0 < last["checks"] == last["passed"]


def _package(course: Course) -> Any:
    """dltk as its files are now: imported anew where they changed since this kernel imported it."""
    stamp = {path: path.stat().st_mtime_ns for path in (course.root / PACKAGE).rglob("*.py")}
    if course.is_student and _imported and _imported != stamp:
        for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
            del sys.modules[name]
    _imported.clear()
    _imported.update(stamp)
    try:
        return importlib.import_module(PACKAGE)
    except SyntaxError as problem:
        raise CourseError(
            f"{PACKAGE} cannot be imported: {problem.filename}, line {problem.lineno}: "
            f"{problem.msg}. Correct that line, then run this cell again."
        ) from None


def reason(missing: dict[str, str]) -> str:
    """The unfinished tasks in half a sentence."""
    names = list(missing)
    if len(names) == 1:
        return f"{names[0]} {missing[names[0]]}"
    if len(names) > NAMED:
        names[NAMED - 1 :] = [f"{len(names) - NAMED + 1} more"]
    return f"{', '.join(names[:-1])} and {names[-1]} are not finished yet"


def through_torch() -> Any:
    """torch, with the traces of dltk; `CourseError` where torch is not installed."""
    try:
        from autograder.oracle.namespace import namespace
        from autograder.oracle.traces import forward_trace, reverse_trace
    except ModuleNotFoundError as problem:
        raise CourseError(
            f"{problem.name} is not installed here, so a lecture can only run on a finished dltk; "
            "run 'make lab', or read the lecture as a page."
        ) from None
    traces = importlib.import_module(f"{PACKAGE}.trace")
    own = {"forward_trace": forward_trace, "reverse_trace": reverse_trace, "draw": traces.draw}
    return namespace({f"trace.{name}": function for name, function in own.items()})
