"""`autograder check`: one's own work."""

import click

from autograder.cli.common import (
    console,
    errors,
    find_course,
    find_lab,
    find_task,
)


@click.command()
@click.argument("name", metavar="LAB")
@click.option("--task", "task_names", multiple=True, help="Only this task, such as lab3.engine.")
@click.option("--sandbox", "level", help="bubblewrap, landlock or plain; the strongest there is.")
@click.option("-v", "--verbose", is_flag=True, help="Open every failed check, not the first one.")
def command(name: str, task_names: tuple[str, ...], level: str | None, verbose: bool) -> None:
    """Check your work on LAB (lab3), or on one task (lab3.engine).

    The checks run on recorded inputs first, then on fresh ones against torch where it is installed.
    The exit status is 0 when every check passed, else 1.
    """
    lab_name, _, task_name = name.partition(".")
    course = find_course()
    lab = find_lab(course, lab_name)
    asked = (*((name,) if task_name else ()), *task_names)
    tasks = [find_task(lab, task) for task in asked] or None
    from autograder.answers import AnswersError
    from autograder.local.checking import check_own_work, graded_package
    from autograder.local.progress import remember
    from autograder.report.terminal import lab_result

    console.print(graded_package(course, lab), soft_wrap=True, markup=False)
    try:
        with errors.status(f"checking {', '.join(tasks) if tasks else lab.id}"):
            checked = check_own_work(course, lab, tasks, level)
    except AnswersError as problem:
        raise click.UsageError(str(problem)) from None
    remember(course, lab, checked.record)
    console.print(lab_result(checked.record, lab, open_checks=10**6 if verbose else 1))
    console.print(
        f"{checked.on} Sandbox: {checked.record['sandbox']}.", style="dim", soft_wrap=True
    )
    if checked.record["points"] < checked.record["max_points"]:
        raise SystemExit(1)
