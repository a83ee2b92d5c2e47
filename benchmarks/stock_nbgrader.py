"""The same lab graded by plain nbgrader: the checks run in the notebook's kernel, beside torch."""

from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from autograder.course import Course, Lab, Task

FIRST_CELL = """\
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path.cwd()))
import dltk

from autograder import compare
from autograder.answers import Round
from autograder.course import Course
from autograder.verdict import judged
from autograder.worker.canonical import canonical
from autograder.worker.kit import Kit
from autograder.worker.program import call, load

assert Path(dltk.__file__).is_relative_to(Path.cwd()), dltk.__file__
answers = Round(Course.find(Path({root!r})), {lab!r}, {secret!r})


def grade(task):
    \"\"\"The share of the checks of a task that agree with torch.\"\"\"
    mine = [check for check in answers.checks if check.task == task]
    passed = 0
    for check in mine:
        inputs = answers.inputs(check)
        try:
            with tempfile.TemporaryDirectory() as folder:
                kit = Kit(folder) if check.takes_kit else None
                got = canonical(call(load(check.source, check.name), dltk, kit, inputs), dltk)
        except Exception:
            continue
        if check.judge is not None:
            passed += judged(check, got, answers.inputs(check)) is None
        else:
            passed += compare.agree(answers.expected(check), got, check.tolerance)
    return passed / len(mine)
"""


def _nbgrader(task: str, points: int | None) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "grade_id": task.replace(".", "-"),
        "grade": points is not None,
        "locked": True,
        "solution": False,
        "task": False,
        "schema_version": 3,
        "cell_type": "code",
    }
    if points is not None:
        cell["points"] = points
    return {"nbgrader": cell}


def notebook(course: Course, lab: Lab, secret: bytes) -> nbformat.NotebookNode:
    """A locked cell with the comparison, then one graded cell a task."""
    first = FIRST_CELL.format(root=str(course.root), lab=lab.id, secret=secret)
    cells = [new_code_cell(first, metadata=_nbgrader("comparison", None))]
    cells += [_graded(task) for task in lab.automatic_tasks]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def _graded(task: Task) -> nbformat.NotebookNode:
    """The last value of the cell is its score, by nbgrader's rule for partial credit."""
    source = f"float(grade({task.id!r}) * {task.points})"
    return new_code_cell(source, metadata=_nbgrader(task.id, task.points))


def write_course(course: Course, lab: Lab, secret: bytes, into: Path) -> nbformat.NotebookNode:
    """The source folder and the configuration of a plain nbgrader course."""
    made = notebook(course, lab, secret)
    folder = into / "source" / lab.id
    folder.mkdir(parents=True)
    nbformat.write(made, folder / f"{lab.id}.ipynb")
    (into / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'plain'\n", encoding="utf-8"
    )
    return made
