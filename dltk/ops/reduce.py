"""Operations that make one element out of many."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

import numpy as np

from dltk.core import dtypes
from dltk.core.dispatch import apply
from dltk.core.dtypes import DType
from dltk.core.inplace import into
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor, wrap, wrap_dim, wrap_dims
from dltk.ops.out import takes_out


class ValuesAndIndices(NamedTuple):
    """What `max`, `min` and `sort` along a dimension return."""

    values: Tensor
    indices: Tensor

    def __repr__(self) -> str:
        name = type(self).__name__
        return f"dltk.return_types.{name}(\nvalues={self.values!r},\nindices={self.indices!r})"


@functools.cache
def _pair_of(operation: str) -> type[ValuesAndIndices]:
    return type(operation, (ValuesAndIndices,), {})


def pair(node: str, values: Tensor, indices: Tensor) -> ValuesAndIndices:
    """Both results of the operation whose node is called `node`, under torch's name for them."""
    return _pair_of(node.split("Backward")[0].lower())(values, indices)


def _numbered(name: str):
    """Torch numbers the nodes: 0 for a reduction of everything, 1 for one along dimensions."""
    return lambda dim, keepdim, everything: f"{name}Backward{0 if everything else 1}"


_sum = Primitive(
    "sum",
    "x",
    lambda ops, x, dim, keepdim, everything: ops.sum(x, dim, keepdim),
    _numbered("Sum"),
    "dim keepdim everything",
)
_mean = Primitive(
    "mean",
    "x",
    lambda ops, x, dim, keepdim, everything: ops.mean(x, dim, keepdim),
    _numbered("Mean"),
    "dim keepdim everything",
)
_amax = Primitive(
    "amax",
    "x",
    lambda ops, x, dim, keepdim, node: ops.amax(x, dim, keepdim),
    lambda dim, keepdim, node: node,
    "dim keepdim node",
)
_amin = Primitive(
    "amin",
    "x",
    lambda ops, x, dim, keepdim, node: ops.amin(x, dim, keepdim),
    lambda dim, keepdim, node: node,
    "dim keepdim node",
)


def _pick(ops, x, indices, dim, keepdim, node):
    picked = ops.gather(x, dim, indices if keepdim else ops.unsqueeze(indices, dim))
    return picked if keepdim else ops.squeeze(picked, dim)


_max_dim = Primitive(
    "max_dim",
    "x",
    _pick,
    lambda indices, dim, keepdim, node: node,
    "indices dim keepdim node",
)
_cumsum = Primitive(
    "cumsum",
    "x",
    lambda ops, x, dim: ops.cumsum(x, dim) if x.ndim else x.copy(),
    "CumsumBackward0",
    "dim",
)


def _prepared(input: Tensor, dtype: DType | None, floats: bool = False) -> Tensor:
    if not isinstance(input, Tensor):
        raise TypeError(f"argument 'input' must be Tensor, not {type(input).__name__}")
    return input if dtype is None else input.to(dtype)


def sum(
    input: Tensor, dim=None, keepdim: bool = False, *, dtype: DType | None = None, out=None
) -> Tensor:
    """Σ x over the dimensions `dim`, all by default; integers give int64. As `torch.sum`."""
    input = _prepared(input, dtype)
    if dim is not None and not isinstance(dim, int) and len(dim) == 0:
        dim = None
    dims = wrap_dims(dim, input._raw.ndim)
    result_dtype = input.dtype
    if result_dtype.category != dtypes.FLOAT and dtype is None:
        result_dtype = dtypes.int64
    if not input.dtype.is_floating_point:
        raw = np.sum(input._raw, axis=dims, keepdims=keepdim, dtype=result_dtype.numpy)
        result = wrap(raw, result_dtype)
    else:
        result = apply(_sum, (input,), (dims, keepdim, dim is None), result_dtype)
    return result if out is None else into(out, result)


def mean(
    input: Tensor, dim=None, keepdim: bool = False, *, dtype: DType | None = None, out=None
) -> Tensor:
    """The mean of x over the dimensions `dim`, all by default. As `torch.mean`."""
    input = _prepared(input, dtype)
    if not input.dtype.is_floating_point:
        raise RuntimeError(
            "mean(): could not infer output dtype. Input dtype must be either a floating point or "
            f"complex dtype. Got: {dtypes.TITLES[input.dtype.name]}"
        )
    if dim is not None and not isinstance(dim, int) and len(dim) == 0:
        dim = None
    dims = wrap_dims(dim, input._raw.ndim)
    result = apply(_mean, (input,), (dims, keepdim, dim is None), input.dtype)
    return result if out is None else into(out, result)


def _check_not_empty(input: Tensor, name: str) -> None:
    if input._raw.size == 0:
        raise RuntimeError(
            f"{name}(): Expected reduction dim to be specified for input.numel() == 0. "
            "Specify the reduction dim with the 'dim' argument."
        )


def _extreme_dims(input: Tensor, dim: Any, name: str) -> tuple[int, ...]:
    """The dimensions to reduce, none of which may be empty: nothing has no largest element."""
    everything = dim == () or dim is None
    dims = wrap_dims(None if everything else dim, input._raw.ndim)
    if everything:
        _check_not_empty(input, name)
    for each in dims:
        if input._raw.shape[each] == 0:
            raise IndexError(f"{name}(): Expected reduction dim {each} to have non-zero size.")
    return dims


@takes_out
def amax(input: Tensor, dim=(), keepdim: bool = False) -> Tensor:
    """The largest element; ties share the gradient. As `torch.amax`."""
    dims = _extreme_dims(input, dim, "amax")
    return apply(_amax, (input,), (dims, keepdim, "AmaxBackward0"), input.dtype)


