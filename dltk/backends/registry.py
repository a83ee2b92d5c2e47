"""Which backend belongs to a device, and to an array.

A process that only ever uses the CPU does not come here: `use.elsewhere` is false, and operations
compute with `cpu.ops` at once. It becomes true, for good, when another device is bound.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from dltk.backends import cpu
from dltk.backends.backend import Backend
from dltk.backends.use import use
from dltk.core.device import CPU, Device
from dltk.devices import placement
from dltk.devices.current import current_index
from dltk.devices.selected import selected


class Operation(threading.local):
    """`backend`: where the operation that this thread is in computes, `None` outside of one."""

    backend: Backend | None = None


operation = Operation()

_bound: dict[Device, Backend] = {}


def resolved(device: Any) -> Device:
    """The device that is meant: without a number, the current one of its kind."""
    found = device if isinstance(device, Device) else Device(device)
    if found.type == "cpu" or found.index is not None:
        return found
    return Device(found.type, current_index(found.type))


def backend_for(device: Device) -> Backend:
    """The backend of `device`, made at its first use.

    Raises:
        RuntimeError: there is no device with that number.
        AssertionError: nothing can compute on this kind of device.
    """
    if device.type == "cpu":
        return cpu.backend
    wanted = resolved(device)
    if wanted not in _bound:
        if wanted.type != "sim":
            raise AssertionError(
                f"dltk has no backend for {wanted.type!r}: use 'cpu', or 'sim', which is an "
                "accelerator that needs no hardware"
            )
        from dltk.backends.sim import SimBackend

        _bound[wanted] = SimBackend(wanted)
        use.begin()
    return _bound[wanted]


def backend_of(raw: Any) -> Backend:
    """The backend in whose memory `raw` lies."""
    return getattr(raw, "backend", cpu.backend)


def device_of(raw: Any) -> Device:
    """The device in whose memory `raw` lies."""
    return backend_of(raw).device


def moved(raw: Any, device: Device) -> Any:
    """`raw` in the memory of `device`, copied if it is elsewhere, through the host's memory."""
    source, target = backend_of(raw), backend_for(device)
    if source is target:
        return raw
    array = raw if source is cpu.backend else source.copy_out(raw)
    return array if target is cpu.backend else target.copy_in(np.asarray(array))


def run(kernel: Callable, raws: Any, params: tuple) -> Any:
    """What `kernel` gives on the device where all of `raws` are.

    Raises:
        RuntimeError: they are on different devices.
    """
    backend = meeting(*raws)
    return backend.adopted(backend.run(kernel, backend.ops, *raws, *params))


class _Operand:
    """An array as `placement.together` looks at it."""

    __slots__ = ("device", "ndim")

    def __init__(self, raw: Any):
        self.device = device_of(raw)
        self.ndim = raw.ndim


def meeting(*raws: Any) -> Backend:
    """The backend on which an operation on `raws` runs.

    Raises:
        RuntimeError: they are on different devices.
    """
    if operation.backend is not None:
        return operation.backend
    return backend_for(placement.together([_Operand(raw) for raw in raws]))


def default_device() -> Device:
    """Where creation functions put what they make when nothing is said."""
    return selected.defaults[-1] if selected.defaults else CPU


def kernel_view(raw: Any) -> Any:
    """The elements of `raw` as a kernel sees them, for code that is part of an operation there.

    What such code computes gets its place by `placed_like`, or is a parameter of the operation.
    """
    return backend_of(raw).kernel_view(raw)


def index_view(index: Any, indexed: Any) -> np.ndarray:
    """What a kernel that reads `indexed` sees of an index; one of the CPU's is copied there.

    Raises:
        RuntimeError: the index is on another device.
    """
    backend = backend_of(indexed)
    if backend_of(index) is cpu.backend is not backend:
        index = backend.copy_in(np.asarray(index))
    if backend_of(index) is not backend:
        raise RuntimeError(
            "indices should be either on cpu or on the same device as the indexed tensor "
            f"({backend.device})"
        )
    return np.asarray(kernel_view(index))


def settled(raw: Any) -> Any:
    """`raw` where the operation that this thread is in computes, whatever made it."""
    backend = operation.backend
    return raw if backend is None else backend.adopted(raw)


def check_same(target: Any, raw: Any) -> None:
    """Refuse to write `raw` into `target`, which lies on another device.

    Raises:
        RuntimeError: they are on different devices, and `raw` is not a number of the CPU's.
    """
    if operation.backend is None and meeting(target, raw) is not backend_of(target):
        raise RuntimeError(
            "Expected all tensors to be on the same device, but found at least two devices, "
            f"{device_of(raw)} and {device_of(target)}!"
        )


def created(raw: Any, device: Device) -> Any:
    """`raw` in the memory of `device`, as if made there: numbers that need no transfer."""
    return backend_for(device).made(raw)


def placed_like(raw: Any, like: Any) -> Any:
    """`raw` in the memory where `like` lies, as part of an operation there: no transfer of its own.

    Drawn numbers and masks that a rule made on the host come here.
    """
    return backend_of(like).made(raw)
