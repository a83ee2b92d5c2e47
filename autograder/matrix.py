"""What each blank and each misconception of a lab costs, task by task.

    python -m autograder.matrix lab3

A row that costs another task than its own, or than those that declare their need of it, is marked.
"""

import secrets
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rich.console import Console
from rich.progress import track
from rich.table import Table

from autograder import misconceptions, session, variants
from autograder.answers import Answers, Round
from autograder.course import Course, CourseError, Lab

_PRINTED_WIDTH = 160


@dataclass(frozen=True)
class Variant:
    """A submission made from the reference. `kind` is reference, blank, wrong or right."""

    name: str
    kind: str
    task: str | None
    files: Mapping[str, bytes]


@dataclass(frozen=True)
class Row:
    """What a variant loses: points by task, and the names of the failed checks by task."""

    variant: Variant
    lost: Mapping[str, float]
    failed: Mapping[str, tuple[str, ...]]


def every_variant(course: Course, lab_id: str) -> Iterator[Variant]:
    """The reference, each task blank alone, each misconception, each other right solution."""
    yield Variant("reference", "reference", None, variants.reference(course, lab_id))
    for task in course.lab(lab_id).automatic_tasks:
        files = variants.with_blanks(course, lab_id, {task.id})
        yield Variant(f"{task.id} blank", "blank", task.id, files)
    for item in misconceptions.load(lab_id, course):
        kind = "right" if item.right else "wrong"
        yield Variant(item.id, kind, item.task, variants.with_misconception(course, item))


def row(
    course: Course, lab_id: str, variant: Variant, answers: Answers, level: str | None = None
) -> Row:
    """Grade one variant over the whole lab."""
    record = session.grade(course, lab_id, variant.files, answers, level=level)
    return Row(
        variant,
        {task["id"]: round(task["max_points"] - task["points"], 4) for task in record["tasks"]},
        {
            task["id"]: tuple(check["name"] for check in task["checks"] if not check["passed"])
            for task in record["tasks"]
        },
    )


def may_cost(lab: Lab, task_id: str | None) -> set[str]:
    """The tasks a defect of one may cost: its own, and those that declare their need of it."""
    return {
        task.id for task in lab.tasks if task_id is not None and task_id in (task.id, *task.needs)
    }


def defects(lab: Lab, found: Row) -> list[str]:
    """What is wrong with a row, a sentence each; none where the course keeps its promises."""
    variant, told = found.variant, []
    allowed = may_cost(lab, variant.task) if variant.kind in ("blank", "wrong") else set()
    for task, lost in found.lost.items():
        if lost and task not in allowed:
            names = ", ".join(found.failed[task])
            told.append(f"{variant.name} costs {lost:g} points of {task}: {names}.")
    if variant.task is not None and variant.kind in ("blank", "wrong"):
        whole = lab.task(variant.task).points
        lost = found.lost[variant.task]
        if lost == 0:
            told.append(f"{variant.name} has full marks for {variant.task}.")
        if variant.kind == "blank" and lost != whole:
            told.append(f"{variant.name} keeps {whole - lost:g} points of {variant.task}.")
    return told


def table(lab: Lab, rows: list[Row]) -> Table:
    """The rows as a table: points lost, those that nobody declared in red."""
    shown = Table(title=f"{lab.id}: points lost", title_justify="left")
    shown.add_column("variant", no_wrap=True)
    for task in lab.automatic_tasks:
        shown.add_column(task.id.partition(".")[2], justify="right")
    for found in rows:
        allowed = may_cost(lab, found.variant.task)
        cells = []
        for task in lab.automatic_tasks:
            lost = found.lost[task.id]
            text = f"{lost:g}" if lost else ""
            cells.append(f"[red]{text}[/red]" if lost and task.id not in allowed else text)
        shown.add_row(found.variant.name.removeprefix(f"{lab.id}."), *cells)
    return shown


def main(lab_id: str) -> int:
    """Print the matrix of a lab; 1 if a row breaks a promise."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=_PRINTED_WIDTH)
    course = Course.find()
    lab = course.lab(lab_id)
    answers = Round(course, lab_id, secrets.token_bytes(32), misconceptions=[])
    chosen = list(every_variant(course, lab_id))
    rows = [
        row(course, lab_id, variant, answers)
        for variant in track(chosen, description=f"grading {lab_id}", console=console)
    ]
    console.print(table(lab, rows))
    broken = [sentence for found in rows for sentence in defects(lab, found)]
    for sentence in broken:
        console.print(sentence, style="red", markup=False)
    return 1 if broken else 0


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except (CourseError, TypeError) as problem:
        sys.exit(f"{problem}")
