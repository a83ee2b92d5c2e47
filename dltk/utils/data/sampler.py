"""What samplers share: their base, seeds for their streams, and the checks of their arguments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dltk.core.random_stream import Stream
from dltk.ops.create import default_generator


class Sampler:
    """An order of indices: what a `DataLoader` iterates over anew in each epoch."""

    def __class_getitem__(cls, kind: Any) -> Any:
        return cls

    def __iter__(self) -> Iterator:
        raise NotImplementedError("Subclasses of Sampler should implement __iter__.")


def draw_seed(generator: Stream | None = None) -> int:
    """A seed for another stream, 63 bits of `generator` or of the global stream."""
    return (generator or default_generator).random64() % (1 << 63)


def check_positive(name: str, value: Any) -> None:
    """`ValueError` unless `value` is an integer of at least 1."""
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise ValueError(f"{name} should be a positive integer value, but got {name}={value}")


def check_bool(name: str, value: Any, error: type[Exception]) -> None:
    """`error` unless `value` is a bool."""
    if not isinstance(value, bool):
        raise error(f"{name} should be a boolean value, but got {name}={value}")
