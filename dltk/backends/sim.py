"""A simulated accelerator: memory of its own, which the host cannot look into, and counters.

It computes with NumPy, and its memory is the host's, but an array that lies there is a `SimArray`:
it does not mix with the host's arrays, what is computed from it lies there too, and asking for an
element is a transfer. A kernel, which `SimBackend.run` starts, works on the elements themselves, as
one on a real accelerator does. `copy_in` and `copy_out` cross the border, and they are counted.
"""

from __future__ import annotations

import operator
import threading
import weakref
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dltk.backends.arrays import ArrayOps
from dltk.backends.backend import Backend
from dltk.backends.registry import meeting, operation
from dltk.core.device import Device
from dltk.devices.environment import simulated_devices
from dltk.devices.visible import visible


class _Running(threading.local):
    """How many kernels this thread is running on simulated devices, one inside of another."""

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
        return np.array(raw.view(np.ndarray))

    def kernel_view(self, raw: SimArray) -> np.ndarray:
        """The elements of `raw`, for the code of a kernel."""
        return raw.view(np.ndarray)

    def memory_allocated(self) -> int:
        """How many bytes arrays on this device occupy."""
        return sum(self._held.values())

    def run(self, function: Callable, *arguments: Any, **options: Any) -> Any:
        """What `function` gives on the elements of the arrays among its arguments.

        What it makes lies on this device. A function that runs inside of another one belongs to it
        and is not counted.
        """
        if not _running.depth and operation.backend is None:
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
        if isinstance(result, np.ndarray | np.generic) and not isinstance(result, SimArray):
            return self._adopt(np.asarray(result))
        if type(result) in (tuple, list):
            return type(result)(self.adopted(each) for each in result)
        return result

    def made(self, array: Any) -> SimArray:
        return self.adopted(self.run(np.asarray, array))

    def _adopt(self, elements: np.ndarray) -> SimArray:
        owner: Any = elements
        while isinstance(owner.base, np.ndarray):
            owner = owner.base
        if id(owner) not in self._held:
            self._held[id(owner)] = owner.nbytes
            weakref.finalize(owner, self._held.pop, id(owner), None).atexit = False
        array = elements.view(SimArray)
        array.backend = self
        return array


def devices() -> list[int]:
    """The simulated devices that this process sees, by their number on the machine."""
    import os

    return visible(os.environ.get("SIM_VISIBLE_DEVICES"), simulated_devices())


def _opened(value: Any) -> Any:
    """`value` as a kernel sees it."""
    if isinstance(value, SimArray):
        return value.view(np.ndarray)
    if type(value) in (tuple, list):
        opened = type(value)(_opened(each) for each in value)
        # A list that nothing was opened in stays itself: a kernel may leave something in it.
        return value if all(map(operator.is_, opened, value)) else opened
    return value


def _arrays(value: Any) -> list:
    """The arrays among the arguments of a function of NumPy's."""
    if isinstance(value, np.ndarray):
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


class SimArray(np.ndarray):
    """An array in a simulated device's memory, private to dltk: people hold tensors."""

    backend: SimBackend

    def __array_finalize__(self, source: Any) -> None:
        if isinstance(source, SimArray):
            self.backend = source.backend

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        return _call(getattr(ufunc, method), inputs, options)

    def __array_function__(self, function: Callable, types: Any, args: Any, kwargs: Any) -> Any:
        return _call(function, args, kwargs)

    def __getitem__(self, key: Any) -> Any:
        return self.backend.run(np.ndarray.__getitem__, self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        if not _running.depth:
            meeting(self, *_arrays(value))
        self.backend.run(np.ndarray.__setitem__, self, key, value)

    def argmax(self, *arguments: Any, **options: Any) -> Any:
        return _call(np.ndarray.argmax, (self, *arguments), options)

    def argmin(self, *arguments: Any, **options: Any) -> Any:
        return _call(np.ndarray.argmin, (self, *arguments), options)

    def walk(self, shape: Sequence[int], strides: Sequence[int], offset: int) -> SimArray:
        """The memory from byte `offset` on in another shape; `strides` count bytes."""
        elements = self.view(np.ndarray)
        return self.backend._adopt(np.ndarray(shape, self.dtype, elements, offset, strides))

    def row_major(self) -> SimArray:
        """The same elements row by row, in memory that may be written to."""
        found = np.ascontiguousarray(self.view(np.ndarray)).reshape(self.shape)
        return self.backend._adopt(found if found.flags.writeable else found.copy())

    def item(self, *place: Any) -> Any:
        return self._read().item(*place)

    def tolist(self) -> Any:
        return self._read().tolist()

    def __bool__(self) -> bool:
        return bool(self._read())

    def __int__(self) -> int:
        return int(self._read())

    def __float__(self) -> float:
        return float(self._read())

    def _read(self) -> np.ndarray:
        """The elements for the host; a kernel or an operation that looks at them transfers none."""
        if _running.depth or operation.backend is not None:
            return self.view(np.ndarray)
        return self.backend.copy_out(self)

    def __repr__(self) -> str:
        return f"<{self.dtype} array of shape {self.shape} on {self.backend.device}>"

    __str__ = __repr__
