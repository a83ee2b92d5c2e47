"""What a layer computes, through all kinds of derivative, for comparing dltk with torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from comparing import array, assert_same, both, seed_like


def derivatives(
    lib: Any, program: Callable, arrays: tuple[np.ndarray, ...], second: bool = True
) -> list:
    """Value, name of the node, gradients, gradients of these, and tangent of `program(lib, …)`."""
    inputs = [lib.tensor(each, requires_grad=True) for each in arrays]
    value = program(lib, *inputs)
    gradients = lib.autograd.grad(
        value, inputs, seed_like(lib, value), create_graph=second, allow_unused=True
    )
    found = [array(value), value.grad_fn.name(), _filled(gradients, inputs)]
    if second:
        total = sum((g * g * seed_like(lib, g)).sum() for g in gradients if g is not None)
        again: Any = [None] * len(inputs)
        if total.requires_grad:
            again = lib.autograd.grad(total, inputs, allow_unused=True)
        found.append(_filled(again, inputs))
    plain = tuple(each.detach() for each in inputs)
    directions = tuple(seed_like(lib, each) for each in plain)
    _, tangent = lib.func.jvp(lambda *values: program(lib, *values), plain, directions)
    return [*found, array(tangent)]


def _filled(gradients: Any, inputs: list) -> list[np.ndarray]:
    """The gradients as arrays; one that is not there is zero."""
    return [
        np.zeros(tuple(x.shape), array(x).dtype) if g is None else array(g)
        for g, x in zip(gradients, inputs, strict=True)
    ]


def assert_differentiates_as_torch(
    program: Callable, *arrays: np.ndarray, second: bool = True, rtol: float = 1e-7
) -> None:
    want, got = both(lambda lib: derivatives(lib, program, arrays, second))
    assert_same(got, want, rtol)
