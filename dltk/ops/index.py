"""Reading and writing parts of a tensor."""

from __future__ import annotations

from operator import index
from typing import Any

import numpy as np

from dltk.autograd.primitive_node import watch
from dltk.autograd.state import tracking
from dltk.backends import registry
from dltk.backends.use import use
from dltk.core import dtypes
from dltk.core.dispatch import apply
from dltk.core.located import located
from dltk.core.operands import element, is_number
from dltk.core.primitive import Primitive
from dltk.core.storage import Storage
from dltk.core.tensor import Tensor, over, wrap, wrap_dim
from dltk.core.view import view_of
from dltk.layout import views
from dltk.layout.broadcast import broadcast_shapes
from dltk.ops.out import takes_out

_slice = Primitive(
    "slice",
    "x",
    lambda ops, x, key, node: ops.index(x, key),
    lambda key, node: node,
    "key node",
)
_index = Primitive("index", "x", lambda ops, x, key: ops.index(x, key), "IndexBackward0", "key")
_gather = Primitive(
    "gather",
    "x",
    lambda ops, x, dim, index: ops.gather(x, dim, index),
    "GatherBackward0",
    "dim index",
)
_masked_fill = Primitive(
    "masked_fill",
    "x",
    lambda ops, x, mask, value: ops.where(mask, value, x),
    "MaskedFillBackward0",
    "mask value",
)
_masked_fill_tensor = Primitive(
    "masked_fill_tensor",
    "x y",
    lambda ops, x, y, mask: ops.where(mask, y, x),
    "MaskedFillBackward1",
    "mask",
)


_NO_NUMBERS = (Tensor, np.ndarray, list, tuple, range, slice, type(None), type(Ellipsis))


def is_basic(item: Any) -> bool:
    return item is None or item is Ellipsis or isinstance(item, slice) or _is_integer(item)


def _is_integer(item: Any) -> bool:
    if isinstance(item, bool | np.bool_):
        return False
    if isinstance(item, Tensor):
        return item.ndim == 0 and item.dtype.category == dtypes.INTEGER and item.dtype.is_signed
    return isinstance(item, int | np.integer)


def _plain(item: Any) -> Any:
    if isinstance(item, slice):
        return slice(*(None if each is None else index(each) for each in _bounds(item)))
    return int(item)


def _bounds(item: slice) -> tuple:
    return item.start, item.stop, item.step


def items_of(index: Any) -> tuple:
    """The entries of an index. A list is one entry, or, if it holds more than numbers, a tuple."""
    if isinstance(index, list) and any(isinstance(each, _NO_NUMBERS) for each in index):
        return tuple(index)
    return index if isinstance(index, tuple) else (index,)


def get_item(input: Tensor, index: Any) -> Tensor:
    """`t[index]`: a view for integers, slices, `None` and `...`; a copy for tensors and lists."""
    items = items_of(index)
    for item in items:
        if isinstance(item, str | bytes):
            raise TypeError(f"new(): invalid data type '{type(item).__name__}'")
        if isinstance(item, int) and not -(1 << 63) <= item < 1 << 63:
            raise ValueError("Overflow when unpacking long long")
    if all(is_basic(item) for item in items):
        return basic(input, items)
    viewed, key = advanced(input, items)
    return watch(apply(_index, (viewed,), (key,), input.dtype), *items)


def basic(input: Tensor, items: tuple) -> Tensor:
    """A view: in one step for integers and slices, entry by entry with new dimensions."""
    if input.ndim == 0 and any(item is not None and item is not Ellipsis for item in items):
        raise IndexError(
            "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or "
            "`tensor.item<T>()` in C++ to convert a 0-dim tensor to a number"
        )
    count = sum(item is not None and item is not Ellipsis for item in items)
    whole = [slice(None)] * max(input.ndim - count, 0)
    _check_ellipses(items, len(whole))
    position = next((i for i, item in enumerate(items) if item is Ellipsis), len(items))
    after = [item for item in items[position:] if item is not Ellipsis]
    full = [*items[:position], *(whole if position < len(items) else ()), *after]
    if not any(item is None for item in full):
        return _walk(input, tuple(_plain(item) for item in full))
    if count > input.ndim:
        raise IndexError(f"too many indices for tensor of dimension {input.ndim}")
    result, dim = input, 0
    for item in full:
        if item is None:
            result = result.unsqueeze(dim)
        elif _is_integer(item) or item != slice(None):
            result = _walk(result, (slice(None),) * dim + (_plain(item),))
        dim += item is None or isinstance(item, slice)
    return result


