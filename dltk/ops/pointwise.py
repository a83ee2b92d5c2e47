"""Operations that treat each element by itself."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from dltk.backends import cpu, registry
from dltk.backends.use import use
from dltk.core import dtypes
from dltk.core.dispatch import finish, pair_operator
from dltk.core.dtypes import DType, get_default_dtype
from dltk.core.inplace import into
from dltk.core.operands import (
    common_dtype,
    constant,
    placed,
    plain_number,
    prepare,
)
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor
from dltk.ops.options import check_options, contiguous_format, preserve_format
from dltk.ops.out import require_dtype


def tensors_of(*operands: Any, floats: bool = False) -> tuple[tuple[Tensor, ...], DType]:
    """Tensors and Python numbers as tensors, and the dtype to compute in, a float if `floats`."""
    values = [each if isinstance(each, Tensor) else plain_number(each) for each in operands]
    dtype = common_dtype(*values)
    if floats and not dtype.is_floating_point:
        dtype = get_default_dtype()
    return (
        tuple([each if isinstance(each, Tensor) else constant(each, dtype) for each in values]),
        dtype,
    )


def compute(
    primitive: Primitive,
    operands: tuple[Tensor, ...],
    dtype: DType,
    params: tuple = (),
) -> Tensor:
    """`primitive` on `operands`, which are brought to `dtype` and to one shape first."""
    raws, strides = prepare(operands, dtype)
    if use.elsewhere:
        raw = registry.run(primitive.kernel, raws, params)
    else:
        raw = primitive.kernel(cpu.ops, *raws, *params)
    return finish(primitive, operands, params, placed(raw, strides, dtype))


def _documented(function: Callable, name: str, text: str) -> Callable:
    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"{text} As `torch.{name}`."
    return function


def unary(
    name: str, text: str, kernel: Callable, node: str, floats: bool = False, exact: bool = False,
    booleans: bool = True,
) -> Callable:  # fmt: skip
    """A function of one operand: `floats` makes integers floats first, `exact` wants `out=` in the
    result's dtype.
    """
    primitive = Primitive(name, "x", kernel, node)

    def function(input: Tensor, *, out: Tensor | None = None) -> Tensor:
        _check_tensor(input, name)
        dtype = input.dtype
        if not booleans:
            refuse_booleans(dtype, name)
        if floats and not dtype.is_floating_point:
            dtype = get_default_dtype()
        result = compute(primitive, (input,), dtype)
        if exact and out is not None:
            require_dtype(out, dtype)
        return result if out is None else into(out, result, (input,))

    return _documented(function, name, text)


def _check_tensor(value: Any, name: str) -> None:
    if not isinstance(value, Tensor):
        raise TypeError(f"{name}(): argument 'input' must be Tensor, not {type(value).__name__}")


def refuse_booleans(dtype: DType, name: str) -> None:
    if dtype is dtypes.bool_:
        raise NotImplementedError(f"\"{name}_cpu\" not implemented for 'Bool'")


def _method(name: str) -> Callable:
    return lambda ops, x: getattr(ops, name)(x)


def _stable_sigmoid(ops, x):
    small = ops.exp(-ops.abs(x))
    return ops.where(x >= 0, 1 / (1 + small), small / (1 + small))


def sign_of(ops, x):
    return x.copy() if x.dtype == bool else ops.sign(x)


_neg = unary("neg", "-x.", lambda ops, x: -x, "NegBackward0", exact=True)
abs = unary(
    "abs",
    "|x|.",
    _method("abs"),
    "AbsBackward0",
    exact=True,
    booleans=False,
)
exp = unary("exp", "eˣ.", _method("exp"), "ExpBackward0", floats=True)
expm1 = unary("expm1", "eˣ - 1.", _method("expm1"), "Expm1Backward0", floats=True)
log = unary("log", "ln x.", _method("log"), "LogBackward0", floats=True)
log1p = unary("log1p", "ln(1 + x).", _method("log1p"), "Log1PBackward0", floats=True)
log2 = unary("log2", "log₂ x.", _method("log2"), "Log2Backward0", floats=True)
sin = unary("sin", "sin x, in radians.", _method("sin"), "SinBackward0", floats=True)
cos = unary("cos", "cos x, in radians.", _method("cos"), "CosBackward0", floats=True)
tan = unary("tan", "tan x, in radians.", _method("tan"), "TanBackward0", floats=True)
asin = unary("asin", "arcsin x.", _method("asin"), "AsinBackward0", floats=True)
acos = unary("acos", "arccos x.", _method("acos"), "AcosBackward0", floats=True)
atan = unary("atan", "arctan x.", _method("atan"), "AtanBackward0", floats=True)
sinh = unary("sinh", "sinh x.", _method("sinh"), "SinhBackward0", floats=True)
cosh = unary("cosh", "cosh x.", _method("cosh"), "CoshBackward0", floats=True)
tanh = unary("tanh", "tanh x.", _method("tanh"), "TanhBackward0", floats=True)
sqrt = unary("sqrt", "√x.", _method("sqrt"), "SqrtBackward0", floats=True)
rsqrt = unary("rsqrt", "1 / √x.", lambda ops, x: 1 / ops.sqrt(x), "RsqrtBackward0", floats=True)
erf = unary("erf", "The error function.", _method("erf"), "ErfBackward0", floats=True)
erfc = unary("erfc", "1 - erf x.", _method("erfc"), "ErfcBackward0", floats=True)
sigmoid = unary("sigmoid", "1 / (1 + e⁻ˣ).", _stable_sigmoid, "SigmoidBackward0", floats=True)
_relu = unary("relu", "max(x, 0).", _method("relu"), "ReluBackward0")
floor = unary(
    "floor",
    "The next integer below.",
    _method("floor"),
    "FloorBackward0",
    exact=True,
    booleans=False,
)
ceil = unary(
    "ceil", "The next integer above.", _method("ceil"), "CeilBackward0", exact=True, booleans=False
)
round = unary(
    "round",
    "The nearest integer, halves to even.",
    _method("round"),
    "RoundBackward0",
    exact=True,
    booleans=False,
)
trunc = unary(
    "trunc", "The integer part.", _method("trunc"), "TruncBackward0", exact=True, booleans=False
)
sign = unary("sign", "-1, 0 or 1.", sign_of, "SignBackward0", exact=True)
# Row-major whatever the order of x: optimizers are several times slower on mixed orders.
clone_values = Primitive("clone", "x", lambda ops, x: ops.xp.array(x, order="C"), "CloneBackward0")

_add = Primitive("add", "x y", lambda ops, x, y: x + y, "AddBackward0")
_sub = Primitive("sub", "x y", lambda ops, x, y: x - y, "SubBackward0")
_rsub = Primitive("rsub", "x y", lambda ops, x, y: y - x, "RsubBackward1")
_mul = Primitive("mul", "x y", lambda ops, x, y: x * y, "MulBackward0")
_div = Primitive("div", "x y", lambda ops, x, y: x / y, "DivBackward0")
_maximum = Primitive("maximum", "x y", lambda ops, x, y: ops.maximum(x, y), "MaximumBackward0")
_minimum = Primitive("minimum", "x y", lambda ops, x, y: ops.minimum(x, y), "MinimumBackward0")


_RAW: dict[Primitive, Callable] = {
    _add: operator.add,
    _sub: operator.sub,
    _mul: operator.mul,
    _div: operator.truediv,
    _maximum: np.maximum,
    _minimum: np.minimum,
}
# Those of Tensor, and whether integers and truth values are a case of their own.
OPERATORS = {
    "add": (_add, False),
    "sub": (_sub, True),
    "mul": (_mul, False),
    "truediv": (_div, True),
}


def require_tensors(name: str, **operands: Any) -> None:
    """Refuse what is not a Tensor, by the argument's name."""
    for argument, value in operands.items():
        if not isinstance(value, Tensor):
            raise TypeError(
                f"{name}(): argument '{argument}' must be Tensor, not {type(value).__name__}"
            )


