"""`gradcheck`: a backward pass against central differences, input by input, output by output."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dltk.autograd.grad_modes import enable_grad, no_grad
from dltk.autograd.gradcheck import agree, numerical_column
from dltk.autograd.passes import grad
from dltk.backends.registry import created, kernel_view
from dltk.core import dtypes
from dltk.core.tensor import Tensor, wrap


class GradcheckError(RuntimeError):
    """A backward pass and the differences of its function do not agree."""


def gradcheck(
    func: Callable[..., Any],
    inputs: Tensor | Sequence[Any],
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
) -> bool:
    """Whether the backward pass of `func` agrees with small differences.

    `inputs` should be float64; they are as they were afterwards. As `torch.autograd.gradcheck`.

    Raises:
        GradcheckError: they differ and `raise_exception` is true; also, as in torch, a
            `ValueError` where no input requires a gradient.
    """
    arguments = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    chosen = [each for each in arguments if isinstance(each, Tensor) and each.requires_grad]
    if not chosen:
        raise ValueError(
            "gradcheck expects at least one input tensor to require gradient, but none of the "
            "them have requires_grad=True."
        )
    outputs = _differentiable(func(*arguments))
    for number, output in enumerate(outputs):
        for position, x in enumerate(chosen):
            numerical = _numerical(func, arguments, x, number, eps)
            analytical = _analytical(output, x)
            if not agree(numerical, analytical, atol, rtol):
                if not raise_exception:
                    return False
                raise GradcheckError(
                    f"Jacobian mismatch for output {number} with respect to input {position},\n"
                    f"numerical:{numerical}\nanalytical:{analytical}\n"
                )
    return True


def gradgradcheck(
    func: Callable[..., Any],
    inputs: Tensor | Sequence[Any],
    grad_outputs: Sequence[Tensor] | None = None,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
) -> bool:
    """`gradcheck` of the gradients of `func`. As `torch.autograd.gradgradcheck`."""
    arguments = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    outputs = _differentiable(func(*arguments))
    if grad_outputs is None:
        numbers = np.random.RandomState(0)
        grad_outputs = [_drawn_like(each, numbers) for each in outputs]
        for each in grad_outputs:
            each.requires_grad_()
    seeds = tuple(grad_outputs)

    def gradients(*values: Any) -> tuple[Tensor, ...]:
        found, given = values[: len(arguments)], values[len(arguments) :]
        targets = [each for each in found if isinstance(each, Tensor) and each.requires_grad]
        # Also while differences are taken, when nothing else is recorded.
        with enable_grad():
            return grad(
                _differentiable(func(*found)),
                targets,
                given,
                create_graph=True,
                allow_unused=True,
                materialize_grads=True,
            )

    return gradcheck(
        gradients,
        (*arguments, *seeds),
        eps=eps,
        atol=atol,
        rtol=rtol,
        raise_exception=raise_exception,
    )


def _drawn_like(output: Tensor, numbers: np.random.RandomState) -> Tensor:
    raw = np.asarray(numbers.standard_normal(output._raw.shape), output.dtype.numpy)
    return wrap(created(raw, output.device))


def _differentiable(result: Any) -> list[Tensor]:
    outputs = list(result) if isinstance(result, tuple | list) else [result]
    return [each for each in outputs if each.dtype.is_floating_point]


def _numerical(func: Callable, arguments: tuple, x: Tensor, number: int, eps: float) -> Tensor:
    """The Jacobian of output `number` by columns: one row an element of `x`."""

    def compute() -> Tensor:
        return _differentiable(func(*arguments))[number].detach().clone().reshape(-1)

    columns = []
    with no_grad():
        for index in itertools.product(*map(range, x._raw.shape)):
            columns.append(numerical_column(compute, x.data, index, eps))
    return _stacked([kernel_view(each._raw) for each in columns])


def _analytical(output: Tensor, x: Tensor) -> Tensor:
    """The Jacobian of `output` by rows of the backward pass, one row an element of `x`."""
    columns = []
    if not output.requires_grad:
        return _stacked([np.zeros((output._raw.size, x._raw.size))]).reshape(x._raw.size, -1)
    for index in itertools.product(*map(range, output._raw.shape)):
        seed = output.new_zeros(output.shape)
        seed[index] = 1
        (gradient,) = grad(output, x, seed, retain_graph=True, allow_unused=True)
        columns.append(
            np.zeros(x._raw.size) if gradient is None else kernel_view(gradient._raw).reshape(-1)
        )
    return _stacked([np.stack(columns, 1)]).reshape(x._raw.size, -1)


def _stacked(parts: list) -> Tensor:
    return wrap(np.stack(parts).astype(np.float64), dtypes.float64)
