"""Progress bars, on the error stream, gone when the work is done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from autograder.cli.common import errors


def bar() -> Progress:
    """A bar that says what is done, how many of how many, and for how long."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=errors,
        transient=True,
    )


@contextmanager
def parts_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A bar for work that tells a step and how many of how many parts of it are done."""
    with bar() as progress:
        shown = progress.add_task("", total=None)

        def told(step: str, done: int, total: int) -> None:
            progress.update(shown, description=step, completed=done, total=total)

        yield told
