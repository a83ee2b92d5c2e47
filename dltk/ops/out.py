"""Torch's `out=`: a result written into a tensor that is already there."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from dltk.backends.use import use
from dltk.core.dtypes import DType
from dltk.core.inplace import into
from dltk.core.located import located
from dltk.core.tensor import Tensor


def takes_out(
    function: Callable | None = None, *, casts: bool = False, elementwise: bool = False
) -> Callable:
    """`function` with the parameter `out`: a tensor, or one for each of several results.

    Torch lets some operations write into another dtype (`casts`). An operation that computes each
    element by itself refuses a part of an operand (`elementwise`): it would read what it wrote. As
    a method torch's operations have no such parameter; `without_out` gives the function back.
    """
    if function is None:
        return functools.partial(takes_out, casts=casts, elementwise=elementwise)
    chosen, there = function, located(function)

    @functools.wraps(chosen)
    def written(*args: Any, out: Any = None, **kwargs: Any) -> Any:
        result = (there if use.elsewhere else chosen)(*args, **kwargs)
        if out is None:
            return result
        operands = _tensors((*args, *kwargs.values())) if elementwise else []
        if isinstance(result, Tensor):
            if not casts:
                require_dtype(out, result.dtype)
            return into(out, result, operands)
        if not isinstance(out, tuple | list) or len(out) != len(result):
            raise TypeError(f"{chosen.__name__}(): out must be a tuple of {len(result)} Tensors")
        for target, each in zip(out, result, strict=True):
            require_dtype(target, each.dtype)
            into(target, each, operands)
        return type(result)(*out) if hasattr(result, "_fields") else tuple(out)

    written.plain = there  # type: ignore[attr-defined]
    return written


def require_dtype(out: Any, dtype: DType) -> None:
    """Refuse a tensor to write to that has not the result's dtype."""
    if isinstance(out, Tensor) and out.dtype is not dtype:
        raise RuntimeError(
            f"Expected out tensor to have dtype {dtype.name}, but got {out.dtype.name} instead"
        )


def without_out(function: Callable) -> Callable:
    """What `takes_out` was given, or the function itself."""
    return getattr(function, "plain", function)


def _tensors(values: tuple) -> list[Tensor]:
    found: list[Tensor] = []
    for each in values:
        if isinstance(each, Tensor):
            found.append(each)
        elif isinstance(each, list | tuple):
            found.extend(_tensors(tuple(each)))
    return found