def _check_ellipses(items: tuple, skipped: int) -> None:
    """Each `...` skips all dimensions that are not named: what follows a second one has none left.

    Only a slice that takes everything asks nothing of the dimension it is for.
    """
    places = [place for place, item in enumerate(items) if item is Ellipsis]
    if skipped and len(places) > 1 and not all(map(_takes_all, items[places[1] :])):
        raise IndexError(f"index {items} has more than one ellipsis")


def _takes_all(item: Any) -> bool:
    return item is Ellipsis or (isinstance(item, slice) and item == slice(None))


def _walk(input: Tensor, key: tuple, node: str = "") -> Tensor:
    """`t[key]`; when recorded, one node for each entry, as torch records it."""
    geometry = views.index_view(
        tuple(input._raw.shape), input._layout_strides(), input._offset, key
    )
    changes = [_changes(item, size) for item, size in zip(key, input._raw.shape, strict=False)]
    steps = sum(changes)
    if steps > 1 and tracking.on and input.requires_grad:
        result, dim = input, 0
        for item, changed in zip(key, changes, strict=True):
            if changed:
                result = _walk(result, (slice(None),) * dim + (item,))
            dim += isinstance(item, slice)
        return result
    if any(isinstance(item, int) for item in key):
        usual = "SelectBackward0"
    else:
        usual = "SliceBackward0" if key else "AliasBackward0"
    return view_of(_slice, input, (key, node or usual), *geometry)


def _changes(item: Any, size: int) -> bool:
    return not isinstance(item, slice) or item.indices(size) != (0, size, 1)


def select(input: Tensor, dim: int, index: int) -> Tensor:
    """The slice number `index` along `dim`, without that dimension. As `torch.select`."""
    if input.ndim == 0:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")
    return _walk(input, (slice(None),) * wrap_dim(dim, input.ndim) + (int(index),))


def part(input: Tensor, dim: int, item: int | slice, node: str) -> Tensor:
    """One slice or several along `dim`, as a view whose graph node is called `node`."""
    return _walk(input, (slice(None),) * dim + (item,), node)


def narrow(input: Tensor, dim: int, start: int, length: int) -> Tensor:
    """`length` slices along `dim` from `start`, as a view. As `torch.narrow`."""
    if input.ndim == 0:
        raise RuntimeError("narrow() cannot be applied to a 0-dim tensor.")
    axis = wrap_dim(dim, input.ndim)
    size = input._raw.shape[axis]
    if not -size <= start <= size:
        raise IndexError(f"start out of range (expected to be in range of [-{size}, {size}])")
    first = start % size if start < 0 else start
    if first + length > size:
        raise RuntimeError(f"start ({start}) + length ({length}) exceeds dimension size ({size}).")
    return _walk(input, (slice(None),) * axis + (slice(first, first + length),))


def advanced(input: Tensor, items: tuple) -> tuple[Tensor, tuple]:
    """The view that the basic part of an index gives, and the key of arrays that is left."""
    arrays = [item if is_basic(item) else _index_array(item, input) for item in items]
    used = sum(_dims_used(item) for item in arrays)
    if used > input.ndim:
        raise IndexError(f"too many indices for tensor of dimension {input.ndim}")
    _check_ellipses(items, input.ndim - used)
    if not any(item is Ellipsis for item in arrays):
        arrays.append(Ellipsis)
    position = next(i for i, item in enumerate(arrays) if item is Ellipsis)
    after = [item for item in arrays[position + 1 :] if item is not Ellipsis]
    full = arrays[:position] + [slice(None)] * (input.ndim - used) + after
    views_key: list = []
    key: list = []
    dim = 0
    for item in full:
        if isinstance(item, np.ndarray):
            views_key.extend([slice(None)] * _dims_used(item))
            key.append(_checked_array(item, input, dim))
        elif item is None:
            views_key.append(None)
            key.append(slice(None))
        elif isinstance(item, slice):
            views_key.append(item)
            key.append(slice(None))
        else:
            # An integer selects before the arrays choose: it is not one of them, as in NumPy.
            views_key.append(int(item))
        dim += _dims_used(item)
    whole = all(isinstance(item, slice) and item == slice(None) for item in views_key)
    return (input if whole else basic(input, tuple(views_key))), tuple(key)


