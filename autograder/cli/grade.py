"""`autograder grade`: a class."""

from concurrent.futures import Executor
from pathlib import Path

import click

from autograder.cli.bars import bar as progress_bar
from autograder.cli.common import console, errors, find_course, find_lab, shown_path


@click.command()
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("--lab", "lab_id", required=True, help="The lab to grade, such as lab3.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where to write.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes; as many as cores, up to 8.")
@click.option("--sandbox", "level", help="bubblewrap, landlock or plain; the strongest there is.")
@click.option(
    "--scheduler", help="A Dask scheduler, such as tcp://host:8786, instead of processes."
)
@click.option("--round", "round_name", default="first", show_default=True, help="The round's name.")
@click.option("--close", is_flag=True, help="Close the round: its secret is shown in the feedback.")
def command(
    submissions: Path,
    lab_id: str,
    out: Path,
    jobs: int | None,
    level: str | None,
    scheduler: str | None,
    round_name: str,
    close: bool,
) -> None:
    """Grade SUBMISSIONS, a folder with a folder or a zip for each student.

    Writes grades.json, grades.csv, feedback/ and gradescope/ into the --out folder, and keeps
    the round's secret there. Run again after a crash or with new submissions, it grades only what
    has no record yet. Late work belongs in a round of its own: --round late.

    The exit status is 0 when every submission has a record, whatever its points, and 1 when the
    grader itself failed on one.
    """
    from autograder.grade import GradeError, grade_class
    from autograder.intake import IntakeError, loose_files
    from autograder.report.terminal import class_table, sandboxes
    from autograder.report.text import clean

    course = find_course()
    lab = find_lab(course, lab_id)
    executor = _dask(scheduler) if scheduler else None
    try:
        with _Bar() as bar:
            records = grade_class(
                course,
                lab.id,
                submissions,
                out,
                jobs=jobs,
                level=level,
                executor=executor,
                round=round_name,
                close=close,
                listener=bar.listener,
            )
    except (GradeError, IntakeError) as problem:
        raise click.UsageError(str(problem)) from None
    except OSError as problem:
        if problem.filename is None:
            raise
        raise click.ClickException(
            f"{problem.filename}: {problem.strerror}. What is graded is kept; the same command "
            "goes on from there."
        ) from None
    except KeyboardInterrupt:
        errors.print("Stopped. What is graded is kept; the same command goes on from there.")
        raise SystemExit(130) from None
    finally:
        if executor is not None:
            executor.shutdown()
    console.print(class_table(records, lab, console.width))
    failed = sum(record["error"] is not None for record in records)
    console.print(
        f"{len(records)} submissions, {failed} with an error, sandbox {sandboxes(records)}. "
        f"Written to {shown_path(out)}: grades.json, grades.csv, feedback/, gradescope/.",
        soft_wrap=True,
        markup=False,
    )
    loose = loose_files(submissions)
    if loose:
        errors.print(
            f"Not read, since a submission is a folder or a zip: {clean(', '.join(loose), 300)}.",
            style="yellow",
            soft_wrap=True,
            markup=False,
        )
    if any(record["sandbox"] == "plain" for record in records):
        errors.print(
            "Graded without a sandbox (plain): good enough for one's own work, not for a class. "
            "Install bubblewrap, or use Linux with Landlock.",
            style="yellow",
            soft_wrap=True,
        )
    broken = [record["student"] for record in records if record.get("grader_failed")]
    if broken:
        errors.print(
            f"The grader itself failed on {len(broken)} of {len(records)} submissions, first "
            f"{clean(broken[0], 60)}: their 0 points say nothing. Run the same command again"
            f"{'; the round stays open until then' if close else ''}.",
            style="red",
            soft_wrap=True,
            markup=False,
        )
        raise SystemExit(1)


class _Bar:
    """A progress bar on the error stream, fed by the run."""

    def __init__(self) -> None:
        from autograder.grade.class_run import Listener
        from autograder.grade.records import Record

        self._progress = progress_bar()
        progress = self._progress
        bar = progress.add_task("", total=None)

        class Feeding(Listener):
            def begins(self, stage: str, total: int | None) -> None:
                progress.update(bar, description=stage, completed=0, total=total)

            def steps(self, done: int, total: int) -> None:
                progress.update(bar, completed=done, total=total)

            def graded(self, record: Record) -> None:
                progress.advance(bar)

        self.listener = Feeding()

    def __enter__(self) -> "_Bar":
        self._progress.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._progress.stop()


def _dask(scheduler: str) -> Executor:
    try:
        from distributed import Client
    except ImportError:
        raise click.UsageError(
            "--scheduler needs Dask, which is not installed: pip install distributed."
        ) from None
    try:
        client = Client(scheduler, timeout="10s")
    except (OSError, ValueError) as problem:
        raise click.UsageError(f"No Dask scheduler answers at {scheduler}: {problem}.") from None
    executor: Executor = client.get_executor()
    return executor
