"""The line of memory behind a tensor."""

import math
from typing import Any

import numpy as np

from dltk.backends import cpu, registry
from dltk.backends.use import use


class Storage:
    """A flat array of elements and the number of times it was written to.

    Every tensor that looks at the memory shares this object, so a write through one of them is
    known to all: `version` is what autograd compares before it trusts a saved tensor. `data` is
    `None` while a kernel's own order of the elements is still kept; `sharing` then refers to the
    tensors that have them.
    """

    __slots__ = ("__weakref__", "data", "sharing", "version")

    def __init__(self, data: Any, sharing: tuple = ()):
        self.data = data
        self.sharing = sharing
        self.version = 0

    def walk(self, shape: tuple[int, ...], strides: tuple[int, ...], offset: int) -> np.ndarray:
        """The elements as an array of `shape`; `strides` and `offset` count elements."""
        data = self.data
        if 0 in shape:
            return np.empty_like(data, shape=shape)
        itemsize = data.itemsize
        if use.elsewhere and registry.backend_of(data) is not cpu.backend:
            return data.walk(shape, [step * itemsize for step in strides], offset * itemsize)
        try:
            return np.ndarray(
                shape, data.dtype, data, offset * itemsize, [step * itemsize for step in strides]
            )
        except (ValueError, TypeError) as error:
            raise RuntimeError(
                f"shape {list(shape)}, strides {list(strides)} and offset {offset} do not fit a "
                f"storage of {data.size} elements"
            ) from error

    def resize(self, numel: int) -> None:
        """Grow to at least `numel` elements, keeping what is there."""
        if numel > self.data.size:
            grown = np.zeros_like(self.data, shape=numel)
            grown[: self.data.size] = self.data
            self.data = grown


def numel(shape: tuple[int, ...]) -> int:
    return math.prod(shape)
