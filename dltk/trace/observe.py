"""Every operation of dltk, reported while it runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from dltk.autograd.state import state
from dltk.trace.run import Recorder


class Observer:
    """What the dispatch of dltk talks to while a trace is recorded."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    def operation(self, name: str, inputs: Sequence[Any], params: tuple, result: Any) -> None:
        """An operation has run. What recording it computes is not reported in turn."""
        state.observer = None
        try:
            self.recorder.operation(*_as_written(name, list(inputs), params), result)
        finally:
            state.observer = self

    def same(self, tensor: Any, other: Any) -> None:
        """`other` now holds what `tensor` holds, as in an operation in place."""
        self.recorder.same(tensor, other)


@contextmanager
def observe(recorder: Recorder) -> Iterator[None]:
    """Report every operation of the block, which must be inside of a `forward_ad.dual_level()`.

    There dltk takes its slower path anyway, so that ordinary runs pay nothing for traces.
    """
    before, state.observer = state.observer, Observer(recorder)
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
