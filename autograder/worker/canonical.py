"""What a program returned, as plain Python values and exact NumPy arrays.

Works on `dltk` and on `torch` alike. A type it does not know is a `TypeError`: no object with an
`__eq__` or `__array__` of its own goes out.
"""

from __future__ import annotations

from typing import Any

import numpy as np

PLAIN = (bool, int, float, str, bytes, type(None))
DEEPEST = 8
MOST_ITEMS = 20_000


class TooLargeError(ValueError):
    """A result with too many items or levels."""


def canonical(value: Any, lib: Any) -> Any:
    """`value` with each tensor of `lib` as a fresh array, each dtype and device by its name.

    A NumPy scalar becomes an array of no dimensions; a tuple or `Size` becomes a list. Raises
    `TypeError` for a type that is no value and `TooLargeError` for too many items or levels.
    """
    return _Canonical(lib).convert(value, 1)


class _Canonical:
    def __init__(self, lib: Any) -> None:
        self.tensor = _class(lib, "Tensor")
        self.named = tuple(_class(lib, name) for name in ("dtype", "device"))
        self.items = 0

    def convert(self, value: Any, depth: int) -> Any:
        self.items += 1
        if self.items > MOST_ITEMS or depth > DEEPEST:
            raise TooLargeError(f"the result has more than {MOST_ITEMS} items or {DEEPEST} levels")
        kind = type(value)
        if kind in PLAIN:
            return value
        if kind is np.ndarray:
            return exact_array(value)
        if issubclass(kind, self.tensor):
            return exact_array(value.detach().numpy())
        if issubclass(kind, np.generic):
            return exact_array(np.array(value))
        if issubclass(kind, self.named):
            return str(value).rpartition(".")[2]
        if issubclass(kind, tuple):
            return [self.convert(item, depth + 1) for item in tuple.__iter__(value)]
        if issubclass(kind, list):
            return [self.convert(item, depth + 1) for item in list.__iter__(value)]
        if issubclass(kind, dict):
            return {self.key(key): self.convert(item, depth + 1) for key, item in dict.items(value)}
        raise TypeError(f"the result holds a {kind.__name__}, which is not a value to compare")

    @staticmethod
    def key(key: Any) -> str:
        if type(key) is not str:
            raise TypeError(f"the result holds a dict with a key that is a {type(key).__name__}")
        return key


def exact_array(array: Any) -> np.ndarray:
    """A fresh C-ordered copy of an array of exactly `numpy.ndarray` and of a numeric dtype."""
    if type(array) is not np.ndarray:
        raise TypeError(f"the result holds a {type(array).__name__} in place of an array")
    if array.dtype.kind not in "biufc":
        raise TypeError(f"the result holds an array of dtype {array.dtype}")
    return np.array(array, order="C", copy=True)


class _Missing:
    pass


def _class(lib: Any, name: str) -> type:
    found = getattr(lib, name, None)
    return found if isinstance(found, type) else _Missing
