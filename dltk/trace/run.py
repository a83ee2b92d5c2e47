"""Running a function so that its operations are written down.

What differs between dltk and torch is a `Source`: the namespace, and a context in which every
operation is reported. Everything else here is the same for both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

import numpy as np

from dltk.trace.forward import ForwardTrace
from dltk.trace.rows import number


class Source(NamedTuple):
    """Where operations run: `lib` (dltk or torch) and `observe(recorder)`, a context manager."""

    lib: Any
    observe: Callable[[Recorder], AbstractContextManager]


class Run(NamedTuple):
    """A finished run: its inputs, its result, and the trace with the tensors' names."""

    inputs: list[Any]
    result: Any
    trace: ForwardTrace


def as_tensors(lib: Any, values: Sequence[Any]) -> list[Any]:
    """Tensors as they are; numbers and lists as float64."""
    return [
        value if isinstance(value, lib.Tensor) else lib.tensor(value, dtype=lib.float64)
        for value in values
    ]


def input_names(count: int, names: Sequence[str] | None) -> list[str]:
    """The names given, or `x1`, `x2` …; `ValueError` where they are not as many as the inputs."""
    if names is None:
        return ["x"] if count == 1 else [f"x{i}" for i in range(1, count + 1)]
    if len(names) != count:
        raise ValueError(f"{count} inputs need {count} names, got {len(names)}: {list(names)}")
    return list(names)


class Recorder:
    """Writes rows of a trace for the operations that are reported to it."""

    def __init__(self, lib: Any, trace: ForwardTrace, with_tangents: bool) -> None:
        self.lib = lib
        self.trace = trace
        self.with_tangents = with_tangents

    def start(self, tensor: Any, name: str) -> None:
        """The row of an input."""
        self.trace.record("", [], tensor, *self._arrays(tensor), text=name)

    def operation(self, name: str, operands: Sequence[Any], result: Any) -> None:
        """The row of an operation, if it works on something the trace knows.

        operands: tensors and Python numbers; result: the tensor that came out.
        """
        if any(self._known(each) for each in operands):
            shown = [each if self._known(each) else constant(each) for each in operands]
            self.trace.record(name, shown, result, *self._arrays(result))

    def same(self, tensor: Any, other: Any) -> None:
        """From now on `other` has the name of `tensor`."""
        if tensor in self.trace.names:
            self.trace.names[other] = self.trace.names[tensor]

    def _known(self, operand: Any) -> bool:
        return isinstance(operand, self.lib.Tensor) and operand in self.trace.names

    def _arrays(self, tensor: Any) -> tuple[np.ndarray, np.ndarray | None]:
        primal, tangent = self.lib.autograd.forward_ad.unpack_dual(tensor)
        value = as_array(primal)
        if not self.with_tangents:
            return value, None
        return value, np.zeros_like(value) if tangent is None else as_array(tangent)


def observed(
    source: Source,
    function: Callable,
    primals: Sequence[Any],
    tangents: Sequence[Any] | None,
    names: Sequence[str] | None,
    requires_grad: bool = False,
) -> Run:
    """Run `function` on the primals, with the tangents or none, and record every operation."""
    forward_ad = source.lib.autograd.forward_ad
    trace = ForwardTrace(len(primals))
    recorder = Recorder(source.lib, trace, tangents is not None)
    with forward_ad.dual_level():
        inputs = [each.detach().clone().requires_grad_(requires_grad) for each in primals]
        if tangents is not None:
            pairs = zip(inputs, tangents, strict=True)
            inputs = [forward_ad.make_dual(primal, tangent) for primal, tangent in pairs]
        for tensor, name in zip(inputs, input_names(len(primals), names), strict=True):
            recorder.start(tensor, name)
        with source.observe(recorder):
            result = function(*inputs)
    if not isinstance(result, source.lib.Tensor):
        raise TypeError(f"a traced function returns one tensor, got {type(result).__name__}")
    return Run(inputs, result, trace)


def as_array(tensor: Any) -> np.ndarray:
    return np.array(tensor.detach().tolist(), dtype=str(tensor.dtype).rpartition(".")[2])


def constant(operand: Any) -> str:
    """A constant as it stands in an expression: a number, or the shape of a larger tensor."""
    if isinstance(operand, str | int | float | bool):
        return number(operand) if isinstance(operand, float) else str(operand)
    if operand.numel() == 1:
        return number(operand.item())
    return f"constant{list(operand.shape)}"
