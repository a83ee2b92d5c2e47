"""Where an operation runs: on the device of its tensors, and all that it makes is there."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from dltk.backends import registry
from dltk.backends.use import use
from dltk.core.tensor import Tensor


def located(function: Callable) -> Callable:
    """Let `function` run on the device where its tensors are, and its results be there.

    A primitive finds its device by itself. This is for what computes with the elements in other
    ways, and for the tensors that are made on the way.
    """

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        if use.elsewhere and registry.operation.backend is None:
            return on_device_of(_tensors([*args, *kwargs.values()]), function, *args, **kwargs)
        return function(*args, **kwargs)

    return run


def on_device_of(tensors: list[Tensor], function: Callable, *args: Any, **kwargs: Any) -> Any:
    """`function(*args, **kwargs)` as one operation on the device where `tensors` are."""
    if not tensors:
        return function(*args, **kwargs)
    backend = registry.meeting(*[each._raw for each in tensors])
    backend.counters.kernels += 1
    registry.operation.backend = backend
    try:
        return function(*args, **kwargs)
    finally:
        registry.operation.backend = None


def _tensors(values: Any) -> list[Tensor]:
    found: list[Tensor] = []
    for each in values:
        if isinstance(each, Tensor):
            found.append(each)
        elif isinstance(each, list | tuple):
            found.extend(_tensors(each))
    return found
