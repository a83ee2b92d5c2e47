"""A simulated accelerator: memory of its own, which the host cannot look into, and counters.

It computes with NumPy, in the host's memory, but an array that lies there is a `SimArray`, and
nothing of NumPy takes its elements out of one. What runs on the device, through `SimBackend.run`,
works on the elements themselves, as a kernel on a real accelerator does; the host's code gets
another `SimArray` back. Only `copy_in` and `copy_out` cross the border, and they are counted.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from dltk.backends.arrays import ArrayOps
from dltk.backends.backend import Backend
from dltk.backends.registry import HOST, meeting
from dltk.core.device import Device
from dltk.devices.environment import simulated_devices
from dltk.devices.visible import visible


class _Running(threading.local):
    """How many functions this thread is running on simulated devices, one inside of another."""

    depth = 0


_running = _Running()


class SimBackend(Backend):
    """One simulated accelerator.

    Attributes:
        number: the number it has on the machine, whatever the process calls it.
    """

    def __init__(self, device: Device):
        numbers = devices()
        if device.index is None or device.index >= len(numbers):
            raise RuntimeError(
                f"invalid device ordinal: there is no {device}, this process sees "
                f"{len(numbers)} simulated device(s)"
            )
        super().__init__(device, ArrayOps(np))
        self.number = numbers[device.index]
        self._held: dict[int, int] = {}

    def allocate(self, shape: Sequence[int], dtype: Any) -> SimArray:
        return self._adopt(np.empty(shape, dtype))

    def zeros(self, shape: Sequence[int], dtype: Any) -> SimArray:
        return self._adopt(np.zeros(shape, dtype))

    def copy_in(self, array: np.ndarray) -> SimArray:
        self.counters.copies_in += 1
        self.counters.bytes_in += array.nbytes
        return self._adopt(np.array(array))

    def copy_out(self, raw: SimArray) -> np.ndarray:
        self.counters.copies_out += 1
        self.counters.bytes_out += raw.nbytes
        return np.array(raw._elements)

    def kernel_view(self, raw: SimArray) -> np.ndarray:
        """The elements of `raw`, for the code of a kernel."""
        return raw._elements

    def memory_allocated(self) -> int:
        """How many bytes arrays on this device occupy."""
        return sum(self._held.values())

    def run(self, function: Callable, *arguments: Any, **options: Any) -> Any:
        """What `function` gives on the elements of the arrays among its arguments.

        What it makes lies on this device. A function that runs inside of another one belongs to it
        and is not counted.
        """
        if not _running.depth:
            self.counters.kernels += 1
        _running.depth += 1
        try:
            result = function(
                *[_opened(each) for each in arguments],
                **{name: _opened(each) for name, each in options.items()},
            )
        finally:
            _running.depth -= 1
        return result if _running.depth else self.adopted(result)

    def adopted(self, result: Any) -> Any:
        """Arrays that a function made here, each of them or those in a tuple or list."""
        if isinstance(result, HOST):
            return self._adopt(np.asarray(result))
        if type(result) in (tuple, list):
            return type(result)(self.adopted(each) for each in result)
        return result

    def made(self, array: Any) -> SimArray:
        return self.adopted(self.run(np.asarray, array))

    def _adopt(self, elements: np.ndarray) -> SimArray:
        owner = elements
        while isinstance(owner.base, np.ndarray):
            owner = owner.base
        if id(owner) not in self._held:
            self._held[id(owner)] = owner.nbytes
            weakref.finalize(owner, self._held.pop, id(owner), None).atexit = False
        return SimArray(self, elements)


def devices() -> list[int]:
    """The simulated devices that this process sees, by their number on the machine."""
    import os

    return visible(os.environ.get("SIM_VISIBLE_DEVICES"), simulated_devices())


def _opened(value: Any) -> Any:
    """`value` as a function on the device sees it."""
    if isinstance(value, SimArray):
        return value._elements
    if type(value) in (tuple, list):
        return type(value)(_opened(each) for each in value)
    return value


def _arrays(value: Any) -> list:
    """The arrays among the arguments of a function of NumPy's."""
    if isinstance(value, (SimArray, np.ndarray)):
        return [value]
    if type(value) in (tuple, list):
        return [array for each in value for array in _arrays(each)]
    return []


