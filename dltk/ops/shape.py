"""Views: other shapes, strides and offsets over the same memory."""

from __future__ import annotations

import operator
from typing import Any

from dltk.autograd.state import state
from dltk.core.dispatch import apply, finish
from dltk.core.primitive import Primitive
from dltk.core.storage import numel
from dltk.core.tensor import Tensor, alias, row_major, wrap_dim, wrap_dims
from dltk.core.view import looking_at, region_index, view_of
from dltk.layout import views
from dltk.layout.broadcast import expand_strides
from dltk.layout.strides import contiguous_strides
from dltk.ops.options import check_options, contiguous_format
from dltk.ops.pointwise import clone

_transpose = Primitive(
    "transpose",
    "x",
    lambda ops, x, dim0, dim1, node: ops.transpose(x, dim0, dim1),
    lambda dim0, dim1, node: node,
    "dim0 dim1 node",
)
_permute = Primitive(
    "permute", "x", lambda ops, x, dims: ops.permute(x, dims), "PermuteBackward0", "dims"
)
_reshape = Primitive(
    "reshape",
    "x",
    lambda ops, x, shape, node: ops.reshape(x, shape),
    lambda shape, node: node,
    "shape node",
)
_expand = Primitive(
    "expand", "x", lambda ops, x, shape: ops.expand(x, shape), "ExpandBackward0", "shape"
)
_as_strided = Primitive(
    "as_strided",
    "x",
    lambda ops, x, positions, node: ops.index(ops.reshape(x, (-1,)), (positions,)),
    lambda positions, node: node,
    "positions node",
)


def sizes_of(sizes: tuple) -> tuple[int, ...]:
    """Sizes given one by one or as one sequence, as a tuple.

    Raises:
        TypeError: one of them is no integer.
    """
    if len(sizes) == 1 and isinstance(sizes[0], tuple | list):
        sizes = tuple(sizes[0])
    for size in sizes:
        if type(size) is not int and (isinstance(size, bool) or not hasattr(size, "__index__")):
            raise TypeError(f"sizes must be integers, but found {type(size).__name__} in {sizes}")
    return tuple([operator.index(size) for size in sizes])


def _shape(tensor: Tensor) -> tuple[int, ...]:
    return tuple(tensor._raw.shape)


def view(input: Tensor, *shape: Any) -> Tensor:
    """The same memory in another shape, one size of which may be -1. As `torch.Tensor.view`.

    Raises:
        RuntimeError: the element counts differ, or no strides walk the memory in that shape.
    """
    if (
        len(shape) == 1
        and not isinstance(shape[0], int | tuple | list)
        and hasattr(shape[0], "itemsize")
    ):
        raise NotImplementedError("view(dtype) is not in dltk's scope; use to(dtype)")
    sizes = views.infer_size(sizes_of(shape), input._raw.size)
    result = _viewed(input, sizes, "ViewBackward0")
    if result is None:
        raise RuntimeError(
            "view size is not compatible with input tensor's size and stride (at least one "
            "dimension spans across two contiguous subspaces). Use .reshape(...) instead."
        )
    return result


def _viewed(input: Tensor, sizes: tuple[int, ...], node: str) -> Tensor | None:
    if input._raw.size == 0:
        same = sizes == _shape(input)
        strides = input._layout_strides() if same else contiguous_strides(sizes)
    else:
        found = views.view_strides(_shape(input), input._layout_strides(), sizes)
        if found is None:
            return None
        strides = tuple(found)
    return view_of(_reshape, input, (sizes, node), sizes, strides, input._offset)


def reshape(input: Tensor, *shape: Any) -> Tensor:
    """Another shape: a view where one exists, a copy where none does. As `torch.reshape`."""
    sizes = views.infer_size(sizes_of(shape), input._raw.size)
    result = _viewed(input, sizes, "ViewBackward0")
    if result is not None:
        return result
    copy = contiguous(input)
    return apply(_reshape, (copy,), (sizes, "UnsafeViewBackward0"), input.dtype)


def contiguous(input: Tensor, *, memory_format: Any = contiguous_format) -> Tensor:
    """The tensor itself where it is row-major, else a row-major copy."""
    if memory_format is not contiguous_format:
        check_options("contiguous", {"memory_format": memory_format})
    if input.is_contiguous():
        return input
    copy = clone(input)
    copy._raw, copy._strides, copy._storage = row_major(copy._raw), None, None
    return copy


