"""Diagonals and triangles of matrices, and windows: views and copies of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from dltk.core.dispatch import apply
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor, wrap_dim
from dltk.ops.out import takes_out
from dltk.ops.pointwise import refuse_booleans
from dltk.ops.shape import walked

_tril = Primitive("tril", "x", lambda ops, x, k: ops.tril(x, k), "TrilBackward0", "k")
_triu = Primitive("triu", "x", lambda ops, x, k: ops.triu(x, k), "TriuBackward0", "k")
_trace = Primitive("trace", "x", lambda ops, x: ops.trace(x), "TraceBackward0")
_embed = Primitive(
    "diag_embed", "x", lambda ops, x, k: ops.diag_embed(x, k), "DiagEmbedBackward0", "k"
)
_diagonal_copy = Primitive(
    "diagonal_copy", "x", lambda ops, x, k: ops.diagonal(x, k), "DiagonalBackward0_copy", "k"
)


def _triangle(primitive: Primitive, input: Tensor, diagonal: int) -> Tensor:
    if input.ndim < 2:
        raise RuntimeError(f"{primitive.name}: input tensor must have at least 2 dimensions")
    return apply(primitive, (input,), (diagonal,), input.dtype)


@takes_out
def tril(input: Tensor, diagonal: int = 0) -> Tensor:
    """Matrices with zeros above a diagonal. As `torch.tril`."""
    return _triangle(_tril, input, diagonal)


@takes_out
def triu(input: Tensor, diagonal: int = 0) -> Tensor:
    """Matrices with zeros below a diagonal. As `torch.triu`."""
    return _triangle(_triu, input, diagonal)


def trace(input: Tensor) -> Tensor:
    """The sum of a matrix's diagonal. As `torch.trace`."""
    if input.ndim != 2:
        raise RuntimeError(f"trace: expected a matrix, but got tensor with dim {input.ndim}")
    refuse_booleans(input.dtype, "trace")
    if not input.dtype.is_floating_point:
        return input.diagonal().sum()
    return apply(_trace, (input,), (), input.dtype)


def diagonal(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """A diagonal of two dimensions, as a view whose last dimension it is. As `torch.diagonal`."""
    first, second = wrap_dim(dim1, input.ndim), wrap_dim(dim2, input.ndim)
    if first == second:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    shape, strides = tuple(input._raw.shape), input._layout_strides()
    rest = [d for d in range(input.ndim) if d not in (first, second)]
    down, across = max(-offset, 0), max(offset, 0)
    length = max(min(shape[first] - down, shape[second] - across), 0)
    start = input._offset + (down * strides[first] + across * strides[second] if length else 0)
    return walked(
        input,
        (*[shape[d] for d in rest], length),
        (*[strides[d] for d in rest], strides[first] + strides[second]),
        start,
        "DiagonalBackward0",
    )


@takes_out
def diag(input: Tensor, diagonal: int = 0) -> Tensor:
    """A matrix with a vector on a diagonal, or a matrix's diagonal, copied. As `torch.diag`."""
    if input.ndim not in (1, 2):
        raise RuntimeError(f"diag(): Supports 1D or 2D tensors. Got {input.ndim}D")
    chosen = _embed if input.ndim == 1 else _diagonal_copy
    return apply(chosen, (input,), (diagonal,), input.dtype)


def unfold(input: Tensor, dimension: int, size: int, step: int) -> Tensor:
    """All windows of `size` along a dimension, as a view. As `torch.Tensor.unfold`."""
    axis = wrap_dim(dimension, input.ndim)
    shape = tuple(input._raw.shape) or (1,)
    strides = input._layout_strides() or (1,)
    if size > shape[axis]:
        raise RuntimeError(
            f"maximum size for tensor at dimension {axis} is {shape[axis]} but size is {size}"
        )
    if size < 0:
        raise RuntimeError(f"size is {size} but must be >= 0")
    if step <= 0:
        raise RuntimeError(f"step is {step} but must be > 0")
    count = (shape[axis] - size) // step + 1
    sizes, steps = [*shape], [*strides]
    sizes[axis], steps[axis] = count, strides[axis] * step
    if input.ndim == 0:
        sizes, steps = [], []
    return walked(input, (*sizes, size), (*steps, strides[axis]), input._offset, "UnfoldBackward0")


def tril_indices(row: int, col: int, offset: int = 0, *, device: Any = None) -> Tensor:
    """The rows and columns of a lower triangle. As `torch.tril_indices`."""
    return _pairs(np.tril_indices(row, offset, col), device)


def triu_indices(row: int, col: int, offset: int = 0, *, device: Any = None) -> Tensor:
    """The rows and columns of an upper triangle. As `torch.triu_indices`."""
    return _pairs(np.triu_indices(row, offset, col), device)


def _pairs(found: tuple, device: Any) -> Tensor:
    from dltk.ops.create import made

    return made(np.stack(found).astype(np.int64), False, device)
