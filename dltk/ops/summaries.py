"""Reductions that torch has beside the usual ones: counts, quantiles, and what skips NaN."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from dltk.autograd.refused import not_differentiable
from dltk.core import dtypes
from dltk.core.dispatch import apply
from dltk.core.located import located
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor, wrap, wrap_dim, wrap_dims
from dltk.ops import reduce
from dltk.ops.division import div
from dltk.ops.out import takes_out
from dltk.ops.pointwise import refuse_booleans, sub
from dltk.ops.reduce import ValuesAndIndices, pick_along
from dltk.ops.sorting import nothing_between, sort
from dltk.ops.statistics import std
from dltk.ops.ternary import lerp

__all__ = [
    "aminmax", "count_nonzero", "cov", "kthvalue", "mode", "msort",
    "nanmean", "nanmedian", "nansum", "quantile", "std_mean",
    "unique_consecutive",
]  # fmt: skip

_nansum = Primitive(
    "nansum",
    "x",
    lambda ops, x, dim, keepdim: ops.xp.nansum(x, axis=dim, keepdims=keepdim),
    "NansumBackward0",
    "dim keepdim",
)


class MinAndMax(NamedTuple):
    """What `aminmax` returns."""

    min: Tensor
    max: Tensor


@takes_out
def nansum(
    input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: dtypes.DType | None = None
) -> Tensor:
    """Σ x where a NaN counts as 0. As `torch.nansum`."""
    if not input.dtype.is_floating_point:
        return reduce.sum(input, dim, keepdim, dtype=dtype)
    input = input if dtype is None else input.to(dtype)
    dims = wrap_dims(None if dim == () or dim == [] else dim, input.ndim)
    return apply(_nansum, (input,), (dims, keepdim), input.dtype)


@takes_out(casts=True)
def nanmean(
    input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: dtypes.DType | None = None
) -> Tensor:
    """The mean of the elements that are not NaN. As `torch.nanmean`."""
    if not input.dtype.is_floating_point:
        raise RuntimeError(
            f"nanmean(): expected input to have floating point or complex dtype but got "
            f"{input.dtype}"
        )
    count = reduce.sum(wrap(~np.isnan(input._raw), dtypes.bool_), dim, keepdim)
    return div(nansum(input, dim, keepdim, dtype=dtype), count)


@located
def count_nonzero(input: Tensor, dim: Any = None) -> Tensor:
    """How many elements are not zero. As `torch.count_nonzero`."""
    dims = wrap_dims(dim, input.ndim)
    return wrap(np.asarray((input._raw != 0).sum(axis=dims), np.int64), dtypes.int64)


@takes_out
def aminmax(input: Tensor, *, dim: int | None = None, keepdim: bool = False) -> MinAndMax:
    """The smallest and the largest element. As `torch.aminmax`."""
    if input.numel() == 0 and dim is None:
        raise RuntimeError(
            "aminmax(): cannot compute aminmax over an empty dimension as the operation has no "
            f"identity: input has shape {list(input.shape)}"
        )
    if dim is None and keepdim and input.ndim:
        dim = tuple(range(input.ndim))  # type: ignore[assignment]
    chosen: Any = () if dim is None else dim
    return MinAndMax(reduce.amin(input, chosen, keepdim), reduce.amax(input, chosen, keepdim))


def std_mean(
    input: Tensor,
    dim: Any = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> tuple[Tensor, Tensor]:
    """The standard deviation and the mean. As `torch.std_mean`."""
    deviation = std(input, dim, unbiased, keepdim, correction=correction)
    chosen = None if isinstance(dim, bool) or dim == () else dim
    return deviation, reduce.mean(input, chosen, keepdim)


@takes_out
def kthvalue(input: Tensor, k: int, dim: int = -1, keepdim: bool = False) -> ValuesAndIndices:
    """The `k`-th smallest element along `dim`, counted from 1. As `torch.kthvalue`."""
    axis = wrap_dim(dim, input.ndim)
    refuse_booleans(input.dtype, "kthvalue")
    size = input.shape[axis] if input.ndim else 1
    if size == 0:
        raise IndexError(f"kthvalue(): Expected reduction dim {axis} to have non-zero size.")
    if not 1 <= k <= size:
        raise RuntimeError(
            f"kthvalue(): selected number k out of range for dimension {axis}: k is {k}, the size "
            f"{size}"
        )
    return _ranked(input, axis, k - 1, keepdim, "KthvalueBackward0")


def _ranked(input: Tensor, axis: int, rank: Any, keepdim: bool, node: str) -> ValuesAndIndices:
    """The element of each line at `rank` in sorted order, and its place."""
    if input.ndim == 0:
        return pick_along(input, np.zeros((), np.int64), axis, keepdim, node)
    order = np.argsort(input._raw, axis=axis, kind="stable")
    chosen = np.broadcast_to(rank, np.take(order, [0], axis).shape)
    places = np.take_along_axis(order, chosen, axis).astype(np.int64)
    if not keepdim:
        places = places.squeeze(axis)
    return pick_along(input, places, axis, keepdim, node)


@takes_out
def nanmedian(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Any:
    """The lower of the middle elements that are not NaN. As `torch.nanmedian`."""
    if dim is not None:
        wrap_dim(dim, input.ndim)
    if dim is None and input.numel() == 0:
        return wrap(nothing_between(input.dtype), input.dtype)
    refuse_booleans(input.dtype, "median")
    if dim is None:
        return nanmedian(input.reshape(-1), 0)[0]
    axis = wrap_dim(dim, input.ndim)
    present = np.sum(~np.isnan(np.atleast_1d(input._raw)), axis=axis, keepdims=True)
    return _ranked(input, axis, np.maximum(present - 1, 0) // 2, keepdim, "NanmedianBackward1")


@takes_out
def mode(input: Tensor, dim: int = -1, keepdim: bool = False) -> ValuesAndIndices:
    """The most frequent element along `dim`, the smallest of several. As `torch.mode`."""
    axis = wrap_dim(dim, input.ndim)
    if input.ndim == 0:
        return pick_along(input, np.zeros((), np.int64), axis, keepdim, "ModeBackward0")
    if input.shape[axis] == 0:
        raise IndexError(f"mode(): Expected reduction dim {axis} to have non-zero size.")
    lines = np.moveaxis(input._raw, axis, -1)
    places = np.empty(lines.shape[:-1], np.int64)
    for position in np.ndindex(places.shape):
        values, counts = np.unique(lines[position], return_counts=True)
        places[position] = np.nonzero(lines[position] == values[counts.argmax()])[0][-1]
    kept = np.expand_dims(places, axis) if keepdim else places
    return pick_along(input, kept, axis, keepdim, "ModeBackward0")


@takes_out
def quantile(
    input: Tensor,
    q: float | Tensor,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: str = "linear",
) -> Tensor:
    """What a share `q` of the elements lies below, interpolated. As `torch.quantile`."""
    if input.dtype not in (dtypes.float32, dtypes.float64):
        raise RuntimeError(
            f"quantile() input tensor must be either float or double dtype, got {input.dtype}"
        )
    wanted = np.asarray(q._raw if isinstance(q, Tensor) else q, np.float64)
    if wanted.ndim > 1:
        raise RuntimeError(f"quantile() q must be a scalar or 1D tensor, got {wanted.ndim}D")
    if not ((wanted >= 0) & (wanted <= 1)).all():
        raise RuntimeError(f"quantile() q values must be in the range [0, 1], got {wanted}")
    if input.numel() == 0:
        raise RuntimeError(f"quantile() input tensor must be non-empty, got {list(input.shape)}")
    axis = 0 if dim is None else wrap_dim(dim, input.ndim)
    flat = input.reshape(-1) if dim is None or input.ndim == 0 else input
    ordered = sort(flat, axis).values.movedim(axis, 0)
    ranks = np.atleast_1d(wanted) * (flat.shape[axis] - 1)
    rounded: Any = {"lower": np.floor, "higher": np.ceil, "nearest": np.round}.get(interpolation)
    if rounded is not None:
        ranks = rounded(ranks)
    elif interpolation not in ("linear", "midpoint"):
        raise RuntimeError(
            "quantile() interpolation must be one of linear, lower, higher, midpoint or nearest, "
            f"but got {interpolation}"
        )
    low, high = np.floor(ranks).astype(np.int64), np.ceil(ranks).astype(np.int64)
    share = ranks - low if interpolation != "midpoint" else np.where(low == high, 0.0, 0.5)
    weight = wrap(share.astype(flat.dtype.numpy)).reshape([-1] + [1] * (ordered.ndim - 1))
    result = lerp(ordered[wrap(low)], ordered[wrap(high)], weight)
    missing = np.isnan(flat._raw).any(axis)
    if missing.any():
        result = result.masked_fill(wrap(missing), float("nan"))
    if keepdim:
        kept = [1] * input.ndim if dim is None else [*input.shape]
        if dim is not None:
            kept[axis] = 1
        result = result.reshape([wanted.size, *kept])
    return result if wanted.ndim else result.squeeze(0)


@takes_out
def msort(input: Tensor) -> Tensor:
    """The elements in order along the first dimension. As `torch.msort`."""
    return sort(input, 0).values


@located
def unique_consecutive(
    input: Tensor,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
) -> Any:
    """The first of each run of equal elements, or slices. As `torch.unique_consecutive`."""
    axis = 0 if dim is None else wrap_dim(dim, input.ndim)
    lines = np.moveaxis(input._raw.reshape(-1) if dim is None else input._raw, axis, 0)
    rows = lines.reshape(lines.shape[0], -1 if lines.size else 1)
    starts = np.ones(rows.shape[0], bool)
    starts[1:] = (rows[1:] != rows[:-1]).any(1)
    values = np.ascontiguousarray(np.moveaxis(lines[starts], 0, axis))
    inverse = (np.cumsum(starts) - 1).reshape(input._raw.shape if dim is None else -1)
    counts = np.diff(np.append(np.nonzero(starts)[0], rows.shape[0]))
    distinct = wrap(values, input.dtype)
    found = [not_differentiable(distinct, (input,), "unique_consecutive", NotImplementedError)]
    found += [wrap(inverse.astype(np.int64), dtypes.int64)] if return_inverse else []
    found += [wrap(counts.astype(np.int64), dtypes.int64)] if return_counts else []
    return found[0] if len(found) == 1 else tuple(found)


def cov(input: Tensor, *, correction: int = 1) -> Tensor:
    """How the rows of `input` vary together; columns are observations. As `torch.cov`."""
    if input.ndim > 2:
        raise RuntimeError(f"cov(): expected input of at most 2 dimensions, got {input.ndim}")
    if not input.dtype.is_floating_point:
        input = input.to(dtypes.get_default_dtype())
    rows = input.reshape(1, -1) if input.ndim < 2 else input
    apart = sub(rows, reduce.mean(rows, 1, True))
    return div(apart @ apart.t(), rows.shape[1] - correction).squeeze()
