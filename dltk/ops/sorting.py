"""Orders: sorted values with their places, medians, the largest few, distinct values."""

from __future__ import annotations

from typing import Any

import numpy as np

from dltk.autograd.refused import not_differentiable
from dltk.backends import cpu
from dltk.core import dtypes
from dltk.core.dispatch import apply, finish
from dltk.core.operands import laid_out_like
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor, wrap, wrap_dim
from dltk.ops.out import takes_out
from dltk.ops.pointwise import refuse_booleans
from dltk.ops.reduce import ValuesAndIndices, pair, pick_along

_ordered = Primitive(
    "ordered",
    "x",
    lambda ops, x, dim, index, node: ops.gather(x, dim, index) if x.ndim else x.copy(),
    lambda dim, index, node: node,
    "dim index node",
)


def _median_of(ops, x, dim, keepdim):
    flat = ops.xp.sort(x, axis=None)
    bad = flat[-1:] != flat[-1:]
    return flat[-1] if bad.any() else flat[(flat.size - 1) // 2]


_median = Primitive("median", "x", _median_of, "MedianBackward0", "dim keepdim")


def _order(raw: np.ndarray, axis: int, descending: bool) -> np.ndarray:
    """The places in sorted order; equal elements stay in the order they had, NaN is largest."""
    if not descending:
        return np.argsort(raw, axis=axis, kind="stable")
    backwards = np.argsort(np.flip(raw, axis), axis=axis, kind="stable")
    return raw.shape[axis] - 1 - np.flip(backwards, axis)


@takes_out
def sort(
    input: Tensor, dim: int = -1, descending: bool = False, stable: bool = False
) -> ValuesAndIndices:
    """The elements in order along `dim`, and where they were. As `torch.sort`."""
    axis = wrap_dim(dim, input.ndim)
    node = "SortBackward1" if stable else "SortBackward0"
    if input.ndim == 0:
        places = np.zeros((), np.int64)
    else:
        places = _order(input._raw, axis, descending).astype(np.int64)
    params = (axis, places, node)
    raw = np.asarray(_ordered.kernel(cpu.ops, input._raw, *params))
    values = finish(_ordered, (input,), params, laid_out_like(input, raw, input.dtype))
    return pair(node, values, laid_out_like(input, places, dtypes.int64))


@takes_out
def argsort(input: Tensor, dim: int = -1, descending: bool = False, stable: bool = False) -> Tensor:
    """Where the elements in order are. As `torch.argsort`."""
    return sort(input.detach(), dim, descending, stable).indices


@takes_out
def topk(
    input: Tensor, k: int, dim: int = -1, largest: bool = True, sorted: bool = True
) -> ValuesAndIndices:
    """The `k` largest elements along `dim`, or smallest, in order. As `torch.topk`."""
    axis = wrap_dim(dim, input.ndim)
    if input.dtype is dtypes.bool_:
        raise RuntimeError("Sort currently does not support bool dtype on CPU: topk of booleans")
    size = input._raw.shape[axis] if input.ndim else 1
    if not 0 <= k <= size:
        raise RuntimeError("selected index k out of range")
    if input.ndim == 0:
        places = np.zeros((), np.int64)
    else:
        key = (slice(None),) * axis + (slice(0, k),)
        places = np.ascontiguousarray(_order(input._raw, axis, largest)[key], np.int64)
    values = apply(_ordered, (input,), (axis, places, "TopkBackward0"), input.dtype)
    return pair("TopkBackward0", values, wrap(places, dtypes.int64))


def nothing_between(dtype: dtypes.DType) -> Any:
    """The median of no elements: NaN, cut to an integer as torch cuts it."""
    if dtype.is_floating_point:
        return dtype.numpy.type(np.nan)
    return dtype.numpy.type(True if dtype is dtypes.bool_ else np.iinfo(dtype.numpy).min)


@takes_out
def median(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Any:
    """The lower of the middle elements; along `dim` its index too. As `torch.median`."""
    if dim is not None and input.ndim and input.shape[wrap_dim(dim, input.ndim)] == 0:
        raise IndexError(f"median(): Expected reduction dim {dim} to have non-zero size.")
    if dim is not None:
        wrap_dim(dim, input.ndim)
    if dim is None and input.numel() == 0:
        return wrap(nothing_between(input.dtype), input.dtype)
    refuse_booleans(input.dtype, "median")
    if dim is None:
        dims = tuple(range(input.ndim))
        return apply(_median, (input,), (dims, False), input.dtype)
    axis = wrap_dim(dim, input.ndim)
    if input.ndim == 0:
        return pick_along(input, np.zeros((), np.int64), axis, keepdim, "MedianBackward1")
    order = _order(input._raw, axis, False)
    places = np.take(order, (input._raw.shape[axis] - 1) // 2, axis)
    missing = np.isnan(input._raw)
    places = np.where(missing.any(axis), missing.argmax(axis), places).astype(np.int64)
    if keepdim:
        places = np.expand_dims(places, axis)
    return pick_along(input, places, axis, keepdim, "MedianBackward1")


def unique(
    input: Tensor,
    sorted: bool = True,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
) -> Any:
    """The distinct elements, or slices along `dim`, in order. As `torch.unique`."""
    axis = None if dim is None else wrap_dim(dim, input.ndim)
    if axis is not None and input.ndim == 0:
        raise IndexError("Dimension specified as 0 but tensor has no dimensions")
    # A NaN equals no other: each is a value of its own.
    values, inverse, counts = np.unique(
        input._raw, return_inverse=True, return_counts=True, axis=axis, equal_nan=False
    )
    inverse = inverse.reshape(input._raw.shape if axis is None else -1)
    distinct = wrap(values, input.dtype)
    found = [not_differentiable(distinct, (input,), "unique2", NotImplementedError)]
    found += [wrap(inverse.astype(np.int64), dtypes.int64)] if return_inverse else []
    found += [wrap(counts.astype(np.int64), dtypes.int64)] if return_counts else []
    return found[0] if len(found) == 1 else tuple(found)
