"""Running one program under torch and under dltk, and what is compared afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

import dltk

LIBRARIES = {"torch": torch, "dltk": dltk}


def nearest_builtin(error: BaseException) -> str:
    """The name of the nearest built-in class of an exception."""
    for each in type(error).__mro__:
        if each.__module__ == "builtins":
            return each.__name__
    raise AssertionError("every exception has a built-in ancestor")


def array(tensor: Any) -> np.ndarray:
    """The elements of a tensor of either library."""
    return np.array((tensor.detach() + 0).numpy() if tensor.is_floating_point() else tensor.numpy())


def leaves(lib: Any, arrays: tuple[np.ndarray, ...]) -> list[Any]:
    return [lib.tensor(each, requires_grad=each.dtype.kind == "f") for each in arrays]


def outcome(lib: Any, run: Callable[[], Any]) -> Any:
    """What `run` returns, or the class of error it raises."""
    try:
        return run()
    except Exception as error:
        return f"raises {nearest_builtin(error)}"


def both(run: Callable[[Any], Any]) -> tuple[Any, Any]:
    """What `run(lib)` gives under torch and under dltk."""
    return tuple(outcome(lib, lambda lib=lib: run(lib)) for lib in LIBRARIES.values())


def seed_like(lib: Any, tensor: Any) -> Any:
    """A fixed tensor without pattern in the shape and dtype of `tensor`."""
    numbers = np.cos(1.0 + np.arange(tensor.numel())).reshape(tuple(tensor.shape))
    return lib.tensor(numbers).to(tensor.dtype)


# A result of lower precision may differ by more.
LEAST_RTOL = {np.dtype("float32"): 1e-5, np.dtype("float16"): 1e-2}


def assert_same(got: Any, want: Any, rtol: float) -> None:
    """`got` (dltk) is `want` (torch): errors by class, arrays by value, shape and dtype.

    `rtol` is for float64; what float32 and float16 need is added.
    """
    if isinstance(want, str) or isinstance(got, str) or want is None or got is None:
        assert type(got) is type(want)
        assert got == want
        return
    if isinstance(want, list | tuple):
        assert len(got) == len(want)
        for a, b in zip(got, want, strict=True):
            assert_same(a, b, rtol)
        return
    assert got.dtype == want.dtype
    assert got.shape == want.shape
    rtol = max(rtol, LEAST_RTOL.get(want.dtype, 0.0))
    finite = np.isfinite(want)
    assert np.array_equal(np.isfinite(got), finite)
    scale = np.abs(want[finite]).max(initial=0.0)
    assert np.allclose(got[finite], want[finite], rtol=0, atol=1e-12 + rtol * scale)
    assert np.array_equal(got[~finite], want[~finite], equal_nan=True)
