"""Comparisons and logic; their results are boolean and have no derivative."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dltk.core import dtypes
from dltk.core.inplace import into
from dltk.core.located import located
from dltk.core.operands import placed, prepare
from dltk.core.tensor import Tensor, wrap
from dltk.layout.broadcast import broadcast_shapes
from dltk.ops.out import takes_out
from dltk.ops.pointwise import require_tensors, tensors_of


def _comparison(name: str, function: Callable, numbers: bool = True) -> Callable:
    def compare(input, other, *, out: Tensor | None = None) -> Tensor:
        if not numbers:
            require_tensors(name, input=input, other=other)
        operands, dtype = tensors_of(input, other)
        raws, strides = prepare(operands, dtype)
        result = placed(function(*raws), strides, dtypes.bool_)
        return result if out is None else into(out, result, operands)

    compare.__name__ = compare.__qualname__ = name
    compare.__doc__ = f"Elementwise comparison. As `torch.{name}`."
    return compare


eq = _comparison("eq", np.equal)
ne = _comparison("ne", np.not_equal)
lt = _comparison("lt", np.less)
le = _comparison("le", np.less_equal)
gt = _comparison("gt", np.greater)
ge = _comparison("ge", np.greater_equal)
logical_and = _comparison("logical_and", np.logical_and, numbers=False)
logical_or = _comparison("logical_or", np.logical_or, numbers=False)
logical_xor = _comparison("logical_xor", np.logical_xor, numbers=False)


@located
def predicate(input: Tensor, function: Callable) -> Tensor:
    """Booleans for each element, laid out in memory as the elements are."""
    raws, strides = prepare((input,), input.dtype)
    return placed(np.asarray(function(*raws))[()], strides, dtypes.bool_)


@takes_out(casts=True, elementwise=True)
def logical_not(input: Tensor) -> Tensor:
    """Whether each element is zero. As `torch.logical_not`."""
    return predicate(input, np.logical_not)


def _bitwise(name: str, function: Callable) -> Callable:
    @takes_out
    def combine(input, other) -> Tensor:
        operands, dtype = tensors_of(input, other)
        broadcast_shapes(*[tuple(each._raw.shape) for each in operands])
        if dtype.is_floating_point or (dtype is dtypes.bool_ and name.endswith("shift")):
            raise NotImplementedError(f'"{name}_cpu" not implemented for {dtype.name} tensors')
        raws, strides = prepare(operands, dtype)
        return placed(function(*raws), strides, dtype)

    combine.__name__ = combine.__qualname__ = name
    combine.__doc__ = f"On the bits of integers, or on booleans. As `torch.{name}`."
    return combine


bitwise_and = _bitwise("bitwise_and", np.bitwise_and)
bitwise_or = _bitwise("bitwise_or", np.bitwise_or)
bitwise_xor = _bitwise("bitwise_xor", np.bitwise_xor)
bitwise_left_shift = _bitwise("bitwise_left_shift", np.left_shift)
bitwise_right_shift = _bitwise("bitwise_right_shift", np.right_shift)


@takes_out(elementwise=True)
def bitwise_not(input: Tensor) -> Tensor:
    """Every bit inverted. As `torch.bitwise_not`."""
    if input.dtype.is_floating_point:
        title = dtypes.TITLES[input.dtype.name]
        raise NotImplementedError(f"\"bitwise_not_cpu\" not implemented for '{title}'")
    return wrap(np.invert(input._raw), input.dtype)


def inverted(input: Tensor) -> Tensor:
    """`~x`."""
    if input.dtype.is_floating_point:
        raise TypeError(f"~ works only on integer and boolean tensors, got {input.dtype}")
    return bitwise_not(input)


def isnan(input: Tensor) -> Tensor:
    """Whether each element is NaN. As `torch.isnan`."""
    return predicate(input, np.isnan)


def isinf(input: Tensor) -> Tensor:
    """Whether each element is infinite. As `torch.isinf`."""
    return predicate(input, np.isinf)


def isfinite(input: Tensor) -> Tensor:
    """Whether each element is neither NaN nor infinite. As `torch.isfinite`."""
    return predicate(input, np.isfinite)


@located
def isclose(
    input: Tensor, other: Tensor, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> Tensor:
    """|x - y| ≤ atol + rtol · |y|. As `torch.isclose`."""
    if input.dtype is not other.dtype:
        raise RuntimeError(f"{input.dtype} did not match {other.dtype}")
    (x, y), strides = prepare((input, other), input.dtype)
    close = np.asarray(np.isclose(x, y, rtol, atol, equal_nan))[()]
    return placed(close, strides, dtypes.bool_)


def allclose(
    input: Tensor, other: Tensor, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> bool:
    """Whether all elements are close. As `torch.allclose`."""
    return bool(isclose(input, other, rtol, atol, equal_nan)._raw.all())


def equal(input: Tensor, other: Tensor) -> bool:
    """Whether shape and elements are the same. As `torch.equal`."""
    return input._raw.shape == other._raw.shape and bool(np.all(input._raw == other._raw))


def is_tensor(value: Any) -> bool:
    """Whether `value` is a Tensor."""
    return isinstance(value, Tensor)
