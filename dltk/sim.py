"""Simulated accelerators: the names of `torch.cuda`, and counters of what happens on a device.

`DLTK_SIM_DEVICES` says how many the machine has (by default 1), `SIM_VISIBLE_DEVICES` which of them
the process sees and in which order.
"""

from __future__ import annotations

from typing import Any

from dltk.backends.backend import Counters
from dltk.backends.registry import backend_for
from dltk.backends.sim import SimBackend, devices
from dltk.core.device import Device
from dltk.devices.current import current_index
from dltk.devices.kind import index_of, selecting, selector

device = selecting("sim")
set_device = selector("sim")


def _backend(device: Any) -> SimBackend:
    found = backend_for(Device("sim", index_of(device, "sim", optional=True)))
    assert isinstance(found, SimBackend)
    return found


def is_available() -> bool:
    """Whether the process sees a simulated device."""
    return device_count() > 0


def device_count() -> int:
    """How many simulated devices the process sees."""
    return len(devices())


def current_device() -> int:
    """The number of the current simulated device."""
    _backend(None)
    return current_index("sim")


def get_device_name(device: Any = None) -> str:
    """What the device is called on the machine: its number there, not the process's."""
    return f"Simulated accelerator {_backend(device).number}"


def synchronize(device: Any = None) -> None:
    """Wait until everything asked for so far is done; a simulated device is never behind."""
    _backend(device).synchronize()


def memory_allocated(device: Any = None) -> int:
    """How many bytes tensors occupy on the device."""
    return _backend(device).memory_allocated()


def counters(device: Any = None) -> Counters:
    """Transfers, their bytes, and kernels of the device so far; `reset()` starts at 0 again."""
    return _backend(device).counters
