"""Questions about shapes and dtypes of results."""

from __future__ import annotations

from typing import Any

from dltk.core.dtypes import INTEGER, DType
from dltk.core.operands import common_dtype, plain_number
from dltk.core.tensor import Size, Tensor
from dltk.layout import broadcast, promotion


def promote_types(type1: DType, type2: DType) -> DType:
    """The smallest dtype that holds values of both. As `torch.promote_types`."""
    return promotion.promote_types(type1, type2)


def result_type(tensor1: Any, tensor2: Any) -> DType:
    """The dtype of an operation on tensors or numbers. As `torch.result_type`."""
    operands = [
        each if isinstance(each, Tensor) else plain_number(each) for each in (tensor1, tensor2)
    ]
    return common_dtype(*operands)


def can_cast(from_: DType, to: DType) -> bool:
    """Whether an in-place result of dtype `from_` may go into `to`. As `torch.can_cast`."""
    if from_.category == to.category == INTEGER:
        return True
    return from_.category <= to.category


def broadcast_shapes(*shapes: Any) -> Size:
    """The common shape of several shapes. As `torch.broadcast_shapes`."""
    found = [(each,) if isinstance(each, int) else tuple(each) for each in shapes]
    return Size(broadcast.broadcast_shapes(*found))


def broadcast_to(input: Tensor, size: Any) -> Tensor:
    """A view stretched to `size`. As `torch.broadcast_to`."""
    return input.expand(size)


def numel(input: Tensor) -> int:
    """The number of elements. As `torch.numel`."""
    return input._raw.size
