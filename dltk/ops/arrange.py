"""Other ways to put tensors together, cut them, and turn them into matrices."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from dltk.core import dtypes
from dltk.core.located import located
from dltk.core.tensor import Tensor, wrap, wrap_dim
from dltk.ops import shape
from dltk.ops.index import get_item, nonzero
from dltk.ops.join import cat, stack
from dltk.ops.out import takes_out
from dltk.ops.rearrange import flip
from dltk.ops.triangular import diagonal

__all__ = [
    "argwhere", "atleast_1d", "atleast_2d", "atleast_3d", "block_diag", "cartesian_prod",
    "column_stack", "combinations", "diag_embed", "diagflat", "dsplit", "dstack", "hsplit",
    "meshgrid", "narrow_copy", "ravel", "rot90", "tensor_split", "unravel_index", "vsplit",
]  # fmt: skip


def _each(function: Any, tensors: tuple) -> Any:
    """`function` of one tensor, or of each of several."""
    if len(tensors) == 1 and isinstance(tensors[0], Tensor):
        return function(tensors[0])
    several = tensors[0] if len(tensors) == 1 else tensors
    return tuple(function(each) for each in several)


def atleast_1d(*tensors: Any) -> Any:
    """With at least one dimension. As `torch.atleast_1d`."""
    return _each(lambda x: x.reshape(1) if x.ndim == 0 else x, tensors)


def atleast_2d(*tensors: Any) -> Any:
    """With at least two dimensions; a vector is a row. As `torch.atleast_2d`."""

    def matrix(x: Tensor) -> Tensor:
        if x.ndim == 0:
            return x.reshape(1, 1)
        return x.unsqueeze(0) if x.ndim == 1 else x

    return _each(matrix, tensors)


def atleast_3d(*tensors: Any) -> Any:
    """With at least three dimensions. As `torch.atleast_3d`."""

    def cube(x: Tensor) -> Tensor:
        if x.ndim == 0:
            return x.reshape(1, 1, 1)
        if x.ndim == 1:
            return x.unsqueeze(0).unsqueeze(-1)
        return x.unsqueeze(-1) if x.ndim == 2 else x

    return _each(cube, tensors)


def column_stack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Vectors as columns, matrices side by side. As `torch.column_stack`."""
    parts = [each.reshape(each.numel(), 1) if each.ndim < 2 else each for each in tensors]
    return cat(parts, 1, out=out)


def dstack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """One behind the other, along the third dimension. As `torch.dstack`."""
    return cat([atleast_3d(each) for each in tensors], 2, out=out)


