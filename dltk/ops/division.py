"""Quotients, exact or rounded to whole numbers, and remainders."""

from __future__ import annotations

from typing import Any

import numpy as np

from dltk.autograd.refused import not_differentiable
from dltk.core.dtypes import INTEGER, DType
from dltk.core.inplace import into
from dltk.core.located import located
from dltk.core.operands import common_dtype, is_number, placed, plain_number, prepare
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor
from dltk.ops.pointwise import binary, compute, refuse_booleans, tensors_of, true_div

__all__ = ["div", "floor_divide", "fmod", "remainder"]


def _rounded(ops, x, y, mode, number):
    return ops.xp.floor_divide(x, y) if mode == "floor" else ops.trunc(x / y)


_div_rounded = Primitive(
    "div_rounded",
    "x y",
    _rounded,
    lambda mode, number: f"DivBackward{3 if number else 2}",
    "mode number",
)

_remainder = Primitive("remainder", "x y", lambda ops, x, y: x % y, "RemainderBackward1")
_fmod = Primitive("fmod", "x y", lambda ops, x, y: ops.xp.fmod(x, y), "FmodBackward1")
_modulo = binary("remainder", "x modulo y, with the sign of y.", _remainder)
_truncated_modulo = binary("fmod", "x modulo y, with the sign of x.", _fmod)


def div(input, other, *, rounding_mode: str | None = None, out: Tensor | None = None) -> Tensor:
    """x / y, or rounded towards zero (`"trunc"`) or down (`"floor"`). As `torch.div`."""
    if rounding_mode is None:
        return true_div(input, other, out=out)
    if rounding_mode not in ("floor", "trunc"):
        raise RuntimeError(
            "div expected rounding_mode to be one of None, 'trunc', or 'floor' but found "
            f"'{rounding_mode}'"
        )
    operands, dtype = tensors_of(input, other)
    refuse_booleans(dtype, f"div_{rounding_mode}")
    if dtype.is_floating_point:
        result = compute(_div_rounded, operands, dtype, (rounding_mode, is_number(other)))
    else:
        result = _whole(operands, dtype, rounding_mode)
    return result if out is None else into(out, result, operands)


def floor_divide(input, other, *, out: Tensor | None = None) -> Tensor:
    """x / y rounded down. As `torch.floor_divide`, which has no derivative."""
    operands, dtype = tensors_of(input, other)
    refuse_booleans(dtype, "div_floor")
    if dtype.is_floating_point:
        raws, strides = prepare(operands, dtype)
        raw = np.asarray(np.floor_divide(*raws))[()]
        result = not_differentiable(placed(raw, strides, dtype), operands, "floor_divide")
    else:
        result = _whole(operands, dtype, "floor")
    return result if out is None else into(out, result, operands)


@located
def _whole(operands: tuple[Tensor, ...], dtype: DType, mode: str) -> Tensor:
    """The rounded quotient of integers."""
    assert dtype.category == INTEGER
    (x, y), strides = prepare(operands, dtype)
    if x.size and not np.all(y):
        raise RuntimeError("ZeroDivisionError")
    raw = x // y
    if mode == "trunc":
        raw = raw + ((x % y != 0) & ((x < 0) != (y < 0)))
    return placed(np.asarray(raw).astype(dtype.numpy)[()], strides, dtype)


def remainder(input, other, *, out: Tensor | None = None) -> Tensor:
    """x modulo y, with the sign of y. As `torch.remainder`."""
    _check_divisible(input, other, "remainder")
    return _modulo(input, other, out=out)


def fmod(input, other, *, out: Tensor | None = None) -> Tensor:
    """x modulo y, with the sign of x. As `torch.fmod`."""
    _check_divisible(input, other, "fmod")
    return _truncated_modulo(input, other, out=out)


def _check_divisible(input: Any, other: Any, name: str) -> None:
    """Refuse booleans, and integers over zero."""
    dtype = common_dtype(_operand(input), _operand(other))
    refuse_booleans(dtype, name)
    nothing = any(isinstance(each, Tensor) and not each.numel() for each in (input, other))
    if dtype.category == INTEGER and not nothing and not np.all(getattr(other, "_raw", other)):
        raise RuntimeError("ZeroDivisionError")


def _operand(value: Any) -> Any:
    return value if isinstance(value, Tensor) else plain_number(value)
