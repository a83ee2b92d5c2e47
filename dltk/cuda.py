"""NVIDIA's GPUs under the names of `torch.cuda`; without a backend for them, as torch on a CPU."""

from __future__ import annotations

from typing import Any

from dltk.backends.registry import backend_for
from dltk.core.device import Device
from dltk.devices.kind import index_of, selecting, selector

device = selecting("cuda")
set_device = selector("cuda")


def is_available() -> bool:
    """Whether dltk can compute on a GPU: there is no backend for one."""
    return False


def device_count() -> int:
    """How many GPUs dltk can compute on: none."""
    return 0


def current_device() -> int:
    """The number of the current GPU; `AssertionError`, as there is none."""
    found = backend_for(Device("cuda")).device.index
    assert found is not None
    return found


def synchronize(device: Any = None) -> None:
    """Wait until everything asked for so far is done; `AssertionError`, as there is no GPU."""
    backend_for(Device("cuda", index_of(device, "cuda", optional=True))).synchronize()


def memory_allocated(device: Any = None) -> int:
    """How many bytes tensors occupy on a GPU: none."""
    return 0