@takes_out
def amin(input: Tensor, dim=(), keepdim: bool = False) -> Tensor:
    """The smallest element; ties share the gradient. As `torch.amin`."""
    dims = _extreme_dims(input, dim, "amin")
    return apply(_amin, (input,), (dims, keepdim, "AminBackward0"), input.dtype)


def _extreme(input: Tensor, dim: int, keepdim: bool, find: Any, node: str) -> ValuesAndIndices:
    axis = wrap_dim(dim, input._raw.ndim)
    raw = np.atleast_1d(input._raw)
    if raw.shape[axis] == 0:
        raise IndexError(f"Expected reduction dim {axis} to have non-zero size.")
    found = find(raw, axis=axis, keepdims=keepdim and input._raw.ndim > 0)
    indices = np.asarray(found, np.int64).reshape(() if input._raw.ndim == 0 else found.shape)
    return pick_along(input, indices, axis, keepdim, node)


def pick_along(
    input: Tensor, indices: np.ndarray, axis: int, keepdim: bool, node: str
) -> ValuesAndIndices:
    """The elements along `axis` at `indices`, one of each line, and the indices."""
    if not input.ndim:
        # A number is reduced as the line of one element that it is.
        input, keepdim = input.reshape(1), False
    values = apply(_max_dim, (input,), (indices, axis, keepdim, node), input.dtype)
    return pair(node, values, wrap(indices, dtypes.int64))


@takes_out(casts=True)
def max(input: Tensor, dim=None, keepdim: bool = False, *, other: Tensor | None = None):
    """The largest element; along `dim` its index too; of two tensors, `maximum`. As `torch.max`."""
    second = dim if isinstance(dim, Tensor) else other
    if second is not None:
        from dltk.ops.pointwise import maximum

        return maximum(input, second)
    if dim is None:
        _check_not_empty(input, "max")
        dims = wrap_dims(None, input._raw.ndim)
        return apply(_amax, (input,), (dims, False, "MaxBackward1"), input.dtype)
    return _extreme(input, dim, keepdim, np.argmax, "MaxBackward0")


@takes_out(casts=True)
def min(input: Tensor, dim=None, keepdim: bool = False, *, other: Tensor | None = None):
    """The smallest element; along `dim` its index too; of two, `minimum`. As `torch.min`."""
    second = dim if isinstance(dim, Tensor) else other
    if second is not None:
        from dltk.ops.pointwise import minimum

        return minimum(input, second)
    if dim is None:
        _check_not_empty(input, "min")
        dims = wrap_dims(None, input._raw.ndim)
        return apply(_amin, (input,), (dims, False, "MinBackward1"), input.dtype)
    return _extreme(input, dim, keepdim, np.argmin, "MinBackward0")


def _arg(input: Tensor, dim: int | None, keepdim: bool, find: Any) -> Tensor:
    name = find.__name__
    if dim is not None and not isinstance(dim, int):
        raise TypeError(f"{name}(): argument 'dim' must be int, not {type(dim).__name__}")
    if input.dtype is dtypes.bool_:
        raise RuntimeError(f"\"{name}_cpu\" not implemented for 'Bool'")
    if dim is None:
        if input._raw.size == 0:
            raise IndexError(
                f"{name}(): Expected reduction dim to be specified for input.numel() == 0. Specify "
                "the reduction dim with the 'dim' argument."
            )
        found = find(input._raw)
        raw = np.asarray(found).reshape((1,) * input._raw.ndim if keepdim else ())
    else:
        axis = wrap_dim(dim, input._raw.ndim)
        if input._raw.ndim and input._raw.shape[axis] == 0:
            raise IndexError(f"{name}(): Expected reduction dim {axis} to have non-zero size.")
        raw = find(np.atleast_1d(input._raw), axis=axis, keepdims=keepdim)
        raw = np.asarray(raw) if input._raw.ndim else np.asarray(0)
    return wrap(raw.astype(np.int64), dtypes.int64)


@takes_out
def argmax(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """Where the first of the largest elements is. As `torch.argmax`."""
    return _arg(input, dim, keepdim, np.argmax)


@takes_out
def argmin(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """Where the first of the smallest elements is. As `torch.argmin`."""
    return _arg(input, dim, keepdim, np.argmin)


def _logical(function: Any, input: Tensor, dim: Any, keepdim: bool) -> Tensor:
    raw = function(input._raw, axis=wrap_dims(dim, input._raw.ndim), keepdims=keepdim)
    # Torch's bytes were its booleans once, and still answer with bytes.
    if input.dtype is dtypes.uint8:
        return wrap(raw.astype(np.uint8), dtypes.uint8)
    return wrap(raw, dtypes.bool_)


@takes_out
def all(input: Tensor, dim=None, keepdim: bool = False) -> Tensor:
    """Whether all elements are non-zero. As `torch.all`."""
    return _logical(np.all, input, dim, keepdim)


@takes_out
def any(input: Tensor, dim=None, keepdim: bool = False) -> Tensor:
    """Whether any element is non-zero. As `torch.any`."""
    return _logical(np.any, input, dim, keepdim)


@takes_out(casts=True)
def cumsum(input: Tensor, dim: int) -> Tensor:
    """The running sum along `dim`. As `torch.cumsum`."""
    if not input.dtype.is_floating_point:
        axis = wrap_dim(dim, input._raw.ndim)
        if not input.ndim:
            return input.to(dtypes.int64)
        return wrap(np.cumsum(input._raw, axis=axis, dtype=np.int64), dtypes.int64)
    return apply(_cumsum, (input,), (wrap_dim(dim, input._raw.ndim),), input.dtype)
