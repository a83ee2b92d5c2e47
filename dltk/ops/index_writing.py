"""Slices and elements replaced by those of another tensor, as a new tensor."""

from __future__ import annotations

from typing import Any

import numpy as np

from dltk.autograd.primitive_node import watch
from dltk.backends import cpu
from dltk.core import dtypes
from dltk.core.dispatch import apply, finish
from dltk.core.located import located
from dltk.core.operands import element, is_number, laid_out_like
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor, wrap, wrap_dim
from dltk.layout.broadcast import broadcast_shapes
from dltk.ops.assign import index_put_into, put_at
from dltk.ops.index import advanced, gather
from dltk.ops.out import takes_out
from dltk.ops.places import index_of, vector_places

__all__ = [
    "diagonal_scatter", "index_add", "index_copy", "index_fill", "index_put", "masked_scatter",
    "put", "select_scatter", "slice_scatter", "take_along_dim",
]  # fmt: skip


def _add_at(ops, x, y, key, alpha, node):
    result = ops.xp.array(x)
    ops.xp.add.at(result, key, y if alpha == 1 else alpha * y)
    return result


_index_added = Primitive(
    "index_added", "x y", _add_at, lambda key, alpha, node: node, "key alpha node"
)
_added_at = Primitive("added_at", "x y", _add_at, lambda key, alpha, node: node, "key alpha node")


def _copy_at(ops, x, y, key):
    result = ops.xp.array(x)
    result[key] = y
    return result


_index_copied = Primitive("index_copied", "x y", _copy_at, "IndexCopyBackward0", "key")


def _fill_at(ops, x, key, value):
    result = ops.xp.array(x)
    result[key] = value
    return result


_index_fill = Primitive("index_fill", "x", _fill_at, "IndexFillBackward0", "key value")


def _mask_scattered(ops, x, y, mask):
    result = ops.xp.array(x)
    result[mask] = y.reshape(-1)[: int(mask.sum())]
    return result


_masked_scatter = Primitive(
    "masked_scatter", "x y", _mask_scattered, "MaskedScatterBackward0", "mask"
)


@located
def _apply_like(primitive: Primitive, inputs: tuple[Tensor, ...], params: tuple) -> Tensor:
    """`apply` whose result lies in memory as the first operand does."""
    raw = primitive.kernel(cpu.ops, *[each._raw for each in inputs], *params)
    result = laid_out_like(inputs[0], np.asarray(raw), inputs[0].dtype)
    return finish(primitive, inputs, params, result)


def _sources(
    name: str, input: Tensor, dim: int, index: Tensor, source: Any
) -> tuple[tuple, Tensor]:
    """The key of the slices that are written, and what is written to them."""
    axis, places = vector_places(input, dim, index, name)
    if not isinstance(source, Tensor):
        raise TypeError(f"{name}(): argument 'source' must be Tensor, not {type(source).__name__}")
    if source.dtype is not input.dtype:
        raise RuntimeError(
            f"{name}(): self ({input.dtype}) and source ({source.dtype}) must have the same dtype"
        )
    if input.ndim == 0 and source.ndim == 0:
        return (places,), source.reshape(1)
    want = (*input._raw.shape[:axis], places.size, *input._raw.shape[axis + 1 :])
    if source.ndim != input.ndim:
        raise (IndexError if name == "index_copy" else RuntimeError)(
            f"{name}(): source of shape {list(source.shape)} must have as many dimensions as self "
            f"of shape {list(input.shape)}"
        )
    if source._raw.shape != want:
        counted = source._raw.shape[axis] != places.size
        raise (IndexError if name == "index_copy" and counted else RuntimeError)(
            f"{name}(): source of shape {list(source.shape)} does not match the slices of shape "
            f"{list(want)}"
        )
    return (slice(None),) * axis + (places,), source


@takes_out
def index_add(input: Tensor, dim: int, index: Tensor, source: Tensor, *, alpha: Any = 1) -> Tensor:
    """The slices of `source` added where `index` says along `dim`. As `torch.index_add`."""
    key, source = _sources("index_add", input, dim, index, source)
    if input.ndim == 0:
        return index_add(input.reshape(1), 0, index, source, alpha=alpha).reshape(())
    result = apply(_index_added, (input, source), (key, alpha, "IndexAddBackward0"), input.dtype)
    return watch(result, index)


