"""`autograder init-course`: a course directory of nbgrader."""

from pathlib import Path

import click

from autograder.cli.bars import parts_bar
from autograder.cli.common import console, find_course, shown_path


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--lab", "labs", multiple=True, help="Only this lab; may be given more than once.")
@click.option("--exchange", type=click.Path(path_type=Path), help="nbgrader's exchange folder.")
def command(folder: Path, labs: tuple[str, ...], exchange: Path | None) -> None:
    """Make FOLDER an nbgrader course directory whose scores come from this grader.

    What is there already stays as it is.
    """
    from autograder import nbgrader
    from autograder.nbgrader.course_directory import CourseDirectoryError
    from autograder.release import ReleaseError

    course = find_course()
    try:
        with parts_bar() as progress:
            report = nbgrader.init_course(course.root, folder, labs or None, exchange, progress)
    except (CourseDirectoryError, ReleaseError) as problem:
        raise click.ClickException(str(problem)) from None
    made = ", ".join(report.made) or "nothing new"
    kept = f"; kept as it was: {', '.join(report.kept)}" if report.kept else ""
    console.print(
        f"{shown_path(report.folder)} is an nbgrader course directory: {made}{kept}.",
        soft_wrap=True,
        markup=False,
    )