def quick(primitive: Primitive, otherwise: Callable, floats_only: bool) -> Callable:
    """`primitive` on two tensors that fit each other, and `otherwise(x, y)` on what else comes."""
    compute_raw = _RAW.get(primitive) or functools.partial(primitive.kernel, cpu.ops)
    return pair_operator(primitive, compute_raw, floats_only, otherwise)


def binary(
    name: str, text: str, primitive: Primitive, floats: bool = False, numbers: bool = True
) -> Callable:
    """A function of two operands: `floats` makes integers floats first, `numbers` may be one."""

    def promoted(input: Any, other: Any) -> Tensor:
        if not numbers:
            require_tensors(name, input=input, other=other)
        operands, dtype = tensors_of(input, other, floats=floats)
        return compute(primitive, operands, dtype)

    fitting = quick(primitive, promoted, floats)

    def function(input, other, *, out: Tensor | None = None) -> Tensor:
        result = (fitting if isinstance(input, Tensor) else promoted)(input, other)
        return result if out is None else into(out, result, (input, other))

    return _documented(function, name, text)


plus = binary("add", "x + y.", _add)
_minus = binary("sub", "x - y.", _sub)
mul = binary("mul", "x · y.", _mul)
true_div = binary("div", "x / y; integers give the default dtype.", _div, floats=True)
maximum = binary("maximum", "The larger of x and y.", _maximum, numbers=False)
minimum = binary("minimum", "The smaller of x and y.", _minimum, numbers=False)


