"""Torch's `out=`: a result written into a tensor that is already there."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from dltk.core.inplace import into
from dltk.core.tensor import Tensor


def takes_out(function: Callable) -> Callable:
    """`function` with the parameter `out`: a tensor, or one for each of several results.

    As a method torch's operations have no such parameter; `without_out` gives the function back.
    """

    @functools.wraps(function)
    def written(*args: Any, out: Any = None, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        if out is None:
            return result
        operands = _tensors((*args, *kwargs.values()))
        if isinstance(result, Tensor):
            return into(out, result, operands)
        if not isinstance(out, tuple | list) or len(out) != len(result):
            raise TypeError(f"{function.__name__}(): out must be a tuple of {len(result)} Tensors")
        for target, each in zip(out, result, strict=True):
            into(target, each, operands)
        return type(result)(*out) if hasattr(result, "_fields") else tuple(out)

    return written


def without_out(function: Callable) -> Callable:
    """What `takes_out` was given, or the function itself."""
    return getattr(function, "__wrapped__", function)


def _tensors(values: tuple) -> list[Tensor]:
    found: list[Tensor] = []
    for each in values:
        if isinstance(each, Tensor):
            found.append(each)
        elif isinstance(each, list | tuple):
            found.extend(_tensors(tuple(each)))
    return found
