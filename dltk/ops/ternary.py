"""Pointwise operations on three operands: bounds, blends, and sums of products."""

from __future__ import annotations

from typing import Any

from dltk.core.dtypes import INTEGER, DType
from dltk.core.operands import common_dtype, element, is_number, plain_number
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor
from dltk.ops.out import takes_out
from dltk.ops.pointwise import compute, refuse_booleans, tensors_of

__all__ = ["addcdiv", "addcmul", "clamp", "clamp_max", "clamp_min", "clip", "lerp"]

_clamp = Primitive(
    "clamp",
    "x",
    lambda ops, x, min, max, node: ops.xp.clip(x, min, max),
    lambda min, max, node: node,
    "min max node",
)
_clamp_between = Primitive(
    "clamp_between",
    "x y w",
    lambda ops, x, y, w: ops.minimum(ops.maximum(x, y), w),
    "ClampBackward0",
)
_clamp_low = Primitive(
    "clamp_low", "x y", lambda ops, x, y, node: ops.maximum(x, y), lambda node: node, "node"
)
_clamp_high = Primitive(
    "clamp_high", "x y", lambda ops, x, y, node: ops.minimum(x, y), lambda node: node, "node"
)


def _lerp(ops, x, y, w):
    # From the nearer end: at a weight of 1 the result is the end itself.
    return ops.xp.where(ops.abs(w) < 0.5, x + w * (y - x), y - (y - x) * (1 - w))


_blend = Primitive("blend", "x y w", _lerp, "LerpBackward1")
_blend_number = Primitive("blend_number", "x y", _lerp, "LerpBackward0", "weight")
_addcmul = Primitive(
    "addcmul", "x y w", lambda ops, x, y, w, value: x + value * (y * w), "AddcmulBackward0", "value"
)
_addcdiv = Primitive(
    "addcdiv", "x y w", lambda ops, x, y, w, value: x + value * (y / w), "AddcdivBackward0", "value"
)


@takes_out(elementwise=True)
def clamp(input: Tensor, min: Any = None, max: Any = None) -> Tensor:
    """x kept between `min` and `max`, numbers or tensors. As `torch.clamp`."""
    if min is None and max is None:
        raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
    bounds = [each for each in (min, max) if each is not None]
    tensors = [isinstance(each, Tensor) for each in bounds]
    if not any(tensors):
        return _bounded(input, min, max, "ClampBackward1")
    if not all(tensors):
        raise TypeError(
            f"clamp(): min and max must both be Tensors or both numbers, got "
            f"{type(min).__name__} and {type(max).__name__}"
        )
    return _between(input, min, max, "ClampBackward0")


@takes_out(casts=True, elementwise=True)
def clamp_min(input: Tensor, min: Any) -> Tensor:
    """x, but at least `min`. As `torch.clamp_min`."""
    if isinstance(min, Tensor):
        return _between(input, min, None, "ClampMinBackward1")
    return _bounded(input, min, None, "ClampMinBackward0")


@takes_out(casts=True, elementwise=True)
def clamp_max(input: Tensor, max: Any) -> Tensor:
    """x, but at most `max`. As `torch.clamp_max`."""
    if isinstance(max, Tensor):
        return _between(input, None, max, "ClampMaxBackward1")
    return _bounded(input, None, max, "ClampMaxBackward0")


clip = clamp


def _bounded(input: Tensor, low: Any, high: Any, node: str) -> Tensor:
    bounds = [each for each in (low, high) if each is not None]
    dtype = common_dtype(input, *bounds)
    kept = tuple([None if each is None else element(each, dtype) for each in (low, high)])
    return compute(_clamp, (input,), dtype, (*kept, node))


def _between(input: Tensor, low: Any, high: Any, node: str) -> Tensor:
    if low is None or high is None:
        bound = high if low is None else low
        operands, dtype = tensors_of(input, bound)
        return compute(_clamp_high if low is None else _clamp_low, operands, dtype, (node,))
    operands, dtype = tensors_of(input, low, high)
    refuse_booleans(dtype, "clamp")
    return compute(_clamp_between, operands, dtype)


@takes_out(elementwise=True)
def lerp(input: Tensor, end: Tensor, weight: Any) -> Tensor:
    """x + weight · (end - x). As `torch.lerp`."""
    _same_dtype("lerp", input, end, weight)
    if not input.dtype.is_floating_point:
        raise NotImplementedError(f'"lerp_kernel_scalar" not implemented for {input.dtype}')
    if isinstance(weight, Tensor):
        return compute(_blend, (input, end, weight), input.dtype)
    return compute(_blend_number, (input, end), input.dtype, (plain_number(weight),))


def _same_dtype(name: str, first: Tensor, *others: Any) -> None:
    for each in others:
        if isinstance(each, Tensor):
            if each.dtype is not first.dtype:
                raise RuntimeError(
                    f"{name}(): expected dtype {first.dtype} but got dtype {each.dtype}"
                )
        elif not is_number(each):
            raise TypeError(f"{name}(): expected a Tensor, got {type(each).__name__}")


@takes_out(casts=True, elementwise=True)
def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Any = 1) -> Tensor:
    """x + value · a · b. As `torch.addcmul`."""
    operands, dtype = tensors_of(input, tensor1, tensor2)
    refuse_booleans(dtype, "addcmul")
    return compute(_addcmul, operands, dtype, (_factor(value, dtype),))


@takes_out(casts=True, elementwise=True)
def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Any = 1) -> Tensor:
    """x + value · a / b. As `torch.addcdiv`."""
    if tensor1.dtype.category <= INTEGER and tensor2.dtype.category <= INTEGER:
        raise RuntimeError(
            "Integer division with addcdiv is no longer supported: tensor1 has dtype "
            f"{tensor1.dtype} and tensor2 {tensor2.dtype}"
        )
    operands, dtype = tensors_of(input, tensor1, tensor2)
    return compute(_addcdiv, operands, dtype, (_factor(value, dtype),))


def _factor(value: Any, dtype: DType) -> Any:
    """The number in the kind of `dtype`; torch cuts it for integers without a word."""
    number = plain_number(value)
    return int(number) if dtype.category <= INTEGER else number
