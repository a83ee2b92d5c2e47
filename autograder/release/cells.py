"""What the cells of a lab notebook say: which task they name, where their solutions stand."""

import ast
import re
from dataclasses import dataclass

MARKER_LINE = {
    "code": re.compile(r"\s*# (BEGIN|END) SOLUTION\s*"),
    "markdown": re.compile(r"\s*<!-- (BEGIN|END) SOLUTION -->\s*"),
}
STUB = {"code": "...  # your code here", "markdown": "*Write your answer here.*"}
_MARKER = re.compile(r"\b(?:BEGIN|END) SOLUTION\b")
_MAGIC = re.compile(r"^\s*[%!].*$", re.MULTILINE)
_TASK_TAG = "task:"


class CellError(ValueError):
    """A cell is not of an agreed form. `line` counts from 0 inside the cell."""

    def __init__(self, sentence: str, line: int = 0):
        super().__init__(sentence)
        self.line = line


@dataclass(frozen=True)
class Solution:
    """A solution region of a cell: the lines between its markers, counted from 0."""

    begin: int
    end: int


def checked_task(source: str) -> str | None:
    """The task of a cell that is one call `check("lab3.engine")`; None where nothing is checked."""
    try:
        tree = ast.parse(_MAGIC.sub("", source))
    except SyntaxError:
        if re.search(r"^\s*check\(", source, re.MULTILINE):
            raise CellError("the cell calls check() and is not valid Python.") from None
        return None
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "check"
    ]
    if not calls:
        return None
    alone = len(tree.body) == 1 and getattr(tree.body[0], "value", None) is calls[0]
    if not alone or "#" in source or "\n" in source.strip():
        raise CellError("a cell that calls check() holds nothing but that call.")
    call = calls[0]
    argument = call.args[0] if len(call.args) == 1 and not call.keywords else None
    if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
        raise CellError('check() has one argument, a task in quotes, such as check("lab3.engine").')
    return argument.value


def tagged_task(metadata: dict) -> str | None:
    """The task named by a cell's tag, such as `task:lab3.written`."""
    tasks = [tag.removeprefix(_TASK_TAG) for tag in _tags(metadata) if tag.startswith(_TASK_TAG)]
    if len(tasks) > 1:
        raise CellError(f"the cell is tagged with several tasks: {', '.join(tasks)}.")
    return tasks[0] if tasks else None


def other_tags(metadata: dict) -> list[str]:
    """The tags that mean something to Jupyter and not to the course."""
    return [tag for tag in _tags(metadata) if not tag.startswith(_TASK_TAG)]


def _tags(metadata: dict) -> list[str]:
    tags = metadata.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise CellError("the cell's tags are not a list of texts.")
    return tags


def solutions(cell_type: str, source: str) -> list[Solution]:
    """The solution regions of a cell, in order; `CellError` where a marker is malformed."""
    found: list[Solution] = []
    begin: int | None = None
    for number, line in enumerate(source.split("\n")):
        if not _MARKER.search(line):
            continue
        marker = MARKER_LINE.get(cell_type, MARKER_LINE["markdown"]).fullmatch(line)
        if not marker:
            form = "# BEGIN SOLUTION" if cell_type == "code" else "<!-- BEGIN SOLUTION -->"
            raise CellError(f"a marker in a {cell_type} cell is a line {form!r}, alone.", number)
        if marker.group(1) == "BEGIN":
            if begin is not None:
                raise CellError("BEGIN SOLUTION inside a solution.", number)
            begin = number
        elif begin is None:
            raise CellError("END SOLUTION without a BEGIN SOLUTION before it.", number)
        else:
            found.append(Solution(begin, number))
            begin = None
    if begin is not None:
        raise CellError("BEGIN SOLUTION without an END SOLUTION in the same cell.", begin)
    return found


def solution_lines(cell_type: str, source: str) -> list[str]:
    """The lines of a cell that only instructors may see."""
    lines = source.split("\n")
    return [
        line
        for region in solutions(cell_type, source)
        for line in lines[region.begin + 1 : region.end]
    ]


def released(cell_type: str, source: str) -> str:
    """The cell's text with a stub in place of each solution."""
    lines = source.split("\n")
    kept: list[str] = []
    after = 0
    for region in solutions(cell_type, source):
        indent = lines[region.begin][: len(lines[region.begin]) - len(lines[region.begin].lstrip())]
        kept += [*lines[after : region.begin], indent + STUB[cell_type]]
        after = region.end + 1
    return "\n".join(kept + lines[after:])
