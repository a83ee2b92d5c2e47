"""`autograder status`: labs, tasks and points so far."""

import click
from rich.table import Table
from rich.text import Text

from autograder.cli.common import console, find_course, find_lab


@click.command()
@click.argument("lab_id", metavar="[LAB]", required=False)
def command(lab_id: str | None) -> None:
    """Show the tasks of every lab (or of LAB): blank, started or done, and the points so far.

    Points are those of the last check on this machine; "changed since" means the lab's files are
    no longer those that were checked.
    """
    from autograder.local.own_work import digest, missing_files
    from autograder.local.progress import open_blanks, recall
    from autograder.report.text import points

    course = find_course()
    labs = [find_lab(course, lab_id)] if lab_id else course.labs
    known = recall(course)
    console.print(Text(f"The course in {course.root}"), soft_wrap=True)
    for lab in labs:
        table = Table(title=f"{lab.id}: {lab.title}", title_justify="left")
        for heading in ("task", "", "points", "last check"):
            table.add_column(heading, justify="right" if heading == "points" else "left")
        blank = open_blanks(course, lab)
        now = digest(course, lab)
        total = 0.0
        for task in lab.tasks:
            last = known.get(task.id)
            total += last["points"] if last else 0
            table.add_row(
                Text.assemble(task.id, " ", (task.title, "dim")),
                _state(task.automatic, task.id in blank, last),
                f"{points(last['points']) if last else '-'} of {task.points}",
                _when(last, now),
            )
        table.add_section()
        table.add_row("", "", f"{points(total)} of {lab.points}", "")
        console.print(table)
        for path in missing_files(course, lab):
            console.print(f"{path} is missing.", style="red", markup=False)


def _state(automatic: bool, blank: bool, last: dict | None) -> Text:
    if not automatic:
        return Text("marked by a person", style="dim")
    if blank:
        return Text("blank", style="red")
    if last is None:
        return Text("not checked", style="yellow")
    if last["passed"] == last["checks"]:
        return Text("done", style="green")
    return Text(f"{last['passed']} of {last['checks']} checks", style="yellow")


def _when(last: dict | None, now: str) -> str:
    if last is None:
        return ""
    return last["when"][:16].replace("T", " ") + ("" if last["files"] == now else ", changed since")
