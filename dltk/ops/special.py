"""Less frequent functions of one element, and of two."""

from __future__ import annotations

from typing import Any

import numpy as np

from dltk.core import dtypes
from dltk.core.dtypes import get_default_dtype
from dltk.core.inplace import in_place
from dltk.core.operands import is_number
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor
from dltk.ops.compare import predicate
from dltk.ops.out import takes_out, without_out
from dltk.ops.pointwise import binary, compute, sign_of, tensors_of, unary
from dltk.ops.powers import pow

__all__ = [
    "acosh", "asinh", "atan2", "atanh", "copysign", "deg2rad", "exp2", "float_power", "fmax",
    "fmin", "frac", "hypot", "ldexp", "log10", "logaddexp", "logaddexp2", "logit", "nan_to_num",
    "positive", "rad2deg", "sgn", "signbit", "sinc", "xlogy",
]  # fmt: skip


def _of(name: str):
    return lambda ops, *operands: getattr(ops.xp, name)(*operands)


acosh = unary("acosh", "arcosh x.", _of("arccosh"), "AcoshBackward0", floats=True)
asinh = unary("asinh", "arsinh x.", _of("arcsinh"), "AsinhBackward0", floats=True)
atanh = unary("atanh", "artanh x.", _of("arctanh"), "AtanhBackward0", floats=True)
exp2 = unary("exp2", "2ˣ.", _of("exp2"), "Exp2Backward0", floats=True)
log10 = unary("log10", "log₁₀ x.", _of("log10"), "Log10Backward0", floats=True)
sinc = unary("sinc", "sin(πx) / (πx), 1 at 0.", _of("sinc"), "SincBackward0", floats=True)
deg2rad = unary("deg2rad", "Degrees in radians.", _of("deg2rad"), "Deg2RadBackward0", floats=True)
rad2deg = unary("rad2deg", "Radians in degrees.", _of("rad2deg"), "Rad2DegBackward0", floats=True)
sgn = unary("sgn", "-1, 0 or 1.", sign_of, "SgnBackward0", exact=True)
_frac = unary("frac", "x - trunc x.", lambda ops, x: x - ops.trunc(x), "FracBackward0")

atan2 = binary(
    "atan2",
    "The angle of the point (y, x), in radians.",
    Primitive("atan2", "x y", _of("arctan2"), "Atan2Backward0"),
    numbers=False,
    floats=True,
)
_hypot = binary(
    "hypot", "√(x² + y²).", Primitive("hypot", "x y", _of("hypot"), "HypotBackward0"), numbers=False
)
fmax = binary(
    "fmax",
    "The larger of x and y, the other one where one is NaN.",
    Primitive("fmax", "x y", _of("fmax"), "FmaxBackward0"),
    numbers=False,
)
fmin = binary(
    "fmin",
    "The smaller of x and y, the other one where one is NaN.",
    Primitive("fmin", "x y", _of("fmin"), "FminBackward0"),
    numbers=False,
)
_logaddexp = binary(
    "logaddexp",
    "ln(eˣ + eʸ).",
    Primitive("logaddexp", "x y", _of("logaddexp"), "LogaddexpBackward0"),
    numbers=False,
)
_logaddexp2 = binary(
    "logaddexp2",
    "log₂(2ˣ + 2ʸ).",
    Primitive("logaddexp2", "x y", _of("logaddexp2"), "Logaddexp2Backward0"),
    numbers=False,
)


def _copysign_node(number: bool) -> str:
    return "CopysignBackward1" if number else "CopysignBackward0"


_copysign = Primitive(
    "copysign", "x y", lambda ops, x, y, number: ops.xp.copysign(x, y), _copysign_node, "number"
)


def _x_log_y(ops, x, y, node):
    found = ops.where(x == 0, 0 * x, x * ops.log(y))
    return ops.where(ops.isnan(y), y, found)


_xlogy = Primitive("xlogy", "x y", _x_log_y, lambda node: node, "node")
_ldexp = Primitive("ldexp", "x y", lambda ops, x, y: x * 2.0**y, "LdexpBackward0")
_nan_to_num = Primitive(
    "nan_to_num",
    "x",
    lambda ops, x, nan, posinf, neginf: ops.xp.nan_to_num(x, True, nan, posinf, neginf),
    "NanToNumBackward0",
    "nan posinf neginf",
)
_logit = Primitive(
    "logit",
    "x",
    lambda ops, x, low, high: ops.log(
        ops.xp.clip(x, low, high) / (1 - ops.xp.clip(x, low, high))
    ) if low is not None else ops.log(x / (1 - x)),
    "LogitBackward0",
    "low high",
)  # fmt: skip