def transpose(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """Dimensions `dim0` and `dim1` exchanged. As `torch.transpose`."""
    return _transposed(input, dim0, dim1, "TransposeBackward0")


def _transposed(input: Tensor, dim0: int, dim1: int, node: str) -> Tensor:
    first, second = wrap_dim(dim0, input.ndim), wrap_dim(dim1, input.ndim)
    if input.ndim == 0:
        return view_of(_reshape, input, ((), node), (), (), input._offset)
    shape, strides = views.transpose(_shape(input), input._layout_strides(), first, second)
    return view_of(_transpose, input, (first, second, node), shape, strides, input._offset)


def t(input: Tensor) -> Tensor:
    """A matrix transposed; a vector stays as it is. As `torch.t`."""
    if input.ndim > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {input.ndim}D")
    if input.ndim < 2:
        return _transposed(input, 0, 0, "TBackward0")
    return _transposed(input, 0, 1, "TBackward0")


def matrix_transposed(input: Tensor) -> Tensor:
    """The last two dimensions exchanged. As `torch.Tensor.mT`."""
    if input.ndim == 0:
        return input
    if input.ndim < 2:
        raise RuntimeError(
            "tensor.mT is only supported on matrices or batches of matrices. Got "
            f"{input.ndim}-D tensor."
        )
    return transpose(input, -2, -1)


def permute(input: Tensor, *dims: Any) -> Tensor:
    """The dimensions in another order. As `torch.permute`."""
    order = sizes_of(dims)
    if len(order) != input.ndim:
        raise RuntimeError(
            "permute(sparse_coo): number of dimensions in the tensor input does not match the "
            f"length of the desired ordering of dimensions i.e. input.dim() = {input.ndim} is not "
            f"equal to len(dims) = {len(order)}"
        )
    order = wrap_dims(order, input.ndim)
    shape, strides = views.permute(_shape(input), input._layout_strides(), order)
    return view_of(_permute, input, (order,), shape, strides, input._offset)


def movedim(input: Tensor, source: Any, destination: Any) -> Tensor:
    """Dimensions moved to other places, the rest in order. As `torch.movedim`."""
    origin = wrap_dims(source, input.ndim)
    target = wrap_dims(destination, input.ndim)
    if len(origin) != len(target):
        raise RuntimeError("movedim: source and destination must have the same number of elements")
    rest = iter([d for d in range(input.ndim) if d not in origin])
    order = [origin[target.index(d)] if d in target else next(rest) for d in range(input.ndim)]
    return permute(input, order)


def squeeze(input: Tensor, dim: Any = None) -> Tensor:
    """Without the dimensions of size 1, or without those of `dim` that have it."""
    dims = wrap_dims(dim, input.ndim)
    if input.ndim == 0:
        return view_of(_reshape, input, ((), "SqueezeBackward0"), (), (), input._offset)
    shape, strides = views.squeeze(_shape(input), input._layout_strides(), dims)
    node = "SqueezeBackward0" if dim is None else "SqueezeBackward1"
    return view_of(_reshape, input, (shape, node), shape, strides, input._offset)


def unsqueeze(input: Tensor, dim: int) -> Tensor:
    """With a new dimension of size 1 at `dim`. As `torch.unsqueeze`."""
    position = wrap_dim(dim, input.ndim + 1)
    shape, strides = views.unsqueeze(_shape(input), input._layout_strides(), position)
    return view_of(_reshape, input, (shape, "UnsqueezeBackward0"), shape, strides, input._offset)


def expand(input: Tensor, *sizes: Any) -> Tensor:
    """Stretched to larger sizes without copying; -1 keeps a size. As `torch.Tensor.expand`."""
    wanted = sizes_of(sizes)
    added = len(wanted) - input.ndim
    if added < 0:
        raise RuntimeError(
            f"expand: the number of sizes provided ({len(wanted)}) must be greater or equal to "
            f"the number of dimensions in the tensor ({input.ndim})"
        )
    shape = tuple(
        input._raw.shape[i - added] if size == -1 and i >= added else size
        for i, size in enumerate(wanted)
    )
    if any(size < 0 for size in shape):
        raise RuntimeError(
            f"The expanded size of the tensor ({min(shape)}) isn't allowed in a leading, "
            "non-existing dimension"
        )
    strides = expand_strides(_shape(input), input._layout_strides(), shape)
    return view_of(_expand, input, (shape,), shape, strides, input._offset)


def expand_as(input: Tensor, other: Tensor) -> Tensor:
    """Stretched to the shape of `other`."""
    return expand(input, _shape(other))


def view_as(input: Tensor, other: Tensor) -> Tensor:
    """The same memory in the shape of `other`."""
    return view(input, _shape(other))


def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """The dimensions from `start_dim` to `end_dim` as one. As `torch.flatten`."""
    first, last = wrap_dim(start_dim, input.ndim), wrap_dim(end_dim, input.ndim)
    if first > last:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    shape = _shape(input)
    if input.ndim > 0 and first == last:
        return input
    return reshape(input, (*shape[:first], numel(shape[first : last + 1]), *shape[last + 1 :]))


def unflatten(input: Tensor, dim: int, sizes: Any) -> Tensor:
    """Dimension `dim` cut into several. As `torch.unflatten`."""
    position = wrap_dim(dim, input.ndim)
    shape = _shape(input)
    parts = views.infer_size(tuple(sizes), shape[position])
    return view(input, (*shape[:position], *parts, *shape[position + 1 :]))


def as_strided(input: Tensor, size: Any, stride: Any, storage_offset: int | None = None) -> Tensor:
    """The storage walked with any shape, strides and offset. As `torch.as_strided`."""
    offset = input._offset if storage_offset is None else storage_offset
    return walked(input, tuple(size), tuple(stride), offset, "AsStridedBackward0")


def walked(
    input: Tensor, shape: tuple[int, ...], strides: tuple[int, ...], offset: int, node: str
) -> Tensor:
    """A view of the storage of `input` that its own dimensions do not give; `node` names it."""
    result = looking_at(input, shape, strides, offset)
    if input.requires_grad or state.levels:
        positions = region_index(input, result)
        finish(_as_strided, (input,), (positions, node), result)
    return result


def detach(input: Tensor) -> Tensor:
    """The same memory without a history. As `torch.Tensor.detach`."""
    return alias(input)
