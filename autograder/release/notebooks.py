"""MyST notebooks as `.ipynb`: nbgrader's metadata derived, cell ids that depend on the text alone.

Authors write no metadata of nbgrader: a task's cell is `check("lab3.engine")`, the answer of a
written task a Markdown cell with the tag `task:lab3.written`. Points come from course.toml.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_notebook, writes

from autograder.course import Course, CourseError, Lab, Task
from autograder.release import cells
from autograder.release.defects import Defect, refuse
from autograder.release.survivors import Secret

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
_PLACEHOLDER = re.compile(r"\{\{\s*(lab\d+(?:\.\w+)*)\s*\}\}")
_POINTS_IN_HEADING = re.compile(r"^#+ .*\b\d+ (?:points|pts)\b", re.MULTILINE | re.IGNORECASE)


def grade_id(task: Task | str) -> str:
    """nbgrader's name of a task's cell: `lab3-engine` for `lab3.engine`."""
    return (task if isinstance(task, str) else task.id).replace(".", "-")


def lab_notebook(course: Course, lab: Lab, *, solved: bool) -> NotebookNode:
    """A lab's notebook with nbgrader's metadata, with its solutions or as students get it.

    `ReleaseError` names file and line of every defect.
    """
    reader = _Reader(course, lab.notebook)
    for place, cell in enumerate(reader.notebook.cells):
        reader.attempt(place, lambda cell=cell: _describe(course, lab, cell))  # type: ignore[misc]
    reader.defects += _tasks_without_one_cell(lab, reader)
    refuse(reader.defects)
    return _finished(reader.notebook, solved=solved)


def lecture_notebook(course: Course, path: str) -> NotebookNode:
    """A lecture's notebook; a cell may check a task there, if the task exists."""
    reader = _Reader(course, path)
    for place, cell in enumerate(reader.notebook.cells):
        reader.attempt(place, lambda cell=cell: _describe_in_lecture(course, cell))  # type: ignore[misc]
    refuse(reader.defects)
    return _finished(reader.notebook, solved=False)


def solution_lines(course: Course, path: str) -> list[Secret]:
    """The lines of a MyST notebook that only instructors may see."""
    reader = _Reader(course, path)
    found: list[Secret] = []
    for place, cell in enumerate(reader.notebook.cells):
        if cell.cell_type in cells.STUB:
            for region in cells.solutions(cell.cell_type, cell.source):
                text = cell.source.split("\n")
                found += [
                    Secret(path, reader.lines[place] + number, text[number])
                    for number in range(region.begin + 1, region.end)
                ]
    return found


def solution_lines_of(path: Path) -> list[Secret]:
    """The lines of an `.ipynb` that only instructors may see."""
    notebook = nbformat.read(path, as_version=4)
    return [
        Secret(path.name, number, line)
        for number, cell in enumerate(notebook.cells, 1)
        if cell.cell_type in cells.STUB
        for line in cells.solution_lines(cell.cell_type, cell.source)
    ]


def text_of(notebook: NotebookNode) -> str:
    """The `.ipynb` text, the same bytes for the same notebook."""
    return writes(notebook, sort_keys=True) + "\n"


class _Reader:
    """One MyST file: its cells, the line each begins on, the defects found so far."""

    def __init__(self, course: Course, path: str):
        self.path = path
        self.defects: list[Defect] = []
        self.lines: list[int] = []
        self.notebook = new_notebook()
        file = course.root / path
        try:
            text = file.read_text(encoding="utf-8")
            self.notebook = jupytext.reads(text, fmt="md:myst")
        except FileNotFoundError:
            refuse([Defect(path, 1, "the notebook that course.toml names is not there.")])
        except (UnicodeDecodeError, ValueError) as problem:
            refuse([Defect(path, 1, f"the notebook cannot be read: {problem}.")])
        self.lines = _first_lines(text, [cell.source for cell in self.notebook.cells])

    def attempt(self, place: int, describe: Callable[[], None]) -> None:
        """Note the defect of a cell, so that all of a notebook's are told at once."""
        try:
            describe()
        except cells.CellError as problem:
            line = self.lines[place] + problem.line
            self.defects.append(Defect(self.path, line, str(problem)))


def _first_lines(text: str, sources: list[str]) -> list[int]:
    """The line each cell begins on, found by its text after the cell before it."""
    lines: list[int] = []
    position = 0
    for source in sources:
        found = text.find(source, position)
        if found >= 0:
            position = found
        lines.append(text.count("\n", 0, position) + 1)
        if found >= 0:
            position += len(source)
    return lines


def _describe(course: Course, lab: Lab, cell: NotebookNode) -> None:
    """Give a cell of a lab its task and what nbgrader needs to know of it."""
    _fill(course, cell)
    tagged = cells.tagged_task(cell.metadata)
    checked = cells.checked_task(cell.source) if cell.cell_type == "code" else None
    has_solution = cell.cell_type in cells.STUB and cells.solutions(cell.cell_type, cell.source)
    tags = cells.other_tags(cell.metadata)
    cell.metadata = NotebookNode({"tags": tags} if tags else {})
    if checked is not None:
        task = _task(lab, checked)
        if not task.automatic:
            raise cells.CellError(f"{task.id} is a written task; no check() decides it.")
        _mark(cell, task, grade=True, solution=False)
        cell.metadata.update(deletable=False, editable=False)
    elif tagged is not None:
        task = _task(lab, tagged)
        if task.automatic or cell.cell_type != "markdown":
            raise cells.CellError(
                f"the tag task:{task.id} stands at a {cell.cell_type} cell; only the answer of a "
                'written task, a Markdown cell, has one (a code task\'s cell is check("…")).'
            )
        _mark(cell, task, grade=True, solution=True)
        cell.metadata.update(deletable=False)
    elif has_solution:
        _mark(cell, None, grade=False, solution=True)


