"""What must hold of the reference before anything of it is handed out."""

import ast
import re
import textwrap
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder import checks, misconceptions
from autograder.checks import Check, CheckError
from autograder.course import COURSE_FILE, PACKAGE, Course, CourseError, Lab, Task
from autograder.misconceptions import Misconception, MisconceptionError
from autograder.release.defects import Defect
from autograder.release.survivors import Secret
from autograder.solutions import MarkerError, Region, regions

_PLACE = re.compile(r"^(?P<path>.+?):(?P<line>\d+): (?P<sentence>.*)$", re.DOTALL)


def package_files(root: Path) -> dict[str, Path]:
    """The files of the package under `root`, by their path in the course."""
    return {
        path.relative_to(root).as_posix(): path
        for path in sorted((root / PACKAGE).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }


def blanks(course: Course) -> tuple[dict[str, list[Region]], list[Defect]]:
    """The solution regions of each file of the package, and the defects of their markers."""
    found: dict[str, list[Region]] = {}
    defects: list[Defect] = []
    for path, file in package_files(course.root).items():
        if file.suffix != ".py":
            continue
        text = file.read_text(encoding="utf-8")
        try:
            here = regions(text, path)
        except MarkerError as problem:
            defects.append(placed(problem, path))
            continue
        found[path] = here
        for region in here:
            defects += _region_defects(course, path, text, region)
    return found, defects


def placed(problem: Exception, path: str = COURSE_FILE) -> Defect:
    """An error whose message begins with `file:line` as a defect."""
    told = _PLACE.match(str(problem))
    if told is None:
        return Defect(path, 1, str(problem))
    return Defect(told["path"], int(told["line"]), told["sentence"])


def _region_defects(course: Course, path: str, text: str, region: Region) -> list[Defect]:
    owner = course.owner(path)
    where = region.first_line
    if owner is None:
        return [Defect(path, where, "a solution in a file that course.toml gives to no lab.")]
    if region.task not in [task.id for task in owner.automatic_tasks]:
        return [
            Defect(path, where, f"{region.task} is no task of {owner.id}, which owns the file.")
        ]
    if not _statements(region_lines(text, region)):
        return [
            Defect(
                path,
                where,
                f"{region.task} gives points and {region.qualname} has no line "
                "that a student writes.",
            )
        ]
    return []


def region_lines(text: str, region: Region) -> list[str]:
    """The lines between the markers of a region."""
    return text.splitlines()[region.first_line : region.last_line - 1]


def _statements(lines: list[str]) -> list[ast.stmt]:
    """The statements that do something: neither pass, nor a constant, nor a blank's own error."""
    return [
        node
        for node in ast.parse(textwrap.dedent("\n".join(lines))).body
        if not isinstance(node, ast.Pass)
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        and not (isinstance(node, ast.Raise) and "NotImplementedError" in ast.unparse(node))
    ]


def secrets(course: Course, lab: Lab, found: Mapping[str, Sequence[Region]]) -> list[Secret]:
    """Every line of the solutions of a lab, in order."""
    lines = []
    for path in lab.files:
        text = (course.root / path).read_text(encoding="utf-8")
        for region in found.get(path, ()):
            for number, line in enumerate(region_lines(text, region), region.first_line + 1):
                lines.append(Secret(path, number, line))
    return lines


def other_solutions(course: Course, lab: Lab) -> list[Secret]:
    """Every line of the different right solutions of a lab, which solve a task as well."""
    lines = []
    for item in misconceptions.load(lab.id, course):
        path, _, line = item.where.rpartition(":")
        for qualname, body in item.bodies.items() if item.right else ():
            for text in body.splitlines():
                lines.append(Secret(f"{path} ({qualname})", int(line), text))
    return lines


def task_defects(
    course: Course,
    found: Mapping[str, Sequence[Region]],
    all_checks: Mapping[str, Sequence[Check]] | None = None,
    all_misconceptions: Mapping[str, Sequence[Misconception]] | None = None,
) -> list[Defect]:
    """A defect for each task without a blank, a check or misconceptions, placed in course.toml.

    The checks and misconceptions by lab are those of this package unless given.
    """
    defects: list[Defect] = []
    has = defaultdict(set)
    for here in found.values():
        for region in here:
            has[region.task].add("blank")
    for lab in course.labs:
        defects += [
            Defect(COURSE_FILE, _line_of(course, path), f"{path}, owned by {lab.id}, is not there.")
            for path in lab.files
            if not (course.root / path).is_file()
        ]
        try:
            mine = _of(all_checks, lab) if all_checks else checks.load(lab.id, course)
            wrong = (
                _of(all_misconceptions, lab)
                if all_misconceptions
                else misconceptions.load(lab.id, course)
            )
        except (CheckError, MisconceptionError, CourseError) as problem:
            defects.append(placed(problem))
            continue
        for check in mine:
            has[check.task].add("check")
        for misconception in wrong:
            if not misconception.right:
                has[misconception.task].add("misconception")
        defects += _body_defects(lab, wrong, found)
        for task in lab.automatic_tasks:
            defects += _lacks(course, task, has[task.id])
    return defects


def _of(by_lab: Mapping[str, Sequence], lab: Lab) -> Sequence:
    return by_lab.get(lab.id, ())


def _lacks(course: Course, task: Task, has: set[str]) -> list[Defect]:
    line = _line_of(course, task.id)
    told = {
        "blank": f"{task.id} has no blank: no BEGIN SOLUTION {task.id} in a file of {task.lab}.",
        "check": f"{task.id} has no check in autograder/checks/{task.lab}.",
        "misconception": f"{task.id} has no misconception in autograder/misconceptions/{task.lab}.",
    }
    return [Defect(COURSE_FILE, line, told[part]) for part in told if part not in has]


def _body_defects(
    lab: Lab, wrong: Sequence[Misconception], found: Mapping[str, Sequence[Region]]
) -> list[Defect]:
    """A defect for each misconception of a blank that is not there."""
    there = {region.qualname for path in lab.files for region in found.get(path, ())}
    return [
        placed(MisconceptionError(f"{item.where}: {lab.id} has no blank {qualname}."))
        for item in wrong
        for qualname in item.bodies
        if qualname not in there
    ]


def _line_of(course: Course, word: str) -> int:
    """The line of course.toml that has a word in quotes."""
    lines = (course.root / COURSE_FILE).read_text(encoding="utf-8").splitlines()
    return next((n for n, line in enumerate(lines, 1) if f'"{word}"' in line), 1)
