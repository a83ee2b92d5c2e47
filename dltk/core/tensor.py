"""The Tensor: a shape, strides and an offset over a storage, and its place in a graph.

Only what a tensor *is* stands here. What can be done with one is in `dltk.ops` and is attached by
`dltk.core.methods`.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

import numpy as np

from dltk.backends import registry
from dltk.backends.use import use
from dltk.core import dtypes
from dltk.core.device import CPU, Device
from dltk.core.dtypes import DType
from dltk.core.storage import Storage
from dltk.layout.strides import contiguous_strides

if TYPE_CHECKING:
    from dltk.autograd.graph import Node
    from dltk.core.view import View


class Size(tuple):
    """The shape of a tensor: a tuple that prints as torch's and knows its element count."""

    __slots__ = ()

    def numel(self) -> int:
        count = 1
        for size in self:
            count *= size
        return count

    def __repr__(self) -> str:
        return f"dltk.Size({list(self)})"


class Tensor:
    """A multi-dimensional array of one dtype that can take part in differentiation.

    `_raw` holds the elements as the backend computes with them: an array, or, for a fresh result
    without dimensions, a NumPy scalar, which is several times cheaper. `_strides` is `None` while
    the tensor is row-major; the storage comes into being at the first alias or in-place write.
    """

    _raw: Any
    dtype: DType
    _strides: tuple[int, ...] | None = None
    _offset = 0
    _storage: Storage | None = None
    _view: View | None = None

    grad: Tensor | None = None
    _requires_grad = False
    _node: Node | None = None
    _slot = 0
    _accumulator: Any = None
    _hooks: Any = None
    _retains_grad = False
    _tangents: dict[int, Tensor] | None = None
    _is_inference = False

    __array_priority__ = 1000
    __hash__ = object.__hash__

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    @property
    def shape(self) -> Size:
        return Size(self._raw.shape)

    def size(self, dim: int | None = None) -> Size | int:
        """The shape, or the size of one dimension."""
        return self.shape if dim is None else self._raw.shape[self._wrap_dim(dim)]

    @property
    def ndim(self) -> int:
        return self._raw.ndim

    def dim(self) -> int:
        """The number of dimensions."""
        return self._raw.ndim

    def numel(self) -> int:
        """The number of elements."""
        return self._raw.size

    nelement = numel

    @property
    def device(self) -> Device:
        return registry.device_of(self._raw) if use.elsewhere else CPU

    @property
    def itemsize(self) -> int:
        return self.dtype.itemsize

    def element_size(self) -> int:
        """The size of one element in bytes."""
        return self.dtype.itemsize

    @property
    def nbytes(self) -> int:
        return self.numel() * self.dtype.itemsize

    def is_floating_point(self) -> bool:
        return self.dtype.is_floating_point

    def is_complex(self) -> bool:
        return False

    def stride(self, dim: int | None = None) -> tuple[int, ...] | int:
        """How many elements to step for one step in each dimension, or in dimension `dim`."""
        strides = self._layout_strides()
        return strides if dim is None else strides[self._wrap_dim(dim)]

    def storage_offset(self) -> int:
        """Where in the storage the first element lies, in elements."""
        return self._offset

    def data_ptr(self) -> int:
        """The address of the first element in bytes, 0 for a tensor without elements."""
        if self._raw.size == 0:
            return 0
        return self._alias().data.ctypes.data + self._offset * self.dtype.itemsize

    def is_contiguous(self) -> bool:
        """Whether the elements lie row-major without gaps."""
        return self._strides is None or self._raw.flags.c_contiguous

    def _layout_strides(self) -> tuple[int, ...]:
        if self._strides is None:
            return contiguous_strides(self._raw.shape)
        return self._strides

    def _wrap_dim(self, dim: int) -> int:
        return wrap_dim(dim, self._raw.ndim)

    def _alias(self) -> Storage:
        """The storage, made now if nothing shared this tensor's memory until now."""
        storage = self._storage
        if storage is None:
            raw = row_major(self._raw)
            storage = self._storage = Storage(raw.reshape(-1))
            self._raw = storage.data.reshape(self._raw.shape)
        elif storage.data is None:
            storage.data = row_major(self._raw).reshape(-1)
            for each in [reference() for reference in storage.sharing]:
                if each is not None and each._storage is storage:
                    each._raw = storage.data.reshape(each._raw.shape)
        return storage

    @property
    def _version(self) -> int:
        return 0 if self._storage is None else self._storage.version

    @property
    def requires_grad(self) -> bool:
        """Whether operations on this tensor are recorded."""
        if self._view is not None:
            self._view.refresh(self)
        return self._requires_grad

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        self.requires_grad_(value)

    @property
    def grad_fn(self) -> Node | None:
        """The node of the operation that made this tensor; `None` for a leaf."""
        if self._view is not None:
            self._view.refresh(self)
        return self._node

    @property
    def is_leaf(self) -> bool:
        """Whether this tensor was made by the user, not by a recorded operation."""
        return self.grad_fn is None

    def __len__(self) -> int:
        if self._raw.ndim == 0:
            raise TypeError("len() of a 0-d tensor")
        return self._raw.shape[0]

    def item(self) -> bool | int | float:
        """The only element as a Python number."""
        if self._raw.size != 1:
            raise RuntimeError(
                f"a Tensor with {self._raw.size} elements cannot be converted to Scalar"
            )
        return self._raw.item()

    def tolist(self) -> Any:
        """The elements as nested lists of Python numbers."""
        return self._raw.tolist()

    def __bool__(self) -> bool:
        if self._raw.size != 1:
            what = "no values" if self._raw.size == 0 else "more than one value"
            raise RuntimeError(f"Boolean value of Tensor with {what} is ambiguous")
        return bool(self._raw.item())

    def __float__(self) -> float:
        return float(self._number())

    def __int__(self) -> int:
        return int(self._number())

    def _number(self) -> bool | int | float:
        if self._raw.size != 1:
            raise ValueError("only one element tensors can be converted to Python scalars")
        return self._raw.item()

    def __index__(self) -> int:
        if self.dtype.is_floating_point or self._raw.size != 1:
            raise TypeError("only integer tensors of a single element can be converted to an index")
        return int(self.item())

    def __contains__(self, element) -> bool:
        return bool((self == element).any().item())

    def __iter__(self):
        if self._raw.ndim == 0:
            raise TypeError("iteration over a 0-d tensor")
        return iter(self.unbind(0))

    def __format__(self, spec: str) -> str:
        # `object` refuses any spec but the empty one.
        return format(self.item(), spec) if self._raw.ndim == 0 else super().__format__(spec)

    def __reversed__(self) -> Tensor:
        return self.flip(0) if self._raw.ndim else self

    def __dlpack__(self, **options: Any) -> Any:
        """The memory for another library, not a copy; `BufferError` if it requires a gradient."""
        if self.requires_grad:
            raise BufferError("Can't export tensors that require gradient, use tensor.detach()")
        return self.numpy().__dlpack__(**options)

    def __dlpack_device__(self) -> tuple[int, int]:
        """The kind of device and its number, as DLPack counts them: `(1, 0)` is the CPU."""
        if use.elsewhere and self.device != CPU:
            raise BufferError(f"the memory of {self.device} cannot be lent; copy it with cpu()")
        return (1, 0)

    def __reduce__(self):
        if use.elsewhere and self.device != CPU:
            array = registry.moved(self._raw, CPU)
            return from_array, (array, self._requires_grad, self.device)
        return from_array, (np.array(self._raw), self._requires_grad)


