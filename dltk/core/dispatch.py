"""How an operation runs: the kernel, then a node if it is recorded, then the tangents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dltk.autograd.graph import Node
from dltk.autograd.modes import should_record
from dltk.autograd.primitive_node import PrimitiveNode
from dltk.autograd.state import state, tracking
from dltk.backends import cpu, registry
from dltk.backends.use import use
from dltk.core.dtypes import DType
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor, wrap


def apply(
    primitive: Primitive, inputs: tuple[Tensor, ...], params: tuple = (), dtype: DType | None = None
) -> Tensor:
    """The result of `primitive` on `inputs`, with its place in the graph and its tangents."""
    raws = [each._raw for each in inputs]
    if use.elsewhere:
        raw = registry.run(primitive.kernel, raws, params)
    else:
        raw = primitive.kernel(cpu.ops, *raws, *params)
    return finish(primitive, inputs, params, wrap(raw, dtype))


def finish(
    primitive: Primitive, inputs: tuple[Tensor, ...], params: tuple, result: Tensor
) -> Tensor:
    """Give `result`, whose elements are there, its node and its tangents."""
    if tracking.on and should_record(inputs) and result.dtype.is_floating_point:
        result._node = node = PrimitiveNode(primitive, inputs, params, result)
        result._requires_grad = True
        node.keep_origins(inputs, result)
        if use.elsewhere:
            node.devices = [each.device for each in inputs]
    if tracking.forward and state.levels:
        _carry_tangents(primitive, inputs, params, result)
    return result


def pair_operator(
    primitive: Primitive, compute: Callable, floats_only: bool, otherwise: Callable
) -> Callable:
    """A pointwise `primitive` on a tensor and anything; `compute(x, y)` works on raw operands.

    Two tensors of one dtype and shape, both row-major, need nothing promoted, broadcast or laid
    out. On small tensors asking for that costs more than computing (a chain of 1,000 numbers took
    3 times as long), so here nothing is asked, and what `wrap` and `finish` do stands in one piece.
    Everything else is left to `otherwise`, integers too if `floats_only`.
    """

    def operate(input: Tensor, other: Any) -> Any:
        if isinstance(other, Tensor):
            dtype = input.dtype
            if other.dtype is dtype and (dtype.is_floating_point or not floats_only):
                x, y = input._raw, other._raw
                if x.shape == y.shape and input._strides is None and other._strides is None:
                    result = Tensor()
                    result._raw = compute(x, y)
                    result.dtype = dtype
                    inputs = (input, other)
                    if tracking.on and should_record(inputs):
                        result._node = PrimitiveNode(primitive, inputs, (), result)
                        result._requires_grad = True
                    if tracking.forward:
                        _finish_rest(primitive, inputs, result)
                    return result
        return otherwise(input, other)

    return operate


def _finish_rest(primitive: Primitive, inputs: tuple[Tensor, ...], result: Tensor) -> None:
    """What is left to do for a result where forward mode or another device is in use."""
    if use.elsewhere and result._node is not None:
        result._node.devices = [each.device for each in inputs]
    if state.levels:
        _carry_tangents(primitive, inputs, (), result)


def _carry_tangents(
    primitive: Primitive, inputs: tuple[Tensor, ...], params: tuple, result: Tensor
) -> None:
    from dltk.autograd.forward_ad import carry

    with_tangents(
        primitive.name, inputs, params, result, lambda: carry(primitive, inputs, params, result)
    )
    if isinstance(result._node, PrimitiveNode):
        result._node.save_tangents(result)


def with_tangents(
    name: str, inputs: Sequence[Tensor], params: tuple, result: Tensor, carry: Callable[[], None]
) -> None:
    """Let `carry` compute the tangents of `result`, then tell the observer of the operation.

    What computes the tangents belongs to the operation and is not reported itself.
    """
    observer, state.observer = state.observer, None
    try:
        carry()
    finally:
        state.observer = observer
    if observer is not None:
        observer.operation(name, inputs, params, result)


def attach(result: Tensor, node: Node, slot: int = 0) -> None:
    """Make `result` output number `slot` of `node`."""
    result._node, result._slot, result._requires_grad = node, slot, True
