"""The arguments that functions of windows share: checked, and as one number for each dimension."""

from __future__ import annotations

from typing import Any

from dltk.core import dtypes
from dltk.core.tensor import Tensor


def check_tensor(function: str, name: str, value: Any) -> None:
    if not isinstance(value, Tensor):
        raise TypeError(
            f"{function}(): argument '{name}' must be Tensor, not {type(value).__name__}"
        )


def check_dtype(kernel: str, input: Tensor, *refused: str) -> None:
    """Refuse what torch has no kernel for: "bool", "int64", "shorter integers"."""
    kind = "floating point" if input.dtype.is_floating_point else "shorter integers"
    if input.dtype in (dtypes.bool_, dtypes.int64):
        kind = input.dtype.name
    if kind in refused:
        raise NotImplementedError(
            f"\"{kernel}\" not implemented for '{dtypes.TITLES[input.dtype.name]}'"
        )


def numbers(function: str, name: str, value: Any, count: int = 2) -> tuple[int, ...]:
    """One integer, or `count` of them, as a tuple of `count`.

    Raises:
        TypeError: something else than integers.
        RuntimeError: another number of them.
    """
    given = tuple(value) if isinstance(value, tuple | list) else (value,)
    for each in given:
        if isinstance(each, bool) or not hasattr(each, "__index__"):
            raise TypeError(
                f"{function}(): argument '{name}' must be an integer or {count} of them, not "
                f"{type(each).__name__}"
            )
    if len(given) not in (1, count):
        raise RuntimeError(
            f"{function}(): expected {name} to be a single integer value or a list of {count} "
            f"values to match the dimensions, but got {name}={list(given)}"
        )
    found = tuple(int(each) for each in given)
    return found if len(found) == count else found * count


def check_least(function: str, name: str, values: tuple[int, ...], least: int) -> None:
    if min(values) < least:
        what = "non-positive" if least else "negative"
        raise RuntimeError(f"{what} {name} is not supported, {function}() got {list(values)}")


def kernel_too_large(x: Any, kernel: Any, padding: Any, dilation: Any) -> RuntimeError:
    """Images have no place for a single window."""
    return RuntimeError(
        f"Kernel size can't be greater than actual input size: kernel {tuple(kernel)} with "
        f"dilation {tuple(dilation)} on images of {x.shape[2:]} padded by {tuple(padding)}"
    )
