"""What `dltk.cuda` and `dltk.sim` have in common: the devices of one kind, as `torch.cuda`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dltk.backends.registry import backend_for
from dltk.core.device import Device
from dltk.devices.current import Selecting, current_index, select


def index_of(device: Any, kind: str, optional: bool = False) -> int:
    """The number of a device given as a number, a string, a `device`, or `None`.

    Raises:
        ValueError: another kind of device, or no number where one is needed.
    """
    if isinstance(device, int):
        return device
    if device is None and optional:
        return current_index(kind)
    found = Device(device)
    if found.type != kind:
        raise ValueError(f"Expected a {kind} device, but got: {found}")
    if found.index is None:
        if not optional:
            raise ValueError(f"Expected a {kind} device with a specified index, but got: {found}")
        return current_index(kind)
    return found.index


def selecting(kind: str) -> type:
    """The class of contexts that make another device of `kind` the current one."""

    class device(Selecting):  # noqa: N801, torch's name
        """The block's current device; on leaving, the former one is current again."""

        def __init__(self, device: Any):
            self.kind, self.index = kind, index_of(device, kind, optional=True)
            self.former: list[int] = []

        def __enter__(self) -> None:
            if self.index >= 0:
                backend_for(Device(kind, self.index))
            super().__enter__()

    return device


def selector(kind: str) -> Callable[[Any], None]:
    """The function that makes another device of `kind` the current one for good."""

    def set_device(device: Any) -> None:
        """Make a device the current one; prefer the context manager `device`."""
        index = index_of(device, kind)
        if index >= 0:
            backend_for(Device(kind, index))
        select(kind, index)

    return set_device
