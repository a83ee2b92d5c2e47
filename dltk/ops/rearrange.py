"""The same elements in other places: repeated, turned, shifted, selected, scattered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dltk.autograd.primitive_node import watch
from dltk.core import dtypes
from dltk.core.dispatch import apply
from dltk.core.located import located
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor, wrap, wrap_dim, wrap_dims
from dltk.layout.broadcast import broadcast_shapes
from dltk.ops.out import takes_out
from dltk.ops.places import index_of
from dltk.ops.pointwise import compute
from dltk.ops.shape import sizes_of

_repeat = Primitive(
    "repeat", "x", lambda ops, x, repeats: ops.repeat(x, repeats), "RepeatBackward0", "repeats"
)
_flip = Primitive(
    "flip", "x", lambda ops, x, dims: ops.xp.array(ops.flip(x, dims)), "FlipBackward0", "dims"
)
_roll = Primitive(
    "roll", "x", lambda ops, x, shifts, dims: ops.roll(x, shifts, dims), "RollBackward0",
    "shifts dims",
)  # fmt: skip
_selected = Primitive(
    "selected", "x", lambda ops, x, key: ops.index(x, key), "IndexSelectBackward0", "key"
)
_chosen = Primitive(
    "chosen", "x", lambda ops, x, key, node: ops.index(x, key), lambda key, node: node, "key node"
)


def repeat(input: Tensor, *repeats: Any) -> Tensor:
    """The whole tensor several times along each dimension, copied. As `torch.Tensor.repeat`."""
    counts = sizes_of(repeats)
    if len(counts) < input.ndim:
        raise RuntimeError(
            "Number of dimensions of repeat dims can not be smaller than number of dimensions of "
            "tensor"
        )
    if any(each < 0 for each in counts):
        raise RuntimeError(f"Trying to create tensor with negative dimension: {list(counts)}")
    return apply(_repeat, (input,), (counts,), input.dtype)


def tile(input: Tensor, *dims: Any) -> Tensor:
    """As `repeat`, where leading counts may be left out. As `torch.tile`."""
    counts = sizes_of(dims)
    return repeat(input, (1,) * (input.ndim - len(counts)) + counts)


@located
def repeat_interleave(
    input: Tensor, repeats: int | Tensor | None = None, dim: int | None = None
) -> Tensor:
    """Each slice along `dim` several times in a row. As `torch.repeat_interleave`."""
    if repeats is None:
        return wrap(np.repeat(np.arange(input.numel()), input._raw), dtypes.int64)
    if dim is None:
        input, dim = input.flatten(), 0
    axis = wrap_dim(dim, input.ndim)
    if isinstance(repeats, int):
        if repeats < 0:
            raise RuntimeError("Repeats must be non-negative")
        wide = input.unsqueeze(axis + 1)
        sizes = [-1] * wide.ndim
        sizes[axis + 1] = repeats
        wide = wide.expand(sizes)
        copy = wide.clone() if wide.is_contiguous() else wide.contiguous()
        return copy.flatten(axis, axis + 1)
    if repeats.dtype not in (dtypes.int32, dtypes.int64):
        raise RuntimeError("repeats has to be Long or Int tensor")
    if repeats.ndim > 1:
        raise RuntimeError("repeats must be 0-dim or 1-dim tensor")
    if np.any(repeats._raw < 0):
        raise RuntimeError("repeats can not be negative")
    if repeats.numel() not in (1, input.shape[axis]):
        raise RuntimeError(
            f"repeats must have the same size as input along dim, but got repeats.size(0) = "
            f"{repeats.numel()} and input.size({axis}) = {input.shape[axis]}"
        )
    places = np.repeat(np.arange(input.shape[axis]), repeats._raw)
    return index_select(input, axis, wrap(places, dtypes.int64))


def flip(input: Tensor, *dims: Any) -> Tensor:
    """The order along `dims` reversed, copied. As `torch.flip`."""
    return compute(_flip, (input,), input.dtype, (wrap_dims(sizes_of(dims), input.ndim),))


def fliplr(input: Tensor) -> Tensor:
    """The columns in reverse order. As `torch.fliplr`."""
    if input.ndim < 2:
        raise RuntimeError("Input must be >= 2-d.")
    return flip(input, 1)


def flipud(input: Tensor) -> Tensor:
    """The rows in reverse order. As `torch.flipud`."""
    if input.ndim < 1:
        raise RuntimeError("Input must be >= 1-d.")
    return flip(input, 0)


def roll(input: Tensor, shifts: int | Sequence[int], dims: Any = None) -> Tensor:
    """Elements moved on by `shifts`; what falls off comes back in front. As `torch.roll`."""
    moves = sizes_of((shifts,))
    if dims is None or dims == ():
        if len(moves) != 1:
            raise RuntimeError(f"shifts and dimensions must align. shifts: {len(moves)}, dims:0")
        return apply(_roll, (input,), (moves, ()), input.dtype)
    axes = tuple(wrap_dim(each, input.ndim) for each in sizes_of((dims,)))
    if axes and not input.ndim:
        raise IndexError(f"Dimension specified as {axes[0]} but tensor has no dimensions")
    if len(axes) != len(moves):
        raise RuntimeError(
            f"shifts and dimensions must align. shifts: {len(moves)}, dims:{len(axes)}"
        )
    return apply(_roll, (input,), (moves, axes), input.dtype)


def swapaxes(input: Tensor, axis0: int, axis1: int) -> Tensor:
    """`transpose` under NumPy's name. As `torch.swapaxes`."""
    return input.transpose(axis0, axis1)