def neg(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """-x. As `torch.neg`."""
    if isinstance(input, Tensor) and input.dtype is dtypes.bool_:
        raise RuntimeError(
            "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to "
            "invert a mask, use the `~` or `logical_not()` operator instead."
        )
    return _neg(input, out=out)


def _scaled(input, other, alpha):
    """`alpha` times the second operand, in the dtype of the sum."""
    dtype = tensors_of(input, other)[1]
    if isinstance(alpha, float) and not dtype.is_floating_point:
        raise RuntimeError(
            "For integral input tensors, argument alpha must not be a floating point number, got "
            f"{alpha}"
        )
    return mul(other, bool(alpha) if dtype is dtypes.bool_ else alpha)


def relu(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """max(x, 0). As `torch.relu`."""
    if isinstance(input, Tensor) and input.dtype is dtypes.bool_:
        raise RuntimeError("Boolean inputs not supported for relu")
    return _relu(input, out=out)


def add(input, other, *, alpha=1, out: Tensor | None = None) -> Tensor:
    """x + alpha · y. As `torch.add`."""
    if alpha == 1 and out is None:
        return plus(input, other)
    return plus(input, other if alpha == 1 else _scaled(input, other, alpha), out=out)


def _refuse_subtracted_booleans(*operands: Any) -> None:
    for each in operands:
        if isinstance(each, bool) or (isinstance(each, Tensor) and each.dtype is dtypes.bool_):
            raise RuntimeError(
                "Subtraction, the `-` operator, with a bool tensor is not supported. If you are "
                "trying to invert a mask, use the `~` or `logical_not()` operator instead."
            )


def sub(input, other, *, alpha=1, out: Tensor | None = None) -> Tensor:
    """x - alpha · y. As `torch.sub`."""
    _refuse_subtracted_booleans(input, other)
    return _minus(input, other if alpha == 1 else _scaled(input, other, alpha), out=out)


def rsub(input: Tensor, other) -> Tensor:
    """y - x, as torch records it for `1 - x`."""
    _refuse_subtracted_booleans(input, other)
    operands, dtype = tensors_of(input, other)
    return compute(_rsub, operands, dtype)


def clone(input: Tensor, *, memory_format: Any = preserve_format) -> Tensor:
    """A copy in memory of its own. As `torch.clone`."""
    if memory_format is not preserve_format:
        check_options("clone", {"memory_format": memory_format})
        if memory_format is contiguous_format and not input.is_contiguous():
            return input.contiguous()
    return compute(clone_values, (input,), input.dtype)
