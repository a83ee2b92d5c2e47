"""Solution markers: where students write, in the files that a lab owns.

    def f(x):
        '''What is given and what is asked.'''
        # BEGIN SOLUTION lab3.task
        return x
        # END SOLUTION

A region is the whole body of one function after its docstring. What is released raises
`NotImplementedError("lab3.task")` in its place; a task may have several such blanks.
"""

import ast
import re
import textwrap
import threading
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from autograder.course import Course

_MARKER = re.compile(r"^( *)# (?:BEGIN SOLUTION (lab\d+\.\w+)|(END) SOLUTION)$")
_NEARLY = re.compile(r"#.*\b(begin|end)\b.*\bsolution\b", re.IGNORECASE)
_TASK = re.compile(r"lab\d+\.\w+")
# Python 3.11 counts the depth of a parse for all threads together: two at once raise SystemError.
_ONE_PARSE_AT_A_TIME = threading.Lock()


class MarkerError(ValueError):
    """A marker is malformed or misplaced; the message begins with `file:line`."""


@dataclass(frozen=True)
class Region:
    """One blank: lines are counted from 1, those of the two markers included."""

    task: str
    qualname: str
    first_line: int
    last_line: int
    indent: int


def regions(text: str, path: str = "<text>") -> list[Region]:
    """Every region of a file in its order; `MarkerError` names file and line of a defect."""
    pairs = list(_pairs(text, path))
    if not pairs:
        return []
    functions = list(_functions(_parse(text, path)))
    return [
        Region(task, _owner(functions, first, last, indent, path), first, last, indent)
        for task, first, last, indent in pairs
    ]


def strip(text: str, path: str = "<text>") -> str:
    """The text without the lines of the markers."""
    drop = {
        line for region in regions(text, path) for line in (region.first_line, region.last_line)
    }
    lines = text.splitlines(keepends=True)
    return "".join(line for number, line in enumerate(lines, 1) if number not in drop)


def blank(text: str, tasks: Collection[str] | None = None, path: str = "<text>") -> str:
    """The text with the blanks of `tasks` (all) raising their task's id; other regions stay."""
    return _rewrite(
        text,
        {
            region: f'raise NotImplementedError("{region.task}")\n'
            for region in regions(text, path)
            if tasks is None or region.task in tasks
        },
    )


def replace(text: str, bodies: Mapping[str, str], path: str = "<text>") -> str:
    """The text with other bodies in its blanks, given by qualified name (`GradMode.__exit__`)."""
    there = {region.qualname: region for region in regions(text, path)}
    for qualname in bodies.keys() - there.keys():
        known = ", ".join(there) or "none"
        raise MarkerError(f"{path}:1: there is no blank {qualname!r}; there are {known}.")
    return _rewrite(text, {there[qualname]: body for qualname, body in bodies.items()})


def blanks_in(text: str, path: str = "<text>") -> list[tuple[str, str]]:
    """(task, qualified name) of every blank of a file, marked or already released."""
    marked = [(region.task, region.qualname) for region in regions(text, path)]
    released = [
        (task, qualname)
        for qualname, node in _functions(_parse(text, path))
        if (task := _released_task(node)) is not None
    ]
    return marked + released


def blanks_of(course: Course) -> dict[str, list[tuple[str, str]]]:
    """For every task its blanks as (path, qualified name), over the owned files that exist."""
    found: dict[str, list[tuple[str, str]]] = {}
    for lab in course.labs:
        for path in lab.files:
            file = course.pristine / path
            if not file.is_file():
                continue
            for task, qualname in blanks_in(file.read_text(encoding="utf-8"), path):
                found.setdefault(task, []).append((path, qualname))
    return found


def _parse(text: str, path: str) -> ast.Module:
    try:
        with _ONE_PARSE_AT_A_TIME:
            return ast.parse(text, path)
    except SyntaxError as problem:
        raise MarkerError(f"{path}:{problem.lineno}: {problem.msg}.") from None


def _pairs(text: str, path: str) -> Iterator[tuple[str, int, int, int]]:
    """(task, first line, last line, indent) of each pair of markers."""
    opened: tuple[str, int, int] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        marker = _MARKER.match(line)
        if marker is None:
            if _NEARLY.search(line):
                raise MarkerError(
                    f"{path}:{number}: a marker is written '# BEGIN SOLUTION lab3.task' "
                    f"or '# END SOLUTION', alone on its line, not {line.strip()!r}."
                )
        elif marker[2]:
            if opened:
                raise MarkerError(f"{path}:{number}: {marker[2]} begins inside {opened[0]}.")
            opened = marker[2], number, len(marker[1])
        elif not opened:
            raise MarkerError(f"{path}:{number}: a solution ends that did not begin.")
        elif len(marker[1]) != opened[2]:
            raise MarkerError(f"{path}:{number}: the two markers of {opened[0]} differ in indent.")
        else:
            yield opened[0], opened[1], number, opened[2]
            opened = None
    if opened:
        raise MarkerError(f"{path}:{opened[1]}: the solution of {opened[0]} does not end.")


def _functions(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            if isinstance(child, ast.FunctionDef):
                yield prefix + child.name, child
            yield from _functions(child, f"{prefix}{child.name}.")
        else:
            yield from _functions(child, prefix)


def _owner(
    functions: list[tuple[str, ast.FunctionDef]], first: int, last: int, indent: int, path: str
) -> str:
    """The qualified name of the function whose body the region is."""
    around = [
        (node.lineno, qualname, node)
        for qualname, node in functions
        if node.lineno < first <= _last_line(node) + 1
    ]
    if not around:
        raise MarkerError(f"{path}:{first}: the solution is not inside a function.")
    _, qualname, node = max(around)
    if ast.get_docstring(node) is None:
        raise MarkerError(f"{path}:{first}: {qualname} has no docstring that says what is asked.")
    body = node.body[1:]
    if not body:
        raise MarkerError(f"{path}:{first}: the solution of {qualname} is empty.")
    if body[0].lineno < first or body[0].col_offset != indent:
        raise MarkerError(
            f"{path}:{first}: the solution of {qualname} must begin right after its docstring."
        )
    if _last_line(node) > last:
        raise MarkerError(f"{path}:{last}: code of {qualname} follows the end of its solution.")
    for other, inside in functions:
        starts = min([inside.lineno, *(item.lineno for item in inside.decorator_list)])
        if starts > _last_line(node) and starts < last:
            raise MarkerError(f"{path}:{last}: the solution of {qualname} reaches into {other}.")
    return qualname


def _last_line(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _released_task(node: ast.FunctionDef) -> str | None:
    if ast.get_docstring(node) is None or len(node.body) != 2:
        return None
    match node.body[1]:
        case ast.Raise(
            exc=ast.Call(func=ast.Name(id="NotImplementedError"), args=[ast.Constant(value=value)])
        ) if isinstance(value, str) and _TASK.fullmatch(value):
            return value
    return None


def _rewrite(text: str, bodies: Mapping[Region, str]) -> str:
    lines = text.splitlines(keepends=True)
    for region in sorted(bodies, key=lambda item: -item.first_line):
        body = textwrap.indent(textwrap.dedent(bodies[region]).strip("\n"), " " * region.indent)
        lines[region.first_line - 1 : region.last_line] = [body + "\n"]
    return "".join(lines)