def _refuse_integers(name: str, *operands: Any) -> None:
    if not any(isinstance(each, Tensor) and each.dtype.is_floating_point for each in operands):
        found = ", ".join(str(getattr(each, "dtype", type(each).__name__)) for each in operands)
        raise NotImplementedError(f'"{name}_cpu" not implemented for {found}')


@takes_out(elementwise=True)
def frac(input: Tensor) -> Tensor:
    """What is behind the decimal point. As `torch.frac`."""
    _refuse_integers("frac", input)
    return _frac(input)


@takes_out(casts=True, elementwise=True)
def hypot(input: Tensor, other: Tensor) -> Tensor:
    """√(x² + y²) without overflow. As `torch.hypot`."""
    _refuse_integers("hypot", input, other)
    return _hypot(input, other)


@takes_out(casts=True, elementwise=True)
def logaddexp(input: Tensor, other: Tensor) -> Tensor:
    """ln(eˣ + eʸ) without overflow. As `torch.logaddexp`."""
    _refuse_integers("logaddexp", input, other)
    return _logaddexp(input, other)


@takes_out(casts=True, elementwise=True)
def logaddexp2(input: Tensor, other: Tensor) -> Tensor:
    """log₂(2ˣ + 2ʸ) without overflow. As `torch.logaddexp2`."""
    _refuse_integers("logaddexp2", input, other)
    return _logaddexp2(input, other)


@takes_out(casts=True, elementwise=True)
def copysign(input: Tensor, other: Any) -> Tensor:
    """|x| with the sign of y. As `torch.copysign`."""
    operands, dtype = tensors_of(input, other, floats=True)
    return compute(_copysign, operands, dtype, (is_number(other),))


@takes_out(casts=True, elementwise=True)
def xlogy(input: Any, other: Any) -> Tensor:
    """x ln y, 0 where x is 0. As `torch.xlogy`."""
    node = 1 if is_number(input) else 2 if is_number(other) else 0
    operands, dtype = tensors_of(input, other, floats=True)
    return compute(_xlogy, operands, dtype, (f"XlogyBackward{node}",))


@takes_out(elementwise=True)
def nan_to_num(
    input: Tensor,
    nan: float | None = None,
    posinf: float | None = None,
    neginf: float | None = None,
) -> Tensor:
    """NaN and the infinities replaced by numbers. As `torch.nan_to_num`."""
    if not input.dtype.is_floating_point:
        return input.clone()
    return compute(_nan_to_num, (input,), input.dtype, (nan or 0.0, posinf, neginf))


@takes_out(casts=True, elementwise=True)
def logit(input: Tensor, eps: float | None = None) -> Tensor:
    """ln(x / (1 - x)), with x kept between `eps` and 1 - `eps`. As `torch.logit`."""
    dtype = input.dtype if input.dtype.is_floating_point else get_default_dtype()
    bounds = (None, None) if eps is None else (dtype.numpy.type(eps), dtype.numpy.type(1 - eps))
    return compute(_logit, (input,), dtype, bounds)


@takes_out(casts=True, elementwise=True)
def ldexp(input: Tensor, other: Tensor) -> Tensor:
    """x · 2ʸ. As `torch.ldexp`."""
    operands, dtype = tensors_of(input, other, floats=True)
    return compute(_ldexp, operands, dtype)


@takes_out(elementwise=True)
def float_power(input: Any, exponent: Any) -> Tensor:
    """xʸ in float64. As `torch.float_power`."""
    base = input.to(dtypes.float64) if isinstance(input, Tensor) else float(input)
    power = exponent.to(dtypes.float64) if isinstance(exponent, Tensor) else float(exponent)
    return pow(base, power)


def positive(input: Tensor) -> Tensor:
    """The tensor itself. As `torch.positive`."""
    if input.dtype is dtypes.bool_:
        raise RuntimeError("The `+` operator, on a bool tensor is not supported.")
    return input


@takes_out(elementwise=True)
def signbit(input: Tensor) -> Tensor:
    """Whether each element has a minus sign, -0.0 included. As `torch.signbit`."""
    return predicate(input, lambda x: np.signbit(x) if x.dtype.kind == "f" else x < 0)


def float_power_(self: Tensor, exponent: Any) -> Tensor:
    """`float_power` in place, of a float64 tensor only."""
    if self.dtype is not dtypes.float64:
        raise RuntimeError(
            f"the base given to float_power_ has dtype {self.dtype.name} but the operation's "
            "result requires dtype float64"
        )
    return in_place(without_out(float_power), self, exponent)
