"""Every operation of dltk, reported while it runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from dltk.autograd.state import state
from dltk.trace.run import Report


@contextmanager
def observe(report: Report) -> Iterator[None]:
    """Call `report(operation, operands, result)` after each operation of the block.

    Operations are reported inside of a `forward_ad.dual_level()`, where dltk takes its slower path
    anyway. What the report itself computes is not reported.
    """

    def once(name: str, inputs: Sequence[Any], params: tuple, result: Any) -> None:
        state.observer = None
        try:
            report(*_as_written(name, list(inputs), params), result)
        finally:
            state.observer = once

    before, state.observer = state.observer, once
    try:
        yield
    finally:
        state.observer = before


def _as_written(name: str, operands: list[Any], params: tuple) -> tuple[str, list[Any]]:
    """A primitive as the operation that a reader knows."""
    if name == "pow_number":
        return "pow", [*operands, *params]
    if name == "rsub":
        return "sub", operands[::-1]
    return name, operands
