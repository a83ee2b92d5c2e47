"""Each element from one of two tensors."""

from __future__ import annotations

from typing import Any

from dltk.autograd.primitive_node import watch
from dltk.backends import cpu
from dltk.core import dtypes
from dltk.core.dispatch import finish
from dltk.core.operands import placed, prepare, stretched
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor
from dltk.layout.broadcast import broadcast_shapes
from dltk.ops.out import takes_out
from dltk.ops.pointwise import tensors_of

__all__ = ["where"]

_where = Primitive(
    "where",
    "x y",
    lambda ops, x, y, condition: ops.where(condition, x, y),
    "WhereBackward0",
    "condition",
)


@takes_out(elementwise=True)
def where(condition: Tensor, input=None, other=None) -> Any:
    """x where `condition` holds, else y; without x and y, the indices. As `torch.where`."""
    if input is None and other is None:
        return condition.nonzero(as_tuple=True)
    if condition.dtype is not dtypes.bool_:
        raise RuntimeError(
            f"where expected condition to be a boolean tensor, but got dtype {condition.dtype}"
        )
    operands, dtype = tensors_of(input, other)
    shape = broadcast_shapes(condition._raw.shape, *[each._raw.shape for each in operands])
    mask = condition._raw if condition._raw.shape == shape else stretched(condition, shape)
    raws, strides = prepare(operands, dtype)
    if strides is not None:
        # The condition is an operand too, and the first to say which dimension lies innermost.
        strides = prepare((condition, *operands), dtype)[1]
    raw = _where.kernel(cpu.ops, *raws, mask)
    return watch(finish(_where, operands, (mask,), placed(raw, strides, dtype)), condition)