def _describe_in_lecture(course: Course, cell: NotebookNode) -> None:
    _fill(course, cell)
    checked = cells.checked_task(cell.source) if cell.cell_type == "code" else None
    if checked is not None:
        try:
            course.task(checked)
        except CourseError as problem:
            raise cells.CellError(str(problem)) from None
    if cell.cell_type in cells.STUB and cells.solutions(cell.cell_type, cell.source):
        raise cells.CellError("a lecture holds no solution; solutions stand in labs.")
    tags = cells.other_tags(cell.metadata)
    cell.metadata = NotebookNode({"tags": tags} if tags else {})


def _task(lab: Lab, task_id: str) -> Task:
    try:
        return lab.task(task_id)
    except CourseError as problem:
        raise cells.CellError(str(problem)) from None


def _mark(cell: NotebookNode, task: Task | None, *, grade: bool, solution: bool) -> None:
    described: dict[str, Any] = {
        "schema_version": 3,
        "grade": grade,
        "solution": solution,
        "locked": not solution,
        "task": False,
        "cell_type": cell.cell_type,
    }
    if task is not None:
        described.update(grade_id=grade_id(task), points=task.points)
        cell.metadata["task"] = task.id
    cell.metadata["nbgrader"] = described


def _tasks_without_one_cell(lab: Lab, reader: _Reader) -> list[Defect]:
    """A defect for each task of the lab that has no cell, or several, or one out of order."""
    if reader.defects:
        return []
    places: dict[str, list[int]] = {task.id: [] for task in lab.tasks}
    for place, cell in enumerate(reader.notebook.cells):
        if "task" in cell.metadata:
            places[cell.metadata["task"]].append(reader.lines[place])
    found = []
    for task in lab.tasks:
        lines = places[task.id]
        form = f'check("{task.id}")' if task.automatic else f"a Markdown cell tagged task:{task.id}"
        if not lines:
            sentence = f"{task.id} has {task.points} points and no cell here; it needs {form}."
            found.append(Defect(reader.path, 1, sentence))
        for line in lines[1:]:
            found.append(Defect(reader.path, line, f"a second cell of {task.id}; one is graded."))
    return found


def _fill(course: Course, cell: NotebookNode) -> None:
    """Put points and titles of course.toml where a Markdown cell asks for them."""
    if cell.cell_type != "markdown":
        return
    heading = _POINTS_IN_HEADING.search(cell.source)
    if heading:
        line = cell.source.count("\n", 0, heading.start())
        raise cells.CellError(
            "a heading states points; they stand in labs/course.toml only, and "
            "{{ lab3.engine.points }} puts them into text.",
            line,
        )
    cell.source = _PLACEHOLDER.sub(lambda match: _value(course, match.group(1)), cell.source)


def _value(course: Course, name: str) -> str:
    owner, _, attribute = name.rpartition(".")
    try:
        described = course.task(owner) if "." in owner else course.lab(owner)
    except CourseError as problem:
        raise cells.CellError(f"{{{{ {name} }}}}: {problem}") from None
    if attribute not in ("points", "title"):
        raise cells.CellError(f"{{{{ {name} }}}}: there is only points and title.")
    return str(getattr(described, attribute))


def _finished(notebook: NotebookNode, *, solved: bool) -> NotebookNode:
    """The notebook without traces of its making: ids from the text, no outputs, our kernel."""
    seen: Counter[str] = Counter()
    finished = []
    for cell in notebook.cells:
        public = cell.source
        if cell.cell_type in cells.STUB:
            public = cells.released(cell.cell_type, cell.source)
        described = cell.metadata.get("nbgrader", {})
        name = described.get("grade_id") or _name(cell.cell_type, public)
        seen[name] += 1
        cell["id"] = name if seen[name] == 1 else f"{name}-{seen[name]}"
        if described and "grade_id" not in described:
            described["grade_id"] = cell["id"]
        if not solved:
            cell.source = public
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
        finished.append(cell)
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    return new_notebook(cells=finished, metadata=metadata)


def _name(cell_type: str, public: str) -> str:
    digest = hashlib.sha256(f"{cell_type}\n{public}".encode()).hexdigest()
    return f"cell-{digest[:12]}"


def stray_notebooks(root: Path) -> list[Defect]:
    """A defect for each `.ipynb` in `lectures/` or `labs/`: notebooks are text there."""
    return [
        Defect(
            path.relative_to(root).as_posix(),
            1,
            "notebooks are written as MyST text (.md), without outputs; remove this one.",
        )
        for folder in ("lectures", "labs")
        for path in sorted((root / folder).glob("*.ipynb"))
    ]
