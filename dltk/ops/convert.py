"""Other dtypes, other devices, and the way to NumPy and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from dltk.backends import registry
from dltk.backends.use import use
from dltk.core import dtypes
from dltk.core.device import CPU, Device
from dltk.core.dispatch import finish
from dltk.core.dtypes import DType
from dltk.core.operands import placed
from dltk.core.primitive import Primitive
from dltk.core.storage import Storage
from dltk.core.tensor import Tensor, over
from dltk.devices import placement
from dltk.ops.options import check_options
from dltk.ops.pointwise import clone

_cast = Primitive("cast", "x", lambda ops, x, dtype: x.astype(dtype), "ToCopyBackward0", "dtype")
_move = Primitive(
    "move",
    "x",
    lambda ops, x, device, origin, dtype: registry.moved(x.astype(dtype), device),
    "ToCopyBackward0",
    "device origin dtype",
)


def to(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
    """The tensor in another dtype or on another device; itself where nothing changes.

    `to(dtype)`, `to(device)`, `to(device, dtype)` or `to(other)`; with `copy=True` always a copy.
    As `torch.Tensor.to`.
    """
    dtype, device = kwargs.pop("dtype", None), kwargs.pop("device", None)
    copy = kwargs.pop("copy", False)
    check_options("to", kwargs)
    for each in args:
        if isinstance(each, DType) or each in (bool, int, float):
            dtype = dtypes.as_dtype(each)
        elif isinstance(each, Tensor):
            dtype, device = each.dtype, each.device
        elif isinstance(each, str | Device):
            device = each
    return placement.to(
        input,
        None if device is None else registry.resolved(device),
        None if dtype is None else dtypes.as_dtype(dtype),
        bool(copy),
        _converted,
    )


def _converted(input: Tensor, device: Device, dtype: DType) -> Tensor:
    """A copy on `device` in `dtype`, recorded as one operation."""
    origin = input.device
    if device == origin and dtype is input.dtype:
        return clone(input)
    strides = None if input.is_contiguous() else input._layout_strides()
    if device == origin:
        raw = input._raw.astype(dtype.numpy)
        result = placed(raw, strides if _dense(input) else None, dtype)
        return finish(_cast, (input,), (dtype.numpy,), result)
    raw = registry.moved(input._raw.astype(dtype.numpy, copy=False), device)
    result = placed(raw, strides if _dense(input) else None, dtype)
    finish(_move, (input,), (device, origin, dtype.numpy), result)
    if result._node is not None:
        result._node.on_device = False
    return result


def cpu(input: Tensor) -> Tensor:
    """The tensor in the CPU's memory; itself if it is there. As `torch.Tensor.cpu`."""
    return to(input, CPU)


def cuda(input: Tensor, device: Any = None) -> Tensor:
    """The tensor on a GPU, the current one by default. As `torch.Tensor.cuda`."""
    return to(input, _of_kind("cuda", device))


def sim(input: Tensor, device: Any = None) -> Tensor:
    """The tensor on a simulated accelerator, the current one by default."""
    return to(input, _of_kind("sim", device))


def _of_kind(kind: str, device: Any) -> Device:
    if device is None or isinstance(device, int):
        return Device(kind, device)
    found = Device(device)
    if found.type != kind:
        raise RuntimeError(f"Invalid device, must be {kind} device, got {found}")
    return found


def type(input: Tensor, dtype: Any = None) -> Any:
    """The name of the tensor's type, or with `dtype` the tensor in it. As `torch.Tensor.type`."""
    if dtype is None:
        device = "" if input.device.type == "cpu" else f"{input.device.type}."
        return f"dltk.{device}{dtypes.TITLES[input.dtype.name]}Tensor"
    if isinstance(dtype, str):
        for name, title in dtypes.TITLES.items():
            if dtype.rpartition(".")[2] == f"{title}Tensor":
                return to(input, dtypes.by_name(name))
        raise ValueError(f"invalid type: {dtype!r}")
    return to(input, dtype)


