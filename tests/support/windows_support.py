"""What the tests of convolution, pooling and padding compare between dltk and torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from comparing import array, nearest_builtin, seed_like

import dltk


def derivatives(lib: Any, run: Callable, arrays: tuple[np.ndarray, ...]) -> list[np.ndarray]:
    """The value, the gradients, those of a function of the gradients, and a tangent."""
    inputs = [lib.tensor(each, requires_grad=True) for each in arrays]
    value = run(*inputs)
    target = (value * value * seed_like(lib, value)).sum()
    found = [value, *lib.autograd.grad(target, inputs, create_graph=True)]
    # Torch fails at the second derivatives of an empty batch.
    if all(each.size for each in arrays):
        second = sum((each * each * seed_like(lib, each)).sum() for each in found[1:])
        found += lib.autograd.grad(second, inputs)
    directions = tuple(seed_like(lib, each) for each in inputs)
    _, tangent = lib.func.jvp(run, tuple(each.detach() for each in inputs), directions)
    return [array(each) for each in (*found, tangent)]


def refusals(misuse: Callable) -> tuple[str, str, str]:
    """The classes of error that torch and dltk raise, and what dltk says."""
    found = []
    for lib in (torch, dltk):
        try:
            misuse(lib, lib.nn.functional, lambda *shape, lib=lib: lib.ones(shape))
            found.append(("nothing", ""))
        except Exception as error:
            found.append((nearest_builtin(error), str(error)))
    return found[0][0], found[1][0], found[1][1]


OPERATIONS: dict[str, Callable] = {
    "conv2d": lambda f, x: f.conv2d(x, x),
    "conv1d": lambda f, x: f.conv1d(x[0], x[0]),
    "conv_transpose2d": lambda f, x: f.conv_transpose2d(x, x),
    "max_pool2d": lambda f, x: f.max_pool2d(x, 2),
    "max_pool1d": lambda f, x: f.max_pool1d(x[0], 2),
    "avg_pool2d": lambda f, x: f.avg_pool2d(x, 2),
    "adaptive_avg_pool2d": lambda f, x: f.adaptive_avg_pool2d(x, 2),
    "unfold": lambda f, x: f.unfold(x, 2),
    "fold": lambda f, x: f.fold(x.reshape(1, 4, 4), (3, 3), 2),
    "reflect": lambda f, x: f.pad(x, (1, 1, 1, 1), "reflect"),
    "replicate": lambda f, x: f.pad(x, (1, 1, 1, 1), "replicate"),
    "circular": lambda f, x: f.pad(x, (1, 1, 1, 1), "circular"),
    "constant": lambda f, x: f.pad(x, (1, 1, 1, 1)),
}
