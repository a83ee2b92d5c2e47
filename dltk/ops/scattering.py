"""Writing to places that a tensor of indices names: the opposite of `gather`, `index_select`."""

from __future__ import annotations

from typing import Any

import numpy as np

from dltk.autograd.primitive_node import watch
from dltk.autograd.refused import not_differentiable
from dltk.core import dtypes
from dltk.core.dispatch import apply
from dltk.core.operands import element, is_number
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor, wrap, wrap_dim
from dltk.ops.division import div
from dltk.ops.out import takes_out
from dltk.ops.places import region_of, scatter_places

__all__ = ["scatter", "scatter_add", "scatter_reduce"]


def _scattered(ops, x, y, dim, index):
    result = ops.xp.array(x)
    result[ops.along(dim, index)] = y
    return result


_scatter = Primitive("scatter", "x y", _scattered, "ScatterBackward0", "dim index")
_scatter_value = Primitive(
    "scatter_value",
    "x",
    lambda ops, x, dim, index, value: _scattered(ops, x, value, dim, index),
    "ScatterBackward1",
    "dim index value",
)
_add_scattered = Primitive(
    "add_scattered",
    "x y",
    lambda ops, x, y, dim, index: x + ops.scatter_add(y, dim, index, x.shape),
    "ScatterAddBackward0",
    "dim index",
)


def _combined(ops, x, y, dim, index, kind):
    combine = {"amax": ops.xp.maximum, "amin": ops.xp.minimum, "prod": ops.xp.multiply}[kind]
    result = ops.xp.array(x)
    combine.at(result, ops.along(dim, index), y)
    return result


_scatter_extreme = Primitive(
    "scatter_extreme", "x y", _combined, "ScatterReduceBackward0", "dim index kind"
)
_scatter_product = Primitive(
    "scatter_product", "x y", _combined, "ScatterReduceBackward0", "dim index kind"
)


@takes_out
def scatter(
    input: Tensor,
    dim: int,
    index: Tensor,
    src: Any = None,
    *,
    value: Any = None,
    reduce: str | None = None,
) -> Tensor:
    """`src` written along `dim` to the places `index` names. As `torch.scatter`.

    With `reduce` `"add"` or `"multiply"` it is combined with what is there; torch gives that no
    derivative, and neither does dltk.
    """
    source = value if src is None else src
    if reduce is not None:
        return _with_reduction(input, dim, index, source, reduce)
    if is_number(source):
        axis, places = scatter_places(input, dim, index, None)
        number = element(source, input.dtype)
        if input.ndim == 0:
            return input.masked_fill(wrap(np.array(True), dtypes.bool_), number)
        return watch(apply(_scatter_value, (input,), (axis, places, number), input.dtype), index)
    _check_source(input, source, "scatter")
    if input.ndim == 0:
        return _as_vector(scatter, input, dim, index, source)
    axis, places = scatter_places(input, dim, index, source)
    given = (input, region_of(source, places))
    return watch(apply(_scatter, given, (axis, places), input.dtype), index)


@takes_out
def scatter_add(input: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    """`src` added along `dim` at the places `index` names. As `torch.scatter_add`."""
    _check_source(input, src, "scatter_add")
    if input.ndim == 0:
        return _as_vector(scatter_add, input, dim, index, src)
    axis, places = scatter_places(input, dim, index, src)
    given = (input, region_of(src, places))
    return watch(apply(_add_scattered, given, (axis, places), input.dtype), index)


def _as_vector(function: Any, input: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    wrap_dim(dim, 0)
    return function(input.reshape(1), 0, index.reshape(-1), src.reshape(-1)).reshape(())


def _check_source(input: Tensor, src: Any, name: str) -> None:
    if not isinstance(src, Tensor):
        raise TypeError(f"{name}(): argument 'src' must be Tensor, not {type(src).__name__}")
    if src.dtype is not input.dtype:
        raise RuntimeError(
            f"{name}(): Expected self.dtype to be equal to src.dtype, got {input.dtype} and "
            f"{src.dtype}"
        )


def _with_reduction(input: Tensor, dim: int, index: Tensor, source: Any, kind: str) -> Tensor:
    if kind not in ("add", "multiply"):
        raise RuntimeError(f"reduce argument must be either add or multiply, got {kind!r}")
    axis, places = scatter_places(input, dim, index, None if is_number(source) else source)
    if is_number(source):
        raw = element(source, input.dtype)
    else:
        _check_source(input, source, "scatter")
        raw = region_of(source.detach(), places)._raw
    result = np.array(input._raw)
    combine = np.add if kind == "add" else np.multiply
    target = np.atleast_1d(result)
    combine.at(target, _key(axis, np.atleast_1d(places)), raw)
    return not_differentiable(wrap(target.reshape(result.shape)), (input, source), "scatter")


def _key(axis: int, places: np.ndarray) -> tuple:
    key = list(np.ogrid[tuple(slice(size) for size in places.shape)])
    key[axis] = places
    return tuple(key)


_EMPTY = {"sum": 0, "mean": 0, "prod": 1}


@takes_out
def scatter_reduce(
    input: Tensor, dim: int, index: Tensor, src: Tensor, reduce: str, *, include_self: bool = True
) -> Tensor:
    """`src` combined along `dim` at the places `index` names: by `"sum"`, `"prod"`, `"mean"`,
    `"amax"` or `"amin"`, together with what is there unless `include_self` is false.

    As `torch.scatter_reduce`.
    """
    reduce = {"max": "amax", "min": "amin"}.get(reduce, reduce)
    if reduce not in ("sum", "prod", "mean", "amax", "amin"):
        raise RuntimeError(
            f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}."
        )
    _check_source(input, src, "scatter_reduce")
    if not include_self:
        input = scatter(input, dim, index, _empty(input.dtype, reduce))
    if reduce in ("sum", "mean"):
        total = scatter_add(input, dim, index, src)
        return total if reduce == "sum" else _averaged(total, input, dim, index, include_self)
    axis, places = scatter_places(input, dim, index, src)
    source = region_of(src, places)
    if reduce != "prod":
        result = apply(_scatter_extreme, (input, source), (axis, places, reduce), input.dtype)
        return watch(result, index)
    recorded = any(each.requires_grad or each._tangents for each in (input, source))
    if recorded and not (np.all(input._raw) and np.all(source._raw)):
        raise NotImplementedError(
            "the derivative of scatter_reduce 'prod' where elements are 0 is not in dltk's scope"
        )
    result = apply(_scatter_product, (input, source), (axis, places, reduce), input.dtype)
    return watch(result, index)


def _empty(dtype: dtypes.DType, kind: str) -> Any:
    """What changes nothing when it is combined with something."""
    if kind in _EMPTY:
        return _EMPTY[kind]
    if dtype.is_floating_point:
        return float("-inf") if kind == "amax" else float("inf")
    info = np.iinfo(dtype.numpy)
    return int(info.min if kind == "amax" else info.max)


def _averaged(total: Tensor, input: Tensor, dim: int, index: Tensor, include_self: bool) -> Tensor:
    ones = input.new_ones(tuple(index._raw.shape))
    start = input.new_ones if include_self else input.new_zeros
    count = scatter_add(start(tuple(input._raw.shape)), dim, index, ones).clamp(min=1)
    mode = None if input.dtype.is_floating_point else "floor"
    return div(total, count, rounding_mode=mode)
