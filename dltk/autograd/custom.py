"""What stands behind `autograd.Function`: its context and its node."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from dltk.autograd.graph import Node, edge_of
from dltk.core import tensor as core
from dltk.core.device import CPU, Device
from dltk.core.dispatch import attach
from dltk.core.tensor import Tensor
from dltk.core.view import CopySlices


class Context:
    """The `ctx` of a Function: what `forward` keeps for `backward` and `jvp`.

    Attributes: `needs_input_grad`, one flag for each argument; `saved_tensors`, what
    `save_for_backward` kept, and inside of `jvp` what `save_for_forward` kept. Anything else may
    be set on it.
    """

    def __init__(self, function: Any, args: tuple):
        self._function = function
        self._saved: list[tuple[Tensor | None, int]] = []
        self._for_forward: tuple = ()
        self._forward_mode = False
        self._freed = False
        self._dirty: tuple = ()
        self._non_differentiable: tuple = ()
        self._materialize = True
        if any(isinstance(each, Tensor) and each._tangents for each in args):
            raise NotImplementedError(
                f"forward-mode differentiation of {function.__name__} is not in dltk's scope; "
                "differentiate it in reverse mode"
            )
        self.needs_input_grad = tuple(
            [isinstance(each, Tensor) and each.requires_grad for each in args]
        )

    def save_for_backward(self, *tensors) -> None:
        """Keep tensors for `backward`, which notices when they are written to meanwhile."""
        for each in tensors:
            if each is not None and not isinstance(each, Tensor):
                raise TypeError(
                    f"save_for_backward can only save variables, but got {type(each).__name__}"
                )
        self._saved = [(each, 0 if each is None else each._version) for each in tensors]

    def save_for_forward(self, *tensors) -> None:
        """Keep tensors for `jvp`."""
        self._for_forward = tensors

    @contextmanager
    def in_forward_mode(self) -> Iterator[None]:
        """While `jvp` runs, the saved tensors are those that were kept for it."""
        self._forward_mode = True
        try:
            yield
        finally:
            self._forward_mode = False

    @property
    def saved_tensors(self) -> tuple:
        from dltk.autograd.function import unpack
        from dltk.autograd.leaves import check_alive

        if self._forward_mode:
            return self._for_forward
        if self._freed:
            check_alive(_Freed)
        return unpack(self._saved)

    def mark_non_differentiable(self, *tensors) -> None:
        """Say that these outputs have no gradient."""
        self._non_differentiable = tensors

    def mark_dirty(self, *tensors) -> None:
        """Say that these inputs were written to."""
        self._dirty = tensors

    def set_materialize_grads(self, value: bool) -> None:
        """Whether `backward` gets zeros, instead of `None`, for outputs nothing arrived at."""
        self._materialize = value


class _Freed:
    freed = True


class FunctionNode(Node):
    """The node of a Function."""

    on_device = False

    def __init__(self, context: Context, args: tuple):
        super().__init__(
            tuple(
                [
                    edge_of(each) if isinstance(each, Tensor) and each.requires_grad else None
                    for each in args
                ]
            )
        )
        self.context = context
        self.origins = [
            (tuple(each._raw.shape), each._raw.dtype) if isinstance(each, Tensor) else None
            for each in args
        ]
        self.slots = 1
        self.outputs: list[tuple[tuple[int, ...], Any, Device]] = []

    def name(self) -> str:
        return f"{self.context._function.__name__}Backward"

    @property
    def saved_tensors(self) -> tuple:
        return self.context.saved_tensors

    def free(self) -> None:
        if self.context._saved:
            self.context._saved = []
            self.context._freed = True

    def pull(self, gradients: list, run) -> list:
        from dltk.autograd.function import match_arguments

        context = self.context
        given = [None if each is None else run.to_tensor(each) for each in gradients]
        if context._materialize:
            given = [
                core.from_array(np.zeros(shape, dtype), device=device) if each is None else each
                for each, (shape, dtype, device) in zip(given, self.outputs, strict=True)
            ]
        returned = context._function.backward(context, *given)
        matched = match_arguments(returned, context.needs_input_grad)
        return [self._fitted(number, each, run) for number, each in enumerate(matched)]

    def _fitted(self, number: int, gradient: Any, run) -> Any:
        """The gradient of argument `number` in the argument's shape and dtype.

        Raises:
            RuntimeError: it is no tensor, or of a shape that cannot have come from the argument's.
        """
        origin = self.origins[number]
        if gradient is None or origin is None:
            return None
        if not isinstance(gradient, Tensor):
            raise RuntimeError(
                f"expected Variable or None (got {type(gradient).__name__}) as gradient {number} "
                f"that {self.context._function.__name__}.backward returned"
            )
        shape, dtype = origin
        given = tuple(gradient._raw.shape)
        if given != shape and not _expands_to(shape, given):
            raise RuntimeError(
                f"Function {self.name()} returned an invalid gradient at index {number} - got "
                f"{list(given)} but expected shape compatible with {list(shape)}"
            )
        return run.fit(run.from_tensor(gradient), shape, dtype)


def _expands_to(shape: tuple[int, ...], larger: tuple[int, ...]) -> bool:
    """Whether broadcasting makes `larger` out of `shape`."""
    if len(shape) > len(larger):
        return False
    trailing = larger[len(larger) - len(shape) :]
    return all(size in (1, other) for size, other in zip(shape, trailing, strict=True))


def connect(output: Any, node: FunctionNode, slot: int, args: tuple) -> Any:
    """`output` number `slot` of a Function as a result of `node`."""
    node.slots = max(node.slots, slot + 1)
    if not isinstance(output, Tensor):
        node.outputs.append(((), "float32", CPU))
        return output
    node.outputs.append((tuple(output._raw.shape), output._raw.dtype, output.device))
    context = node.context
    if not output.dtype.is_floating_point or _among(output, context._non_differentiable):
        return output
    if not _among(output, args):
        attach(output, node, slot)
        return output
    result = core.alias(output)
    attach(result, node, slot)
    return _written(output, result) if _among(output, context._dirty) else result


def _written(target: Tensor, result: Any) -> Tensor:
    """`target`, which a Function wrote to, with the history of `result`.

    Raises:
        RuntimeError: it is a leaf that requires a gradient, or a view of one.
    """
    base = target if target._view is None else target._view.base
    if base.is_leaf and base.requires_grad:
        raise RuntimeError(
            "a leaf Variable that requires grad has been used in an in-place operation."
        )
    if base is target:
        attach(target, result._node, result._slot)
    else:
        attach(base, CopySlices(base, target, result))
    target._alias().version += 1
    return target


def _among(tensor: Tensor, tensors) -> bool:
    return any(tensor is each for each in tensors)
