"""What a device brings along so that tensors can live and operations can run there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dltk.backends.arrays import ArrayOps
from dltk.core.device import Device


class Counters:
    """What happened on a device since the last `reset`.

    Attributes:
        kernels: operations that ran there.
        copies_in, copies_out: transfers from and to the host's memory.
        bytes_in, bytes_out: what they carried.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.kernels = self.copies_in = self.copies_out = self.bytes_in = self.bytes_out = 0

    def __repr__(self) -> str:
        return f"Counters({', '.join(f'{name}={value}' for name, value in vars(self).items())})"


class Backend:
    """One device: its array operations and the ways into its memory and out of it.

    This one computes where the host does; another device overrides what is different there.

    Attributes:
        device: what tensors in its memory report.
        ops: operations on its arrays, for kernels and derivative rules.
    """

    def __init__(self, device: Device, ops: ArrayOps):
        self.device = device
        self.ops = ops
        self.counters = Counters()

    def allocate(self, shape: Sequence[int], dtype: Any) -> Any:
        """Memory whose contents are not defined."""
        return np.empty(shape, dtype)

    def zeros(self, shape: Sequence[int], dtype: Any) -> Any:
        """Memory full of zeros."""
        return np.zeros(shape, dtype)

    def copy_in(self, array: np.ndarray) -> Any:
        """A copy of a host array in this device's memory."""
        return np.array(array)

    def copy_out(self, raw: Any) -> np.ndarray:
        """A copy of what lies in this device's memory as a host array."""
        return np.array(raw)

    def run(self, function: Callable, *arguments: Any) -> Any:
        """What `function`, which computes with arrays, gives when it runs on this device."""
        return function(*arguments)

    def adopted(self, result: Any) -> Any:
        """`result`, which a function made on this device, as the host refers to it."""
        return result

    def made(self, array: Any) -> Any:
        """`array`, whose elements a kernel of this device could have computed, in its memory."""
        return array

    def kernel_view(self, raw: Any) -> np.ndarray:
        """The elements of `raw`, for the code of a kernel."""
        return raw

    def synchronize(self) -> None:
        """Wait until everything asked for so far is done."""
