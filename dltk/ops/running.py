"""Running extremes and running logarithms of sums, and differences of neighbors."""

from __future__ import annotations

import numpy as np

from dltk.core import dtypes
from dltk.core.dispatch import apply
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor, wrap, wrap_dim
from dltk.ops.compare import logical_xor
from dltk.ops.index import narrow
from dltk.ops.join import cat
from dltk.ops.out import takes_out
from dltk.ops.pointwise import sub
from dltk.ops.reduce import ValuesAndIndices, pair

__all__ = ["cummax", "cummin", "diff", "logcumsumexp"]

_running = Primitive(
    "running_extreme",
    "x",
    lambda ops, x, dim, index, node: ops.gather(x, dim, index) if x.ndim else x.copy(),
    lambda dim, index, node: node,
    "dim index node",
)
_logcumsumexp = Primitive(
    "logcumsumexp",
    "x",
    lambda ops, x, dim: ops.logcumsumexp(x, dim) if x.ndim else x.copy(),
    "LogcumsumexpBackward0",
    "dim",
)


def _extreme(input: Tensor, dim: int, accumulate: np.ufunc, node: str) -> ValuesAndIndices:
    raw = input._raw
    axis = wrap_dim(dim, input.ndim) if raw.size or not isinstance(dim, int) else 0
    if input.ndim == 0 or not raw.size:
        places = np.zeros(raw.shape, np.int64)
    else:
        # The last of equal elements is the place, and a NaN is an extreme from where it stands.
        extreme = accumulate.accumulate(raw, axis=axis)
        line = np.arange(raw.shape[axis]).reshape([-1] + [1] * (raw.ndim - axis - 1))
        found = (raw == extreme) | (raw != raw)
        places = np.maximum.accumulate(np.where(found, line, 0), axis=axis).astype(np.int64)
    values = apply(_running, (input,), (axis, places, node), input.dtype)
    return pair(node, values, wrap(places, dtypes.int64))


@takes_out
def cummax(input: Tensor, dim: int) -> ValuesAndIndices:
    """The largest element so far along `dim`, and where it is. As `torch.cummax`."""
    return _extreme(input, dim, np.maximum, "CummaxBackward0")


@takes_out
def cummin(input: Tensor, dim: int) -> ValuesAndIndices:
    """The smallest element so far along `dim`, and where it is. As `torch.cummin`."""
    return _extreme(input, dim, np.minimum, "CumminBackward0")


@takes_out
def logcumsumexp(input: Tensor, dim: int) -> Tensor:
    """ln of the running sum of eˣ along `dim`, without overflow. As `torch.logcumsumexp`."""
    axis = wrap_dim(dim, input.ndim)
    if not input.dtype.is_floating_point:
        raise NotImplementedError(f'"logcumsumexp_out_cpu" not implemented for {input.dtype}')
    return apply(_logcumsumexp, (input,), (axis,), input.dtype)


@takes_out
def diff(
    input: Tensor,
    n: int = 1,
    dim: int = -1,
    prepend: Tensor | None = None,
    append: Tensor | None = None,
) -> Tensor:
    """Each element less the one before it along `dim`, `n` times. As `torch.diff`."""
    if input.ndim == 0:
        raise RuntimeError("diff expects input to be at least one-dimensional")
    if n < 0:
        raise RuntimeError(f"order must be non-negative but got {n}")
    axis = wrap_dim(dim, input.ndim)
    parts = [each for each in (prepend, input, append) if each is not None]
    result = cat(parts, axis) if len(parts) > 1 else input
    if n == 0:
        return result.clone()
    for _ in range(min(n, result.shape[axis])):
        count = result.shape[axis] - 1
        later, earlier = narrow(result, axis, 1, count), narrow(result, axis, 0, count)
        boolean = result.dtype is dtypes.bool_
        result = logical_xor(later, earlier) if boolean else sub(later, earlier)
    return result
