"""Powers."""

from __future__ import annotations

import numpy as np

from dltk.core.dtypes import INTEGER, get_default_dtype
from dltk.core.inplace import into
from dltk.core.operands import is_number, plain_number
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor
from dltk.ops.out import takes_out
from dltk.ops.pointwise import compute, refuse_booleans, tensors_of

__all__ = ["pow", "reciprocal", "square"]

_reciprocal = Primitive("reciprocal", "x", lambda ops, x: 1 / x, "ReciprocalBackward0")


def _power(ops, x, y):
    if x.dtype == bool:
        return x | ~y
    # NumPy's float32 power is two orders of magnitude slower than multiplying, and it refuses
    # negative powers of integers, for which torch gives what is left of 1 / xⁿ.
    if y.dtype.kind in "iu" and ops.xp.any(y < 0):
        power = x ** ops.xp.where(y < 0, y % 2, y)
        return ops.where(y < 0, ops.xp.where(ops.abs(x) == 1, power, 0), power)
    if getattr(y, "ndim", 1) == 0:
        if y == 2:
            return x * x
        if y == 3:
            return x * x * x
    return x**y


_pow_number = Primitive("pow_number", "x", lambda ops, x, y: _power(ops, x, y), "PowBackward0", "y")
_pow = Primitive("pow", "x y", _power, "PowBackward1")


@takes_out(casts=True, elementwise=True)
def reciprocal(input: Tensor) -> Tensor:
    """1 / x. As `torch.reciprocal`."""
    dtype = input.dtype if input.dtype.is_floating_point else get_default_dtype()
    return compute(_reciprocal, (input,), dtype)


@takes_out(casts=True, elementwise=True)
def square(input: Tensor) -> Tensor:
    """x². As `torch.square`."""
    return pow(input, 2)


def pow(input, exponent, *, out: Tensor | None = None) -> Tensor:
    """xʸ. As `torch.pow`."""
    if is_number(exponent):
        (x, y), dtype = tensors_of(input, exponent)
        if dtype.category == INTEGER and plain_number(exponent) < 0:
            raise RuntimeError("Integers to negative integer powers are not allowed.")
        if dtype.category == INTEGER and plain_number(exponent) > np.iinfo(dtype.numpy).max:
            raise RuntimeError(
                f"value cannot be converted to type {dtype.name} without overflow: {exponent}"
            )
        result = compute(_pow_number, (x,), dtype, (y._raw,))
    else:
        operands, dtype = tensors_of(input, exponent)
        refuse_booleans(dtype, "pow")
        result = compute(_pow, operands, dtype)
    return result if out is None else into(out, result, (input, exponent))
