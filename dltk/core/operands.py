"""Bringing the operands of a pointwise operation to one dtype and one shape."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dltk.backends.registry import backend_of
from dltk.core import dtypes
from dltk.core.dtypes import DType
from dltk.core.memory_format import pointwise_strides
from dltk.core.storage import Storage, numel
from dltk.core.tensor import Tensor, over, wrap
from dltk.layout import promotion
from dltk.layout.broadcast import broadcast_shapes, expand_strides
from dltk.layout.promotion import DIMENSIONED, NUMBER, ZERO_DIM
from dltk.layout.strides import contiguous_strides

Number = bool | int | float


def common_dtype(*operands: Tensor | Number) -> DType:
    """The dtype that an operation on tensors and Python numbers computes in."""
    first = operands[0]
    if isinstance(first, Tensor):
        for each in operands[1:]:
            same = (
                each.dtype is first.dtype
                if isinstance(each, Tensor)
                else dtypes.PYTHON_TYPES[type(each)].category <= first.dtype.category
            )
            if not same:
                break
        else:
            return first.dtype
    found = promotion.result_type([_ranked(each) for each in operands])
    assert found is not None
    return found


def _ranked(operand: Tensor | Number) -> tuple[DType, int]:
    if isinstance(operand, Tensor):
        return operand.dtype, DIMENSIONED if operand._raw.ndim else ZERO_DIM
    found = dtypes.PYTHON_TYPES.get(type(operand))
    if found is None:
        raise TypeError(f"expected a Tensor or a number, got {type(operand).__name__}")
    return found, NUMBER


def is_number(value: Any) -> bool:
    return isinstance(value, bool | int | float | np.number | np.bool_)


def plain_number(value: Any) -> Number:
    return value.item() if isinstance(value, np.generic) else value


def constant(value: Number, dtype: DType) -> Tensor:
    """A Python number as a tensor without dimensions."""
    if dtype.category == dtypes.INTEGER:
        return wrap(np.asarray(value).astype(dtype.numpy)[()], dtype)
    return wrap(dtype.numpy.type(value), dtype)


def element(value: Number, dtype: DType) -> Any:
    """A Python number as an element of `dtype`, to be written.

    Raises:
        RuntimeError: it is beyond what `dtype` holds. Only a negative integer wraps around, if
            its size fits an unsigned dtype.
    """
    number = plain_number(value)
    if dtype.category != dtypes.BOOL and not _fits(number, dtype):
        raise RuntimeError(
            f"value cannot be converted to type {dtype.name} without overflow: {number}"
        )
    return np.asarray(number).astype(dtype.numpy)[()]


def _fits(number: Number, dtype: DType) -> bool:
    if dtype.is_floating_point:
        return not math.isfinite(number) or abs(number) <= float(np.finfo(dtype.numpy).max)
    limits = np.iinfo(dtype.numpy)
    wraps = isinstance(number, int) and not dtype.is_signed
    return (-limits.max if wraps else limits.min) <= number <= limits.max


def stretched(tensor: Tensor, shape: tuple[int, ...]) -> np.ndarray:
    """The elements of `tensor` broadcast to `shape` through strides of 0."""
    strides = expand_strides(tuple(tensor._raw.shape), tensor._layout_strides(), shape)
    return tensor._alias().walk(shape, strides, tensor._offset)


def prepare(operands: tuple[Tensor, ...], dtype: DType) -> tuple[list, tuple[int, ...] | None]:
    """Raw operands of one dtype and shape, and the result's strides where not row-major."""
    first = operands[0]._raw.shape
    raws = [each._raw for each in operands]
    shapes = [raw.shape for raw in raws]
    shape = first
    if any(each != first for each in shapes):
        shape = broadcast_shapes(*shapes)
        raws = [
            each._raw if each._raw.shape == shape or each._raw.ndim == 0 else stretched(each, shape)
            for each in operands
        ]
    raws = [raw if raw.dtype == dtype.numpy else raw.astype(dtype.numpy) for raw in raws]
    if len(shape) < 2 or all(each.is_contiguous() for each in operands):
        return raws, None
    strides = pointwise_strides(
        shape,
        [
            each._layout_strides()
            if each._raw.shape == shape
            else expand_strides(tuple(each._raw.shape), each._layout_strides(), shape)
            for each in operands
            if each._raw.ndim
        ],
    )
    return raws, None if strides == contiguous_strides(shape) else strides


def laid_out_like(input: Tensor, raw: Any, dtype: DType) -> Tensor:
    """Fresh elements in the order in memory that those of `input` have."""
    if raw.ndim < 2 or input.is_contiguous():
        return wrap(raw if raw.ndim else raw[()], dtype)
    return placed(raw, pointwise_strides(tuple(raw.shape), [input._layout_strides()]), dtype)


def placed(raw: Any, strides: tuple[int, ...] | None, dtype: DType) -> Tensor:
    """A tensor around `raw`, laid out with `strides` where they are not row-major."""
    if strides is None:
        return wrap(raw, dtype)
    result = over(
        Storage(backend_of(raw).allocate((numel(raw.shape),), dtype.numpy)),
        raw.shape,
        strides,
        0,
        dtype,
    )
    result._raw[...] = raw
    return result
