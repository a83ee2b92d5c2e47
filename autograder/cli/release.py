"""`autograder release`: the student course."""

from pathlib import Path

import click

from autograder.cli.bars import parts_bar
from autograder.cli.common import console, find_course, shown_path


@click.command()
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("dist/student"),
    show_default=True,
    help="Where the student course is written.",
)
@click.option("--from", "from_lab", metavar="LAB", help="The labs before LAB come solved.")
@click.option("--update", is_flag=True, help="Bring a course up to date; changed files stay.")
def command(folder: Path, from_lab: str | None, update: bool) -> None:
    """Derive the student course from the reference.

    It is refused, naming file and line, when a marker is malformed, a task has no check or no
    blank, or a line of a solution would be handed out.
    """
    from autograder import release

    course = find_course()
    make = release.workspace if update else release.make
    try:
        with parts_bar() as progress:
            report = make(course.root, folder, from_lab, progress)
    except (release.ReleaseError, release.FolderError) as problem:
        raise click.ClickException(str(problem)) from None
    if report.refreshed and report.refreshed.kept:
        console.print(
            "Changed by you and kept, although the course has newer ones: "
            f"{', '.join(report.refreshed.kept)}. To get the course's version of one, "
            "move yours away and run this again.",
            soft_wrap=True,
            markup=False,
        )
    solved = f"; solved: {', '.join(report.solved)}" if report.solved else ""
    console.print(
        f"The student course is in {shown_path(report.folder)}: {report.files} files{solved}.",
        soft_wrap=True,
        markup=False,
    )