def swapdims(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """`transpose` under another name. As `torch.swapdims`."""
    return input.transpose(dim0, dim1)


def broadcast_tensors(*tensors: Tensor) -> tuple[Tensor, ...]:
    """The tensors as views of one common shape. As `torch.broadcast_tensors`."""
    shape = broadcast_shapes(*[tuple(each._raw.shape) for each in tensors])
    return tuple(each.expand(shape) for each in tensors)


@takes_out
def index_select(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """The slices along `dim` that `index` names, as a copy. As `torch.index_select`."""
    axis, places = wrap_dim(dim, input.ndim), index_of(index, "index_select")
    if index.dtype not in (dtypes.int32, dtypes.int64):
        raise RuntimeError("index_select(): Expected dtype int32 or int64 for index")
    if index.ndim > 1:
        raise IndexError("index_select(): Index is supposed to be a vector")
    size = input.shape[axis] if input.ndim else 1
    places = np.atleast_1d(places)
    if input.ndim == 0 and places.size == 1 and places[0] != 0:
        raise RuntimeError("index_select(): index to scalar must be 0")
    if places.size and (places.min() < 0 or places.max() >= size):
        if size == 0:
            raise RuntimeError("index_select(): self must not be empty along the dimension")
        raise IndexError("index out of range in self")
    if input.ndim == 0:
        if places.size != 1:
            raise IndexError("index_select(): Index to scalar can have only 1 value")
        return apply(_selected, (input,), ((),), input.dtype)
    key = (slice(None),) * axis + (places,)
    return watch(apply(_selected, (input,), (key,), input.dtype), index)


@takes_out
def masked_select(input: Tensor, mask: Tensor) -> Tensor:
    """The elements where `mask` holds, in one dimension. As `torch.masked_select`."""
    if mask.dtype is not dtypes.bool_:
        raise RuntimeError("masked_select: expected BoolTensor for mask")
    shape = broadcast_shapes(tuple(input._raw.shape), tuple(mask._raw.shape))
    wide = input if tuple(input._raw.shape) == shape else input.expand(shape)
    key = (np.broadcast_to(mask._raw, shape),)
    if not shape:
        wide, key = input.reshape(1), (np.reshape(mask._raw, 1),)
    return watch(apply(_chosen, (wide,), (key, "MaskedSelectBackward0"), input.dtype), mask)


@takes_out
def take(input: Tensor, index: Tensor) -> Tensor:
    """Elements by their row-major number. As `torch.take`."""
    places = index_of(index, "take")
    if index.dtype is not dtypes.int64:
        raise RuntimeError("take(): Expected a long tensor for index")
    count = input.numel()
    if places.size and (places.min() < -count or places.max() >= count):
        raise IndexError("out of range: tried to access an element outside of the tensor")
    if input.ndim == 0:
        return apply(_chosen, (input.reshape(1),), ((places % 1,), "TakeBackward0"), input.dtype)
    key = np.unravel_index(np.where(places < 0, places + count, places), input._raw.shape)
    return watch(apply(_chosen, (input,), (key, "TakeBackward0"), input.dtype), index)
