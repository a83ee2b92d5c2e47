"""The result of a check in a notebook cell: HTML in the notebook's colors, and plain text."""

from typing import Any

from autograder.course import Lab
from autograder.report.feedback import environment
from autograder.report.text import clean
from autograder.report.view import TaskView, view


def notebook_html(record: dict[str, Any], lab: Lab, footer: str) -> str:
    """A compact fragment: the first failed check open, passed ones folded; no script."""
    template = environment().get_template("notebook.html.j2")
    return template.render(record=view(record, lab), footer=footer)


def notebook_text(record: dict[str, Any], lab: Lab, footer: str) -> str:
    """The same in plain text, for where no HTML is shown."""
    shown = view(record, lab)
    lines = [shown.error] if shown.error else []
    for task in shown.tasks:
        lines.extend(_task_lines(task))
    return "\n".join([*lines, footer])


def _task_lines(task: TaskView) -> list[str]:
    state = "complete" if task.complete else "not yet"
    lines = [
        f"{task.id}: {state}, {task.score} points, "
        f"{len(task.passed)} of {len(task.checks)} checks passed"
    ]
    for number, check in enumerate(task.failed):
        lines.append(f"  failed: {check.sentence}")
        if number == 0:
            details = "\n".join(part for part in (check.diagnosis, check.message) if part)
            lines.extend(f"    {line}" for line in details.splitlines())
    return lines


def refusal_html(sentence: str) -> str:
    """One sentence about why nothing was checked."""
    return environment().get_template("refusal.html.j2").render(sentence=clean(sentence, 1_000))