@takes_out
def index_copy(input: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    """The slices of `source` written where `index` says along `dim`. As `torch.index_copy`."""
    key, source = _sources("index_copy", input, dim, index, source)
    if input.ndim == 0:
        return index_copy(input.reshape(1), 0, index, source).reshape(())
    result = apply(_index_copied, (input, source), (key,), input.dtype)
    return watch(result, index)


@located
def index_fill(input: Tensor, dim: int, index: Tensor, value: Any) -> Tensor:
    """The slices that `index` names along `dim` all `value`. As `torch.index_fill`."""
    axis, places = vector_places(input, dim, index, "index_fill")
    if input.ndim == 0:
        return index_fill(input.reshape(1), 0, index, value).reshape(())
    key = (slice(None),) * axis + (places,)
    if isinstance(value, Tensor):
        if value.ndim:
            raise RuntimeError(
                "index_fill_ only supports a 0-dimensional value tensor, but got tensor with "
                f"{value.ndim} dimension(s)."
            )
        value = value.to(input.dtype)
        result = _apply_like(put_at, (input, value), (key, "IndexFillBackward1"))
        return watch(result, index)
    if not is_number(value):
        raise TypeError(f"index_fill(): value must be a number, not {type(value).__name__}")
    result = _apply_like(_index_fill, (input,), (key, element(value, input.dtype)))
    return watch(result, index)


def index_put(input: Tensor, indices: Any, values: Tensor, accumulate: bool = False) -> Tensor:
    """`input` with `values` written, or added, at `indices`. As `torch.index_put`."""
    if isinstance(indices, Tensor):
        raise TypeError("index_put(): argument 'indices' must be tuple of Tensors, not Tensor")
    if not isinstance(values, Tensor):
        kind = type(values).__name__
        raise TypeError(f"index_put(): argument 'values' (position 2) must be Tensor, not {kind}")
    viewed, key = advanced(input, tuple(_places(each) for each in indices))
    shape = viewed._raw[key].shape
    fits = all(a in (1, b) for a, b in zip(values.shape[::-1], shape[::-1], strict=False))
    if values.ndim > len(shape) or not fits:
        raise RuntimeError(
            f"shape mismatch: value tensor of shape {list(values.shape)} cannot be broadcast to "
            f"indexing result of shape {list(shape)}"
        )
    if not accumulate:
        return index_put_into(viewed, values, key)
    if values.dtype is not input.dtype:
        raise RuntimeError(
            f"Index put requires the source and destination dtypes match, got {input.dtype} for "
            f"the destination and {values.dtype} for the source."
        )
    return _apply_like(_added_at, (viewed, values), (key, 1, "IndexPutBackward0"))


def _places(index: Tensor | None) -> Any:
    """An entry of `index_put`; a number chooses places as a vector does, and makes no view."""
    if index is None:
        return slice(None)
    return index if index.ndim or index.dtype is dtypes.bool_ else index.reshape(1)


@takes_out
def put(input: Tensor, index: Tensor, source: Tensor, accumulate: bool = False) -> Tensor:
    """Elements by their row-major number replaced, or added to. As `torch.put`."""
    places = index_of(index, "put")
    count = input.numel()
    if places.size != source.numel():
        raise IndexError(
            f"put_(): Expected source and index to have the same number of elements, but got "
            f"source.numel() = {source.numel()}, index.numel() = {places.size}"
        )
    if places.size and (places.min() < -count or places.max() >= count):
        raise IndexError(f"put_(): index is out of bounds for a tensor of {count} elements")
    flat = input.reshape(-1)
    chosen = (wrap(np.where(places < 0, places + count, places).reshape(-1)),)
    changed = index_put(flat, chosen, source.reshape(-1), accumulate)
    return changed.reshape(tuple(input._raw.shape))


@located
def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """Where `mask` holds, the elements of `source` in order. As `torch.masked_scatter`."""
    if mask.dtype is not dtypes.bool_:
        raise RuntimeError(f"masked_scatter: expected BoolTensor for mask, got {mask.dtype}")
    if source.dtype is not input.dtype:
        raise RuntimeError(
            f"masked_scatter: expected self and source to have same dtypes but got {input.dtype} "
            f"and {source.dtype}"
        )
    shape = broadcast_shapes(tuple(input._raw.shape), tuple(mask._raw.shape))
    chosen = np.broadcast_to(mask._raw, shape)
    if int(chosen.sum()) > source.numel():
        raise RuntimeError(
            f"Number of elements of source < number of ones in mask: {source.numel()} < "
            f"{int(chosen.sum())}"
        )
    wide = input if tuple(input._raw.shape) == shape else input.expand(shape)
    return watch(apply(_masked_scatter, (wide, source), (chosen,), input.dtype), mask)


@takes_out
def take_along_dim(input: Tensor, indices: Tensor, dim: int | None = None) -> Tensor:
    """`gather` with broadcasting; all elements in a row without `dim`. As `torch`."""
    if indices.dtype is not dtypes.int64:
        raise RuntimeError(
            f"torch.take_along_dim(): dtype of indices should be Long but got {indices.dtype}"
        )
    if dim is None:
        return gather(input.reshape(-1), 0, indices.reshape(-1))
    axis = wrap_dim(dim, input.ndim)
    sizes, places = [*input.shape], [*indices.shape]
    sizes[axis] = places[axis] = 1
    common = broadcast_shapes(tuple(sizes), tuple(places))
    wide = (*common[:axis], -1, *common[axis + 1 :])
    return gather(input.expand(wide), axis, indices.expand(wide))


def _with_view(input: Tensor, src: Tensor, view: Any, name: str) -> Tensor:
    result = input.clone()
    target = view(result)
    if target.shape != src.shape:
        raise RuntimeError(
            f"{name}(): expected src to have the size of the part, {list(target.shape)}, got "
            f"{list(src.shape)}"
        )
    target.copy_(src)
    return result


def select_scatter(input: Tensor, src: Tensor, dim: int, index: int) -> Tensor:
    """The slice number `index` along `dim` replaced by `src`. As `torch.select_scatter`."""
    return _with_view(input, src, lambda x: x.select(dim, index), "select_scatter")


def slice_scatter(
    input: Tensor,
    src: Tensor,
    dim: int = 0,
    start: int | None = None,
    end: int | None = None,
    step: int = 1,
) -> Tensor:
    """The slices from `start` to `end` along `dim` replaced. As `torch.slice_scatter`."""
    key = (slice(None),) * wrap_dim(dim, input.ndim) + (slice(start, end, step),)
    return _with_view(input, src, lambda x: x[key], "slice_scatter")


def diagonal_scatter(
    input: Tensor, src: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1
) -> Tensor:
    """A diagonal replaced by `src`. As `torch.diagonal_scatter`."""
    return _with_view(input, src, lambda x: x.diagonal(offset, dim1, dim2), "diagonal_scatter")
