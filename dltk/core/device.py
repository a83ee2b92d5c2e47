"""The name of the place where a tensor lives."""

from __future__ import annotations

from typing import Any

from dltk.devices.selected import selected
from dltk.devices.spec import parse


class Device:
    """A kind of device and, where there are several, which one, as `torch.device`.

    Naming a device does not ask whether it is there. As a context manager it is the device that
    creation functions use inside of the block.

    Raises:
        RuntimeError: a string that names no device, or a negative index.
        TypeError: neither a string nor a device.
    """

    __slots__ = ("index", "type")

    type: str
    index: int | None

    def __init__(self, type: str | Device, index: int | None = None):
        if isinstance(type, bool) or not isinstance(type, str | Device | int):
            raise TypeError(
                f"device() takes a string such as 'sim:0', not {type.__class__.__name__}"
            )
        if isinstance(type, int):
            raise RuntimeError(
                "Device index must not be negative"
                if type < 0
                else f"a number does not say which kind of device: write 'sim:{type}'"
            )
        if isinstance(type, Device):
            if index is not None:
                raise TypeError("device(): argument 'type' must be str, not dltk.device")
            self.type, self.index = type.type, type.index
            return
        if not type:
            raise RuntimeError("Device string must not be empty")
        self.type, self.index = ("cpu", None) if type == "cpu" else parse(type)
        if index is not None:
            if self.index is not None:
                raise RuntimeError(
                    "type (string) must not include an index because index was passed "
                    f"explicitly: {type}"
                )
            if index < 0:
                raise RuntimeError("Device index must not be negative")
            self.index = index

    def __repr__(self) -> str:
        index = "" if self.index is None else f", index={self.index}"
        return f"device(type={self.type!r}{index})"

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Device) and (self.type, self.index) == (other.type, other.index)

    def __hash__(self) -> int:
        return hash((self.type, self.index))

    def __reduce__(self) -> tuple:
        return Device, (str(self),)

    def __enter__(self) -> Device:
        selected.defaults.append(self)
        return self

    def __exit__(self, *error: Any) -> None:
        selected.defaults.pop()


CPU = Device("cpu")
