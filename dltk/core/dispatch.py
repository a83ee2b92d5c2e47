"""How an operation runs: the kernel, then a node if it is recorded, then the tangents."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dltk.autograd.graph import Node, PrimitiveNode
from dltk.autograd.modes import should_record
from dltk.autograd.state import state, tracking
from dltk.backends import cpu
from dltk.core.dtypes import DType
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor, wrap


def apply(
    primitive: Primitive, inputs: tuple[Tensor, ...], params: tuple = (), dtype: DType | None = None
) -> Tensor:
    """The result of `primitive` on `inputs`, with its place in the graph and its tangents."""
    raw = primitive.kernel(cpu.ops, *[each._raw for each in inputs], *params)
    return finish(primitive, inputs, params, wrap(raw, dtype))


def finish(
    primitive: Primitive, inputs: tuple[Tensor, ...], params: tuple, result: Tensor
) -> Tensor:
    """Give `result`, whose elements are there, its node and its tangents."""
    node = None
    if tracking.on and result.dtype.is_floating_point and should_record(inputs):
        node = PrimitiveNode(primitive, inputs, params)
        node.keep(inputs, result)
        attach(result, node)
    if state.levels:
        from dltk.autograd.forward_ad import carry

        with_tangents(
            primitive.name, inputs, params, result, lambda: carry(primitive, inputs, params, result)
        )
        if node is not None:
            node.save_tangents(result)
    return result


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
