"""Evaluation traces of functions written for torch, by the machinery of `dltk.trace`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

# Names of torch's functions that differ from those of the operations they run.
ALIASES = {
    "absolute": "abs",
    "divide": "div",
    "floordiv": "floor_divide",
    "multiply": "mul",
    "negative": "neg",
    "subtract": "sub",
    "true_divide": "div",
    "truediv": "div",
}
# What reads a tensor and computes nothing new.
SILENT = {"detach", "requires_grad_", "_make_dual", "_unpack_dual"}


class _Reporter(TorchFunctionMode):
    def __init__(self, recorder: Any) -> None:
        super().__init__()
        self.recorder = recorder

    def __torch_function__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        operation, reflected = operation_name(function)
        if operation not in SILENT:
            operands = [each for each in args if isinstance(each, torch.Tensor | int | float)]
            if args and isinstance(args[0], list | tuple):
                operands = [each for each in args[0] if isinstance(each, torch.Tensor)]
            if reflected:
                operands.reverse()
            for output in result if isinstance(result, tuple) else (result,):
                if isinstance(output, torch.Tensor) and output.is_floating_point():
                    self.recorder.operation(operation, operands, output)
        return result


def operation_name(function: Any) -> tuple[str, bool]:
    """The operation's name as dltk has it, and whether the operands come in reverse order."""
    name = getattr(function, "__name__", "")
    if name == "__get__":
        return getattr(function.__self__, "__name__", ""), False
    reflected = name.startswith("__r") and name not in ("__repr__", "__round__")
    name = name.strip("_")
    if reflected:
        name = name.removeprefix("r")
    elif name == "rsub":
        return "sub", True
    return ALIASES.get(name, name), reflected


@contextmanager
def observe(recorder: Any) -> Iterator[None]:
    """Report each operation of torch in the block to a `dltk.trace.run.Recorder`."""
    with _Reporter(recorder):
        yield


def forward_trace(function, primals, tangents=None, names=None):
    """`dltk.trace.forward_trace` for a function written for torch."""
    from dltk.trace import Source
    from dltk.trace.evaluation import evaluate

    return evaluate(Source(torch, observe), function, primals, tangents, names)


def reverse_trace(function, primals, cotangent=None, names=None):
    """`dltk.trace.reverse_trace` for a function written for torch."""
    from dltk.trace import Source
    from dltk.trace.adjoint import reverse

    return reverse(Source(torch, observe), function, primals, cotangent, names)
