"""Operations that torch has as methods of Tensor only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dltk.autograd.state import state
from dltk.core import dtypes
from dltk.core.inplace import in_place, resize
from dltk.core.storage import Storage
from dltk.core.tensor import Tensor, wrap
from dltk.layout.broadcast import broadcast_shapes
from dltk.ops.choice import where as where_function
from dltk.ops.convert import to
from dltk.ops.shape import as_strided, expand, reshape, sizes_of


def ndimension(input: Tensor) -> int:
    """The number of dimensions."""
    return input._raw.ndim


def where(input: Tensor, condition: Tensor, other: Any) -> Tensor:
    """The elements where `condition` holds, else those of `other`. As `torch.Tensor.where`."""
    return where_function(condition, input, other)


def broadcast_to(input: Tensor, size: Any) -> Tensor:
    """A view stretched to `size`. As `torch.broadcast_to`."""
    return expand(input, size)


def reshape_as(input: Tensor, other: Tensor) -> Tensor:
    """The elements in the shape of `other`. As `torch.Tensor.reshape_as`."""
    return reshape(input, tuple(other._raw.shape))


def sum_to_size(input: Tensor, *size: Any) -> Tensor:
    """Summed to a shape that broadcasts to this one. As `torch.Tensor.sum_to_size`."""
    wanted = sizes_of(size)
    shape = tuple(input._raw.shape)
    if len(wanted) > len(shape) or broadcast_shapes(wanted, shape) != shape:
        raise RuntimeError(f"size {{{list(wanted)}}} is not expandable to size {{{list(shape)}}}.")
    leading = len(shape) - len(wanted)
    dims = tuple(
        d for d, size in enumerate(shape) if d < leading or wanted[d - leading] == 1 != size
    )
    return input.sum(dims, keepdim=True).reshape(wanted) if dims else input


def type(input: Tensor, dtype: Any = None, non_blocking: bool = False) -> Any:
    """The name of the tensor's type, or the tensor in another dtype. As `torch.Tensor.type`."""
    names = {f"dltk.{title}Tensor": name for name, title in dtypes.TITLES.items()}
    if dtype is None:
        return f"dltk.{dtypes.TITLES[input.dtype.name]}Tensor"
    if isinstance(dtype, str):
        if dtype not in names:
            raise ValueError(f"invalid type: {dtype!r}; one of {', '.join(names)} was expected")
        dtype = dtypes.by_name(names[dtype])
    return to(input, dtype)


def resize_(input: Tensor, *sizes: Any, memory_format: Any = None) -> Tensor:
    """Another shape in the same memory, which grows if it must. As `torch.Tensor.resize_`."""
    if input.requires_grad:
        raise RuntimeError("cannot resize variables that require grad")
    resize(input, sizes_of(sizes))
    return input


def resize_as_(input: Tensor, other: Tensor) -> Tensor:
    """`resize_` to the shape of `other`. As `torch.Tensor.resize_as_`."""
    return resize_(input, tuple(other._raw.shape))


def fill_diagonal_(input: Tensor, fill_value: Any, wrap: bool = False) -> Tensor:
    """One value on the main diagonal, in place. As `torch.Tensor.fill_diagonal_`."""
    if input.ndim < 2:
        raise RuntimeError(f"dimensions must larger than 1, got {input.ndim}")
    shape = tuple(input._raw.shape)
    if input.ndim > 2 and len(set(shape)) > 1:
        raise RuntimeError(f"all dimensions of input must be of equal length, got {list(shape)}")
    step = sum(input._layout_strides())
    count = min(shape)
    if wrap and input.ndim == 2 and shape[0] > shape[1]:
        count = -(-shape[0] * shape[1] // (shape[1] + 1))
    as_strided(input, (count,), (step,), input._offset).fill_(fill_value)
    return input


def apply_(input: Tensor, callable: Callable) -> Tensor:
    """Each element replaced by what a function of Python gives for it, in place."""
    if state.enabled and input.requires_grad:
        raise TypeError("Can't call apply_() on Variable that requires grad. Use no_grad().")
    found = [callable(each) for each in input._raw.ravel().tolist()]
    raw = np.array(found, input.dtype.numpy).reshape(input._raw.shape)
    return in_place(lambda x: wrap(raw, x.dtype), input)


def map_(input: Tensor, tensor: Tensor, callable: Callable) -> Tensor:
    """Each element replaced by a function of it and of another tensor's, in place."""
    if state.enabled and (input.requires_grad or tensor.requires_grad):
        raise TypeError("Can't call map_() on Variable that requires grad. Use no_grad().")
    other = np.broadcast_to(tensor._raw, input._raw.shape).ravel().tolist()
    pairs = zip(input._raw.ravel().tolist(), other, strict=True)
    raw = np.array([callable(x, y) for x, y in pairs], input.dtype.numpy)
    return in_place(lambda x: wrap(raw.reshape(x._raw.shape), x.dtype), input)


def set_(input: Tensor, source: Tensor | None = None) -> Tensor:
    """This tensor over the memory of another one. As `torch.Tensor.set_`."""
    storage = Storage(np.empty(0, input.dtype.numpy)) if source is None else source._alias()
    if source is None:
        input._raw, input._strides, input._offset = storage.data, None, 0
    else:
        input._raw, input._strides, input._offset = source._raw, source._strides, source._offset
        input.dtype = source.dtype
    input._storage = storage
    return input


def is_shared(input: Tensor) -> bool:
    """Whether other processes see the memory; they do not."""
    return False


def is_pinned(input: Tensor) -> bool:
    """Whether the memory is page-locked for an accelerator; it is not."""
    return False


def get_device(input: Tensor) -> int:
    """The index of the device, -1 on the CPU. As `torch.Tensor.get_device`."""
    return -1 if input.device.index is None else input.device.index


METHODS = (
    "ndimension where broadcast_to reshape_as sum_to_size type resize_ resize_as_ "
    "fill_diagonal_ apply_ map_ set_ is_shared is_pinned get_device"
)