def _dense(input: Tensor) -> bool:
    """Whether the elements fill a stretch of memory without gaps or overlaps."""
    step = 1
    for stride, size in sorted(zip(input._layout_strides(), input._raw.shape, strict=True)):
        if size != 1 and stride != step:
            return False
        step *= size
    return True


def type_as(input: Tensor, other: Tensor) -> Tensor:
    """The tensor in the dtype of `other`."""
    return to(input, other.dtype)


def numpy(input: Tensor, *, force: bool = False) -> np.ndarray:
    """The elements as a NumPy array that shares the memory. As `torch.Tensor.numpy`.

    Raises:
        RuntimeError: the tensor requires a gradient; detach it first.
    """
    if use.elsewhere and input.device != CPU:
        if not force:
            raise TypeError(
                f"can't convert {input.device} device type tensor to numpy. Use Tensor.cpu() to "
                "copy the tensor to host memory first."
            )
        return np.asarray(registry.moved(input._raw, CPU))
    if input.requires_grad and not force:
        raise RuntimeError(
            "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead."
        )
    storage = input._alias()
    if input._strides is None:
        return storage.data[input._offset : input._offset + input._raw.size].reshape(
            input._raw.shape
        )
    return storage.walk(tuple(input._raw.shape), input._layout_strides(), input._offset)


def array(input: Tensor, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
    """What `numpy.asarray(tensor)` gives."""
    found = numpy(input)
    if dtype is not None and np.dtype(dtype) != found.dtype:
        return found.astype(dtype)
    return found.copy() if copy else found


def from_numpy(ndarray: np.ndarray) -> Tensor:
    """A tensor that shares the memory of an array. As `torch.from_numpy`.

    Raises:
        TypeError: not an array, or of a dtype that tensors do not have.
        ValueError: an array with a negative stride, or in another byte order.
    """
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {ndarray.__class__.__name__})")
    dtype = dtypes.from_numpy(ndarray.dtype)
    if any(stride < 0 for stride in ndarray.strides):
        raise ValueError(
            "At least one stride in the given numpy array is negative, and tensors with negative "
            "strides are not currently supported. (You can probably work around this by making a "
            "copy of your array with array.copy().)"
        )
    if any(stride % ndarray.itemsize for stride in ndarray.strides):
        raise ValueError("given numpy array strides not a multiple of the element byte size")
    extent = 1 + sum(
        (size - 1) * stride // ndarray.itemsize
        for size, stride in zip(ndarray.shape, ndarray.strides, strict=True)
    )
    flat = np.lib.stride_tricks.as_strided(
        ndarray, (0 if ndarray.size == 0 else extent,), (ndarray.itemsize,)
    )
    strides = tuple(stride // ndarray.itemsize for stride in ndarray.strides)
    result = over(Storage(flat), ndarray.shape, strides, 0, dtype)
    if ndarray.flags.c_contiguous:
        result._strides = None
    return result


def from_dlpack(ext_tensor: Any) -> Tensor:
    """A tensor on the memory of another library's, by DLPack. As `torch.from_dlpack`.

    Raises:
        RuntimeError: the object does not speak DLPack.
        BufferError: its owner does not lend the memory.
        TypeError: it is of a dtype that tensors do not have.
    """
    if not hasattr(ext_tensor, "__dlpack__"):
        raise RuntimeError(
            f"from_dlpack needs an object with __dlpack__, got {ext_tensor.__class__.__name__}"
        )
    return from_numpy(np.from_dlpack(ext_tensor))


def _as(name: str):
    def convert(input: Tensor) -> Tensor:
        return to(input, dtypes.by_name(name))

    convert.__doc__ = f"The tensor as {name}."
    return convert


half, float_, double = _as("float16"), _as("float32"), _as("float64")
char, short, int_, long = _as("int8"), _as("int16"), _as("int32"), _as("int64")
byte, bool_ = _as("uint8"), _as("bool")
