"""What grading costs: a class under our grader and under plain nbgrader, and a check in a notebook.

    python benchmarks/grader.py [--lab lab3] [--task lab3.engine] [--students 20] [--repeat 30]
                                [--out build/bench]

CPU seconds are user and system time of a command and of every process that comes of it: those that
outlive their parent, as a sandbox that is killed does, are inherited and waited for here.
"""

import argparse
import contextlib
import ctypes
import json
import os
import platform
import resource
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import classes
import machine
import nbformat
import stock_nbgrader
import warm_check
from nbgrader.api import Gradebook
from rich.console import Console
from rich.table import Table

from autograder import sandbox, variants
from autograder.course import Course

ROOT = Path(__file__).resolve().parent.parent
PR_SET_CHILD_SUBREAPER = 36


def measured(command: list[str], folder: Path) -> tuple[float, float]:
    """CPU and wall seconds of a command; `SystemExit` with its output where it fails."""
    variables = {**os.environ, "OMP_NUM_THREADS": "1"}
    variables["PATH"] = str(Path(sys.executable).parent) + os.pathsep + variables["PATH"]
    before, began = _cpu_of_children(), time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True)
    wall = time.perf_counter() - began
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return _cpu_of_children() - before, wall


def inherit_orphans() -> None:
    """Make this process the parent of every descendant whose own parent ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def ours(work: dict[str, dict[str, bytes]], lab: str, folder: Path) -> tuple[float, float, float]:
    """CPU seconds of the round (once, with its first submission), CPU and wall of the class."""
    command = [sys.executable, "-m", "autograder", "grade", str(folder / "class"), "--lab", lab]
    command += ["--out", str(folder / "graded"), "--jobs", "1"]
    classes.write(next(iter(work.values())), folder / "class" / "first")
    once, _ = measured(command, ROOT)
    for student, files in work.items():
        classes.write(files, folder / "class" / student)
    cost = measured(command, ROOT)
    records = json.loads((folder / "graded" / "grades.json").read_text(encoding="utf-8"))
    require_graded({record["student"]: record["points"] for record in records}, work)
    return once, *cost


def require_graded(points: dict[str, float], work: dict[str, dict[str, bytes]]) -> None:
    """Raises SystemExit unless every student has points, so that a failure is not timed as work."""
    missing = [student for student in work if not points.get(student)]
    if missing:
        raise SystemExit(f"Not graded, so nothing was measured: {', '.join(missing)}.")


def stock(
    course: Course, work: dict[str, dict[str, bytes]], lab: str, folder: Path
) -> tuple[float, float]:
    """CPU and wall seconds of `nbgrader autograde` on the class."""
    made = stock_nbgrader.write_course(course, course.lab(lab), secrets.token_bytes(32), folder)
    nbgrader = [sys.executable, "-m", "nbgrader"]
    measured([*nbgrader, "generate_assignment", lab], folder)
    for student, files in work.items():
        submitted = folder / "submitted" / student / lab
        classes.whole_package(course, lab, files, submitted)
        nbformat.write(made, submitted / f"{lab}.ipynb")
    cost = measured([*nbgrader, "autograde", lab], folder)
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        graded = gradebook.assignment_submissions(lab)
        require_graded({found.student.id: found.score for found in graded}, work)
    return cost


def student_course(course: Course, lab: str, folder: Path) -> Path:
    """A released course in which the lab is solved."""
    command = [sys.executable, "-m", "autograder", "release", "--from", lab]
    command += ["--to", str(folder / "student")]
    measured(command, ROOT)
    classes.write(variants.reference(course, lab), folder / "student")
    return folder / "student"


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--lab", default="lab3")
    arguments.add_argument("--task", default="lab3.engine")
    arguments.add_argument("--students", type=int, default=20)
    arguments.add_argument("--repeat", type=int, default=30)
    arguments.add_argument("--out", type=Path, help="where to write grader.json")
    given = arguments.parse_args()
    inherit_orphans()
    course = Course.find(ROOT)
    work = classes.submissions(course, given.lab, given.students)
    table = Table("what", "CPU s", "wall s", "CPU s a submission", title=platform.platform())
    rows: list[dict[str, Any]] = []

    def row(what: str, cpu: float | None, wall: float | None, count: int | None) -> None:
        share = cpu / count if cpu is not None and count else None
        table.add_row(what, *("" if each is None else f"{each:.2f}" for each in (cpu, wall, share)))
        rows.append({"what": what, "cpu": cpu, "wall": wall, "cpu_a_submission": share})

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        once, cpu, wall = ours(work, given.lab, folder)
        row("a round's answers, once, and one submission", once, None, None)
        row(f"{given.students} submissions, {sandbox.strongest()}", cpu, wall, given.students)
        (folder / "plain").mkdir()
        cpu, wall = stock(course, work, given.lab, folder / "plain")
        row(f"{given.students} submissions, plain nbgrader", cpu, wall, given.students)
        solved = student_course(course, given.lab, folder)
        first, *warm = warm_check.seconds_of_checks(solved, given.task, given.repeat)
        row(f'check("{given.task}"), the first', None, first, None)
        row(f"the same, median of {len(warm)}", None, statistics.median(warm), None)
        row("the same, slowest", None, max(warm), None)
    Console(width=100).print(table)
    if given.out is not None:
        given.out.mkdir(parents=True, exist_ok=True)
        figures = {**machine.description(), "lab": given.lab, "task": given.task, "rows": rows}
        text = json.dumps(figures, indent=1) + "\n"
        (given.out / "grader.json").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
