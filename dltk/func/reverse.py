"""Derivatives of whole functions in reverse mode."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from dltk.autograd import passes
from dltk.autograd.grad_modes import enable_grad
from dltk.core.tensor import Tensor, wrap
from dltk.func.forward import jacfwd


def _fresh(x: Tensor) -> Tensor:
    """`x` as the start of a graph of its own that stays connected to the one around it."""
    return x.view(tuple(x.shape)) if x.requires_grad else _forgetful(x).requires_grad_()


def _forgetful(x: Tensor, with_tangents: bool = False) -> Tensor:
    """`x` without its place in the graph, but with its tangents, which `detach` would drop.

    with_tangents: whether the tangents lose their place as well.
    """
    bare = x.detach()
    bare._tangents = x._tangents
    if with_tangents and x._tangents:
        bare._tangents = {k: _forgetful(each, True) for k, each in x._tangents.items()}
    return bare


def _connected(x: Any) -> bool:
    """Whether `x` or one of its tangents is part of a graph that surrounds the transform."""
    if not isinstance(x, Tensor):
        return False
    return x.requires_grad or any(map(_connected, (x._tangents or {}).values()))


def _outcome(x: Tensor, inputs: Any) -> Tensor:
    """A result of a transform: it stays in the graph only if an input came from one."""
    return x if any(map(_connected, inputs)) else _forgetful(x, with_tangents=True)


def vjp(func: Callable, *primals: Tensor) -> tuple[Any, Callable]:
    """The value of `func`, and a function from an adjoint of it to the adjoints of `primals`.

    As `torch.func.vjp`.
    """
    with enable_grad():
        inputs = [_fresh(each) for each in primals]
        result = func(*inputs)
    outputs = result if isinstance(result, tuple) else (result,)

    def pullback(*adjoints: Tensor) -> tuple[Tensor, ...]:
        given = adjoints[0] if len(adjoints) == 1 and isinstance(adjoints[0], tuple) else adjoints
        return passes.grad(
            outputs, inputs, given, retain_graph=True, create_graph=True, materialize_grads=True
        )

    return result, pullback


def grad_and_value(func: Callable, argnums: int | tuple[int, ...] = 0) -> Callable:
    """A function that gives the gradient and the value of `func`, which returns one number.

    As `torch.func.grad_and_value`.
    """
    chosen = (argnums,) if isinstance(argnums, int) else tuple(argnums)

    def compute(*args: Any) -> tuple[Any, Tensor]:
        with enable_grad():
            inputs = {number: _fresh(args[number]) for number in chosen}
            value = func(*[inputs.get(i, each) for i, each in enumerate(args)])
            if value.ndim != 0:
                raise RuntimeError(
                    "Expected the vmap-able function to return a tensor with 0 dimensions, got "
                    f"{value.ndim}"
                )
            found = passes.grad(
                value, list(inputs.values()), create_graph=True, materialize_grads=True
            )
        results = tuple(_outcome(each, args) for each in found)
        return results[0] if isinstance(argnums, int) else results, _outcome(value, args)

    return compute


def grad(func: Callable, argnums: int | tuple[int, ...] = 0) -> Callable:
    """A function that gives the gradient of `func`. As `torch.func.grad`."""
    compute = grad_and_value(func, argnums)
    return lambda *args: compute(*args)[0]


def jacrev(func: Callable, argnums: int = 0) -> Callable:
    """A function that gives the Jacobian of `func`, one row a backward pass.

    As `torch.func.jacrev`.
    """

    def jacobian(*args: Any) -> Tensor:
        x = args[argnums]
        value, pullback = vjp(lambda each: func(*args[:argnums], each, *args[argnums + 1 :]), x)
        rows = []
        for index in itertools.product(*map(range, value.shape)):
            seed = wrap(np.zeros(tuple(value.shape), value.dtype.numpy), value.dtype)
            seed[index] = 1
            rows.append(pullback(seed)[0])
        from dltk.ops.join import stack

        result = stack(rows, 0).reshape(*value.shape, *x.shape)
        return _outcome(result, args)

    return jacobian


def hessian(func: Callable, argnums: int = 0) -> Callable:
    """A function that gives the matrix of second derivatives of `func`. As `torch.func.hessian`."""
    return jacfwd(jacrev(func, argnums), argnums)