def _call(function: Callable, arguments: Sequence, options: dict[str, Any]) -> Any:
    """Run a function of NumPy's where its arrays are; with `out=`, give that very array."""
    given = _arrays(arguments) + _arrays(list(options.values()))
    first = next(each for each in given if isinstance(each, SimArray))
    backend = first.backend if _running.depth else meeting(*given)
    result = backend.run(function, *arguments, **options)
    out = options.get("out")
    if out is None or _running.depth:
        return result
    return out[0] if isinstance(out, tuple) else out


def _kernel(name: str) -> Callable:
    function = getattr(np.ndarray, name)

    def method(self: SimArray, *arguments: Any, **options: Any) -> Any:
        return _call(function, (self, *arguments), options)

    method.__name__ = name
    return method


def _detail(name: str) -> property:
    return property(lambda self: getattr(self._elements, name))


class SimArray(NDArrayOperatorsMixin):
    """An array in a simulated device's memory: what NumPy's functions compute on, unseen."""

    __slots__ = ("__weakref__", "_elements", "backend")

    def __init__(self, backend: SimBackend, elements: np.ndarray):
        self.backend = backend
        self._elements = elements

    shape, ndim, size, strides = (_detail(name) for name in ("shape", "ndim", "size", "strides"))
    dtype, itemsize, nbytes = (_detail(name) for name in ("dtype", "itemsize", "nbytes"))
    flags, ctypes = _detail("flags"), _detail("ctypes")

    all, any, argmax, argmin = (_kernel(name) for name in ("all", "any", "argmax", "argmin"))
    astype, copy, cumsum, dot = (_kernel(name) for name in ("astype", "copy", "cumsum", "dot"))
    fill, max, mean, min = (_kernel(name) for name in ("fill", "max", "mean", "min"))
    nonzero, prod, ravel, repeat = (
        _kernel(name) for name in ("nonzero", "prod", "ravel", "repeat")
    )
    reshape, round, sort, squeeze = (
        _kernel(name) for name in ("reshape", "round", "sort", "squeeze")
    )
    std, sum, swapaxes, take = (_kernel(name) for name in ("std", "sum", "swapaxes", "take"))
    trace, transpose, var = (_kernel(name) for name in ("trace", "transpose", "var"))
    view = _kernel("view")

    @property
    def T(self) -> Any:  # noqa: N802, NumPy's name
        return self.transpose()

    def __len__(self) -> int:
        return len(self._elements)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        return _call(getattr(ufunc, method), inputs, options)

    def __array_function__(self, function: Callable, types: Any, args: Any, kwargs: Any) -> Any:
        return _call(function, args, kwargs)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        if not _running.depth:
            raise TypeError(
                f"can't convert {self.backend.device} device type tensor to numpy. Use "
                "Tensor.cpu() to copy the tensor to host memory first."
            )
        return np.array(self._elements, dtype, copy=copy)

    def __getitem__(self, key: Any) -> Any:
        return self.backend.run(np.ndarray.__getitem__, self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        if not _running.depth:
            meeting(self, *_arrays(value))
        self.backend.run(np.ndarray.__setitem__, self, key, value)

    def walk(self, shape: tuple, strides: tuple, offset: int) -> SimArray:
        """The memory from byte `offset` on in another shape; `strides` count bytes."""
        walked = np.ndarray(shape, self.dtype, self._elements, offset, strides)
        return self.backend._adopt(walked)

    def contiguous(self) -> SimArray:
        """The same elements row-major, in memory that may be written to."""
        found = np.ascontiguousarray(self._elements)
        return self.backend._adopt(found if found.flags.writeable else found.copy())

    def item(self) -> bool | int | float:
        return self.backend.copy_out(self).item()

    def tolist(self) -> Any:
        return self.backend.copy_out(self).tolist()

    def __bool__(self) -> bool:
        return bool(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __float__(self) -> float:
        return float(self.item())

    def __index__(self) -> int:
        return self._elements.__index__() if _running.depth else self.item().__index__()

    def __repr__(self) -> str:
        return f"<{self.dtype} array of shape {self.shape} on {self.backend.device}>"
