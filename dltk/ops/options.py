"""Options of torch's functions that dltk reads only to say that it has nothing of the kind."""

from __future__ import annotations

from typing import Any


class Option:
    """A value of an option that changes nothing here, such as `dltk.preserve_format`."""

    def __init__(self, name: str):
        self.name = name

    def __repr__(self) -> str:
        return f"dltk.{self.name}"


contiguous_format = Option("contiguous_format")
preserve_format = Option("preserve_format")
strided = Option("strided")

__all__ = ["contiguous_format", "preserve_format", "strided"]

_WHAT = {
    "names": "named tensors",
    "memory_format": "memory formats but the one in which a tensor is",
    "layout": "layouts but strided ones",
    "pin_memory": "page-locked memory",
    "non_blocking": "",
}
_HARMLESS = (None, False, contiguous_format, preserve_format, strided)


def check_options(function: str, options: dict[str, Any]) -> None:
    """Let pass what changes nothing, and refuse the rest.

    Raises:
        NotImplementedError: the option asks for something out of dltk's scope.
        TypeError: torch has no such option.
    """
    for name, value in options.items():
        if name not in _WHAT:
            raise TypeError(f"{function}() got an unexpected keyword argument '{name}'")
        if _WHAT[name] and not any(value is each for each in _HARMLESS):
            raise NotImplementedError(
                f"{function}({name}={value!r}) is not in dltk's scope: it has no {_WHAT[name]}"
            )
