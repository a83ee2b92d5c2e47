"""What the commands share: finding the course, one sentence for bad input, the consoles."""

import difflib
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from autograder.course import Course, CourseError, Lab

_PIPED_WIDTH = 140
console = Console(highlight=False, width=None if sys.stdout.isatty() else _PIPED_WIDTH)
errors = Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else _PIPED_WIDTH)


class Sentences(click.Group):
    """A group whose commands say what is wrong in one sentence.

    They exit with status 2, or with 1 where a file or folder cannot be read or written.
    """

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CourseError as problem:
            raise click.UsageError(str(problem)) from None
        except OSError as problem:
            if problem.filename is None:  # a closed pipe, or a defect of ours
                raise
            raise click.ClickException(f"{problem.filename}: {problem.strerror}.") from None


def did_you_mean(name: str, there_are: Iterable[str]) -> str:
    """A sentence that offers the nearest name, or nothing."""
    near = difflib.get_close_matches(name, list(there_are), 1, 0.5)
    return f" Did you mean {near[0]!r}?" if near else ""


def find_course() -> Course:
    """The course around the working directory."""
    return Course.find()


def find_lab(course: Course, name: str) -> Lab:
    """The lab of that name; a usage error lists the labs there are."""
    ids = [lab.id for lab in course.labs]
    if name in ids:
        return course.lab(name)
    raise click.UsageError(
        f"There is no lab {name!r}; there are {', '.join(ids)}.{did_you_mean(name, ids)}"
    )


def find_task(lab: Lab, name: str) -> str:
    """The id of a task of the lab that has checks, given with or without the lab's name."""
    ids = [task.id for task in lab.automatic_tasks]
    full = name if "." in name else f"{lab.id}.{name}"
    if full in ids:
        return full
    if any(task.id == full for task in lab.tasks):
        raise click.UsageError(f"{full} is marked by a person; it has no checks.")
    raise click.UsageError(
        f"{lab.id} has no task {name!r}; it has {', '.join(ids)}.{did_you_mean(full, ids)}"
    )


def shown_path(path: Path) -> str:
    """A path as people like it: relative to the working directory where it lies below."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