def wrap_dim(dim: int, ndim: int) -> int:
    """`dim` counted from the front; a 0-d tensor counts as one dimension.

    Raises:
        IndexError: `dim` is outside of `[-ndim, ndim - 1]`.
    """
    count = max(ndim, 1)
    if not -count <= dim < count:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-count}, {count - 1}], "
            f"but got {dim})"
        )
    return dim % count


def wrap_dims(dim, ndim: int) -> tuple[int, ...]:
    """One or several dimensions counted from the front; `None` means all of them.

    Raises:
        RuntimeError: a dimension is named twice.
    """
    if dim is None:
        return tuple(range(ndim))
    dims: list[int] = []
    for each in (dim,) if isinstance(dim, int) else dim:
        wrapped = wrap_dim(each, ndim)
        if wrapped in dims:
            raise RuntimeError(f"dim {wrapped} appears multiple times in the list of dims")
        dims.append(wrapped)
    return tuple(dims) if ndim else ()


def wrap(raw: Any, dtype: DType | None = None) -> Tensor:
    """A fresh row-major tensor around `raw`, which nobody else writes to."""
    tensor = Tensor()
    tensor._raw = registry.settled(raw) if use.elsewhere else raw
    tensor.dtype = dtypes.BY_NUMPY[raw.dtype] if dtype is None else dtype
    return tensor


def from_array(array: np.ndarray, requires_grad: bool = False, device: Device = CPU) -> Tensor:
    """A leaf that owns `array`, or a copy of it on another device."""
    raw = array if device is CPU else registry.moved(array, device)
    tensor = wrap(raw, dtypes.from_numpy(array.dtype))
    tensor._requires_grad = requires_grad
    return tensor


def alias(tensor: Tensor) -> Tensor:
    """The same elements without a history; a write through either is known to both."""
    storage = tensor._alias()
    same = wrap(tensor._raw, tensor.dtype)
    same._strides, same._offset, same._storage = tensor._strides, tensor._offset, storage
    return same


def row_major(raw: Any) -> np.ndarray:
    """The elements row by row, in memory that may be written to: a copy where they are not."""
    if use.elsewhere and registry.device_of(raw) != CPU:
        return raw.row_major()
    raw = np.ascontiguousarray(raw)
    return raw if raw.flags.writeable else raw.copy()


def twin(tensor: Tensor) -> Tensor:
    """An alias of a fresh tensor that leaves its elements in the order a kernel gave them.

    Bringing them in line takes a copy, which is not worth it while nobody looks at the memory.
    """
    if tensor._storage is not None or tensor._raw.flags.c_contiguous:
        return alias(tensor)
    same = wrap(tensor._raw, tensor.dtype)
    sharing = (weakref.ref(tensor), weakref.ref(same))
    tensor._storage = same._storage = Storage(None, sharing)
    return same


def over(
    storage: Storage, shape: tuple[int, ...], strides: tuple[int, ...], offset: int, dtype: DType
) -> Tensor:
    """A tensor that walks `storage`."""
    tensor = Tensor()
    if use.elsewhere:
        storage.data = registry.settled(storage.data)
    tensor._raw = storage.walk(shape, strides, offset)
    tensor.dtype = dtype
    tensor._strides = tuple(strides)
    tensor._offset = offset
    tensor._storage = storage
    return tensor
