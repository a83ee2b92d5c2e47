"""What dltk costs beside torch, and what grading costs beside plain nbgrader.

    python benchmarks/run.py                      all of it
    python benchmarks/run.py A B --rounds 5       two training steps
    python benchmarks/run.py import memory        the rest of what is measured of dltk
    python benchmarks/run.py grader               grading alone

The figures are written to build/bench as JSON, those of dltk with a page and a plot. The exit
status is 0 however slow it is, unless --check is given; it is 1 when something could not be
measured.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import goals
import machine
import report
import training_steps
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from workloads import WORKLOADS

ROOT = Path(__file__).resolve().parent.parent
OTHER_PARTS = ("memory", "import", "grader")
PARTS = (*WORKLOADS, *OTHER_PARTS)


class Shown:
    """The progress of one measurement after the other, on a terminal."""

    def __init__(self, console: Console) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self.bars = Progress(*columns, TimeElapsedColumn(), console=console, transient=True)
        self.tasks: dict[str, Any] = {}

    def __call__(self, title: str, done: int, of: int) -> None:
        if title not in self.tasks:
            self.tasks[title] = self.bars.add_task(title, total=of)
        self.bars.update(self.tasks[title], completed=done)


def measure(parts: tuple[str, ...], rounds: int, threads: int, console: Console) -> dict[str, Any]:
    """The figures of the parts that are about dltk."""
    results: dict[str, Any] = {**machine.description(), "threads": threads, "rounds": rounds}
    shown = Shown(console)
    with shown.bars:
        results["steps"] = {
            name: training_steps.step_times(name, rounds, threads, shown)
            for name in WORKLOADS
            if name in parts
        }
        if "memory" in parts:
            results["memory"] = training_steps.memory(shown)
        if "import" in parts:
            results["import"] = training_steps.import_times(rounds, shown)
    return results


def require_known(
    context: click.Context, parameter: click.Parameter, parts: tuple[str, ...]
) -> Any:
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        raise click.BadParameter(f"{unknown[0]} is not one of {', '.join(PARTS)}.")
    return parts or PARTS


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.argument("parts", nargs=-1, callback=require_known)
@click.option(
    "--rounds", default=15, show_default=True, type=click.IntRange(1), help="Samples of each kind."
)
@click.option(
    "--threads",
    default="1",
    show_default=True,
    type=click.Choice(["1", "2"]),
    help="Threads of a training step. At 1 its CPU time is taken, at 2 the wall time.",
)
@click.option("--check", is_flag=True, help="Exit with status 1 when a goal is missed.")
@click.option(
    "--tolerance",
    default=0.1,
    show_default=True,
    type=click.FloatRange(0),
    help="The share of a goal that --check lets a figure be over it.",
)
@click.option("--students", default=20, show_default=True, help="Submissions for the grader.")
@click.option(
    "--out",
    default=ROOT / "build" / "bench",
    show_default="build/bench",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the files go.",
)
def main(
    parts: tuple[str, ...],
    rounds: int,
    threads: str,
    check: bool,
    tolerance: float,
    students: int,
    out: Path,
) -> None:
    console = Console()
    status = 0
    if set(parts) - {"grader"}:
        results = measure(parts, rounds, int(threads), console)
        for table in report.rich_tables(results):
            console.print(table)
        command = "make bench" if parts == PARTS else f'make bench ARGS="{" ".join(parts)}"'
        for path in report.write(results, out, command):
            console.print(str(path), soft_wrap=True, highlight=False)
        failed = goals.failures(results)
        missed = goals.misses(results, tolerance)
        for sentence in failed:
            click.echo(f"Not measured: {sentence}", err=True)
        for sentence in missed:
            click.echo(f"Over its goal by more than {tolerance:.0%}: {sentence}.", err=True)
        status = 1 if failed or (check and missed) else 0
    if "grader" in parts:
        grader = [sys.executable, str(Path(__file__).with_name("grader.py"))]
        grader += ["--students", str(students), "--out", str(out)]
        status = max(status, subprocess.run(grader, cwd=ROOT).returncode)
    sys.exit(status)


if __name__ == "__main__":
    main()