def tensor_split(input: Tensor, indices_or_sections: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """Pieces of nearly equal size, or cut at given places, as views. As `torch.tensor_split`."""
    axis = wrap_dim(dim, input.ndim)
    if input.ndim == 0:
        raise RuntimeError(
            "tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims"
        )
    size = input.shape[axis]
    where = indices_or_sections
    if isinstance(where, Tensor):
        where = where.tolist()
    if isinstance(where, int):
        if where <= 0:
            raise RuntimeError(f"number of sections must be larger than 0, got {where}")
        small, larger = divmod(size, where)
        sizes = [small + (i < larger) for i in range(where)]
        where = list(itertools.accumulate(sizes))[:-1]
    bounds = [None, *where, None]
    before = (slice(None),) * axis
    return tuple(
        get_item(input, (*before, slice(start, stop))) for start, stop in itertools.pairwise(bounds)
    )


def _equal_pieces(input: Tensor, where: Any, axis: int, name: str, least: int) -> tuple:
    if input.ndim < least:
        raise RuntimeError(
            f"torch.{name} requires a tensor with at least {least} dimension, but got a tensor "
            f"with {input.ndim} dimensions!"
        )
    if isinstance(where, int) and (where <= 0 or input.shape[axis] % where):
        raise RuntimeError(
            f"torch.{name} attempted to split along dimension {axis}, but the size of the "
            f"dimension {input.shape[axis]} is not divisible by the split_size {where}!"
        )
    return tensor_split(input, where, axis)


def hsplit(input: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """Equal pieces side by side, as views. As `torch.hsplit`."""
    axis = 0 if input.ndim == 1 else 1
    return _equal_pieces(input, indices_or_sections, axis, "hsplit", 1)


def vsplit(input: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """Equal pieces one above the other, as views. As `torch.vsplit`."""
    return _equal_pieces(input, indices_or_sections, 0, "vsplit", 2)


def dsplit(input: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """Equal pieces one behind the other, as views. As `torch.dsplit`."""
    return _equal_pieces(input, indices_or_sections, 2, "dsplit", 3)


def block_diag(*tensors: Tensor) -> Tensor:
    """Matrices on the diagonal of a larger one. As `torch.block_diag`."""
    for position, each in enumerate(tensors):
        if each.ndim > 2:
            raise RuntimeError(
                "torch.block_diag: Input tensors must have 2 or fewer dimensions. Input "
                f"{position} has {each.ndim} dimensions"
            )
    blocks = [atleast_2d(each) for each in tensors]
    width = sum(each.shape[1] for each in blocks)
    rows, before = [], 0
    for each in blocks:
        height, own = each.shape
        left = each.new_zeros((height, before))
        right = each.new_zeros((height, width - before - own))
        rows.append(cat([left, each, right], 1))
        before += own
    return cat(rows, 0)


def meshgrid(*tensors: Any, indexing: str | None = None) -> tuple[Tensor, ...]:
    """Every combination of coordinates, one tensor for each axis. As `torch.meshgrid`."""
    lines = tensors[0] if len(tensors) == 1 and not isinstance(tensors[0], Tensor) else tensors
    if indexing is None:
        warnings.warn(
            "meshgrid: in an upcoming release, it will be required to pass the indexing argument.",
            stacklevel=2,
        )
    elif indexing not in ("ij", "xy"):
        raise RuntimeError(
            f"meshgrid: indexing must be one of 'xy' or 'ij', but received: {indexing}"
        )
    swapped = indexing == "xy" and len(lines) >= 2
    order = [lines[1], lines[0], *lines[2:]] if swapped else list(lines)
    for each in order:
        if each.ndim > 1:
            raise RuntimeError(
                f"meshgrid: Expected 0D or 1D tensor in the tensor list but got shape "
                f"{list(each.shape)}"
            )
        if each.dtype is not order[0].dtype:
            raise RuntimeError(
                f"torch.meshgrid expects all tensors to have the same dtype, got {order[0].dtype} "
                f"and {each.dtype}"
            )
    sizes = [each.numel() for each in order]
    grids = []
    for position, each in enumerate(order):
        alone = [1] * len(order)
        alone[position] = -1
        grids.append(shape.expand(shape.view(each, alone), sizes))
    if swapped:
        grids[:2] = grids[1::-1]
    return tuple(grids)


def cartesian_prod(*tensors: Tensor) -> Tensor:
    """Every combination as a row. As `torch.cartesian_prod`."""
    for each in tensors:
        if each.ndim != 1:
            raise RuntimeError(f"Expect a 1D vector, but got shape {list(each.shape)}")
    if len(tensors) == 1:
        return tensors[0]
    return stack([each.reshape(-1) for each in meshgrid(*tensors, indexing="ij")], 1)


def combinations(input: Tensor, r: int = 2, with_replacement: bool = False) -> Tensor:
    """All choices of `r` elements of a vector, in order. As `torch.combinations`."""
    if input.ndim != 1:
        raise RuntimeError(f"Expect a 1D vector, but got shape {list(input.shape)}")
    if r < 0:
        raise RuntimeError(f"Expect a non-negative number, but got {r}")
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    rows = np.array(list(choose(range(input.shape[0]), r)), np.int64).reshape(-1, r)
    return get_item(input, wrap(rows))


def rot90(input: Tensor, k: int = 1, dims: Sequence[int] = (0, 1)) -> Tensor:
    """Turned by `k` right angles in the plane of two dimensions. As `torch.rot90`."""
    if len(dims) != 2:
        raise RuntimeError(f"expected total rotation dims == 2, but got dims = {len(dims)}")
    if input.ndim < 2:
        raise RuntimeError(f"expected total dims >= 2, but got total dims = {input.ndim}")
    first, second = (wrap_dim(d, input.ndim) for d in dims)
    if first == second:
        raise RuntimeError(f"expected rotation dims to be different, but got {list(dims)}")
    if k % 4 == 1:
        return shape.transpose(flip(input, second), first, second)
    if k % 4 == 2:
        return flip(input, first, second)
    if k % 4 == 3:
        return shape.transpose(flip(input, first), first, second)
    return input.clone()


@takes_out
def diag_embed(input: Tensor, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """Vectors on the diagonals of matrices, zeros elsewhere. As `torch.diag_embed`."""
    if input.ndim == 0:
        raise IndexError("diag_embed(): input must have at least 1 dimension, got 0")
    first, second = wrap_dim(dim1, input.ndim + 1), wrap_dim(dim2, input.ndim + 1)
    if first == second:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    side = input.shape[-1] + abs(offset)
    sizes = [*input.shape[:-1]]
    for d in sorted((first, second)):
        sizes.insert(d, side)
    result = input.new_zeros(sizes)
    diagonal(result, offset, first, second).copy_(input)
    return result


def diagflat(input: Tensor, offset: int = 0) -> Tensor:
    """All elements on the diagonal of a matrix. As `torch.diagflat`."""
    return diag_embed(input.reshape(-1), offset)


def ravel(input: Tensor) -> Tensor:
    """All elements in one dimension. As `torch.ravel`."""
    return shape.view(shape.contiguous(input), -1)


@takes_out
def narrow_copy(input: Tensor, dim: int, start: int, length: int) -> Tensor:
    """`length` slices along `dim` from `start`, copied. As `torch.narrow_copy`."""
    if not 0 <= start <= input.shape[dim] - length:
        raise RuntimeError(
            f"narrow_copy(): start ({start}) + length ({length}) exceeds dimension size "
            f"({input.shape[dim]})"
        )
    return shape.contiguous(input.narrow(dim, start, length)).clone()


def argwhere(input: Tensor) -> Tensor:
    """Where the elements other than zero are, a row for each. As `torch.argwhere`."""
    return nonzero(input)


@located
def unravel_index(indices: Tensor, shape: Any) -> tuple[Tensor, ...]:
    """Row-major numbers as coordinates. As `torch.unravel_index`."""
    sizes = (shape,) if isinstance(shape, int) else tuple(shape)
    if indices.dtype.category != dtypes.INTEGER:
        raise ValueError(f"expected 'indices' to be integer dtype, but got {indices.dtype}")
    found = np.unravel_index(indices._raw, sizes)
    return tuple(wrap(np.asarray(each, np.int64), dtypes.int64) for each in found)