def _index_array(item: Any, input: Tensor) -> np.ndarray:
    array = item._raw if isinstance(item, Tensor) else np.asarray(item)
    array = registry.index_view(array, input._raw) if use.elsewhere else np.asarray(array)
    if array.dtype == bool:
        return array
    if array.dtype == np.uint8:
        return array.astype(bool)  # a mask from the time before torch had booleans
    if array.size == 0 and not isinstance(item, Tensor):
        return array.astype(np.int64)
    short = isinstance(item, Tensor) and array.dtype.itemsize < 4
    if short or array.dtype.kind not in "iu":
        raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
    return array.astype(np.int64)


def _dims_used(item: Any) -> int:
    if item is None or item is Ellipsis:
        return 0
    return item.ndim if isinstance(item, np.ndarray) and item.dtype == bool else 1


def _checked_array(array: np.ndarray, input: Tensor, dim: int) -> np.ndarray:
    shape = input._raw.shape
    if array.dtype == bool:
        if array.shape != shape[dim : dim + array.ndim]:
            raise IndexError(
                f"The shape of the mask {list(array.shape)} at index {dim} does not match the "
                f"shape of the indexed tensor {list(shape)} at index {dim}"
            )
        return array
    size = shape[dim]
    wrong = (array < -size) | (array >= size)
    if wrong.any():
        raise IndexError(
            f"index {array[wrong].flat[0]} is out of bounds for dimension {dim} with size {size}"
        )
    return np.where(array < 0, array + size, array)


@takes_out
def gather(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """Elements along `dim` at the places `index` names. As `torch.gather`."""
    axis = wrap_dim(dim, input.ndim)
    size = input._raw.shape[axis] if input.ndim else 1
    array = index._raw
    if index.ndim != input.ndim and input.ndim and index.ndim:
        raise RuntimeError(
            "Index tensor must have the same number of dimensions as input tensor, got shapes "
            f"{list(array.shape)} and {list(input._raw.shape)}"
        )
    if array.size and any(
        d != axis and array.shape[d] > input._raw.shape[d] for d in range(input.ndim)
    ):
        raise RuntimeError(
            f"Size does not match at some dimension: expected index {list(array.shape)} to be no "
            f"larger than self {list(input._raw.shape)} apart from dimension {axis}"
        )
    if array.size and (array.min() < 0 or array.max() >= size):
        raise RuntimeError(
            f"index {int(array.max())} is out of bounds for dimension {axis} with size {size}"
        )
    return watch(apply(_gather, (input,), (axis, array), input.dtype), index)


@located
def masked_fill(input: Tensor, mask: Tensor, value: Any) -> Tensor:
    """`value` where `mask` holds. As `torch.masked_fill`."""
    if mask.dtype is not dtypes.bool_:
        raise RuntimeError(f"masked_fill only supports boolean masks, but got mask {mask.dtype}")
    shape = broadcast_shapes(tuple(input._raw.shape), tuple(mask._raw.shape))
    wide = input if input._raw.shape == shape else input.expand(shape)
    chosen = np.broadcast_to(mask._raw, shape)
    if isinstance(value, Tensor):
        if value.ndim:
            raise RuntimeError(
                "masked_fill only supports a 0-dimensional value tensor, but got tensor with "
                f"{value.ndim} dimension(s)."
            )
        filled = value.to(input.dtype)
        return watch(apply(_masked_fill_tensor, (wide, filled), (chosen,), input.dtype), mask)
    if not is_number(value):
        raise TypeError(f"masked_fill(): value must be a number, not {type(value).__name__}")
    params = (chosen, element(value, input.dtype))
    return watch(apply(_masked_fill, (wide,), params, input.dtype), mask)


@takes_out
def nonzero(input: Tensor, as_tuple: bool = False) -> Any:
    """Where the elements other than zero are. As `torch.nonzero`."""
    found = np.nonzero(np.atleast_1d(input._raw))
    if as_tuple:
        return tuple(wrap(each.astype(np.int64), dtypes.int64) for each in found)
    places = np.array(found, np.int64) if input.ndim else np.zeros((0, len(found[0])), np.int64)
    count, ndim = places.shape[1], places.shape[0]
    # One dimension after the other in memory, as torch finds them.
    return over(Storage(places.reshape(-1)), (count, ndim), (1, max(count, 1)), 0, dtypes.int64)
