"""Records in the terminal, through rich; text of students is never read as markup."""

from collections.abc import Iterable, Sequence
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.course import Lab
from autograder.report.text import clean, points
from autograder.report.view import CheckView, TaskView, view

_WIDE = 118
_STYLES = {"complete": "green", "partial": "yellow", "open": "red"}


def class_table(records: Sequence[dict[str, Any]], lab: Lab, width: int = _WIDE) -> RenderableType:
    """One row a student with the points of each task; below, what was wrong with submissions.

    Where the terminal is too narrow for a column a task, one column names the incomplete ones.
    """
    table = Table(title=f"{lab.id}: {lab.title}", box=box.SIMPLE, pad_edge=False)
    table.add_column("student", overflow="fold", min_width=12)
    table.add_column(f"points\nof {lab.automatic_points}", justify="right")
    wide = width >= _WIDE
    if wide:
        for task in lab.automatic_tasks:
            table.add_column(f"{_short(task.id)}\nof {task.points}", justify="right")
    else:
        table.add_column("incomplete tasks", overflow="fold")
    for record in records:
        tasks = record["tasks"]
        scores = {task["id"]: task for task in tasks}
        table.add_row(
            Text(clean(record["student"], 60)),
            Text(points(record["points"])),
            *(
                [_task_score(scores.get(task.id)) for task in lab.automatic_tasks]
                if wide
                else [_incomplete(tasks)]
            ),
        )
    problems = [
        Text(f"{clean(record['student'], 60)}: {clean(record['error'], 300)}", style="red")
        for record in records
        if record["error"]
    ]
    return Group(table, *problems)


def _incomplete(tasks: Sequence[dict[str, Any]]) -> Text:
    return Text(
        " ".join(_short(task["id"]) for task in tasks if task["points"] < task["max_points"])
    )


def _short(task_id: str) -> str:
    return task_id.partition(".")[2]


def sandboxes(records: Sequence[dict[str, Any]]) -> str:
    """In which sandboxes a class was graded, such as `bubblewrap`."""
    return ", ".join(sorted({clean(record["sandbox"], 20) for record in records}))


def _task_score(task: dict[str, Any] | None) -> Text:
    if task is None:
        return Text("")
    if task["points"] >= task["max_points"]:
        return Text(points(task["points"]), style="green")
    return Text(points(task["points"]), style="yellow" if task["points"] > 0 else "red")


def lab_result(record: dict[str, Any], lab: Lab, *, open_checks: int = 1) -> RenderableType:
    """What `autograder check` prints: every task, and its first failed checks opened."""
    shown = view(record, lab)
    lines: list[RenderableType] = []
    if shown.error:
        lines.append(Text(shown.error, style="bold red"))
    lines.extend(Text(note, style="yellow") for note in shown.notes)
    for task in shown.tasks:
        lines.extend(_task(task, open_checks))
    lines.append(Text(f"{shown.lab}: {shown.score} points", style="bold"))
    return Group(*lines)


def _task(task: TaskView, open_checks: int) -> Iterable[RenderableType]:
    style = _STYLES[task.state]
    yield Text.assemble(
        (f"{task.id}", f"bold {style}"),
        f"  {task.score} points, {len(task.passed)} of {len(task.checks)} checks  ",
        (task.title, "dim"),
    )
    for check in task.failed[:open_checks]:
        yield Padding(_failed(check), (0, 0, 0, 2))
    others = task.failed[open_checks:]
    if task.passed:
        for check in others:
            yield Padding(Text(f"failed: {check.sentence}", style="red"), (0, 0, 0, 2))
    elif others:
        yield Padding(Text(f"{len(others)} more failed; -v shows them", style="dim"), (0, 0, 0, 2))


def _failed(check: CheckView) -> Group:
    lines: list[RenderableType] = [Text(f"failed: {check.sentence}", style="red")]
    if check.diagnosis:
        lines.append(Text(check.diagnosis, style="yellow"))
    if check.message:
        lines.append(Padding(Text(check.message), (0, 0, 0, 2)))
    return Group(*lines)
