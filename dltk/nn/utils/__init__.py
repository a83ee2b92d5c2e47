"""What is done to all parameters, or all gradients, of a module at once."""

from __future__ import annotations

import types
import warnings
from collections.abc import Iterable
from typing import Any

import dltk
from dltk.autograd.grad_modes import no_grad
from dltk.core.tensor import Tensor
from dltk.nn import clipping
from dltk.nn.utils import rnn
from dltk.optim.sgd import with_gradients

__all__ = [
    "clip_grad_norm_",
    "clip_grad_value_",
    "clip_grads_with_norm_",
    "get_total_norm",
    "parameters_to_vector",
    "rnn",
    "vector_to_parameters",
]

Tensors = Tensor | Iterable[Tensor]


def _listed(tensors: Tensors) -> list[Tensor]:
    return [tensors] if isinstance(tensors, Tensor) else list(tensors)


def _gradients(parameters: Tensors) -> list[Tensor]:
    return [param.grad for param in with_gradients(_listed(parameters)) if param.grad is not None]


@no_grad()
def get_total_norm(
    tensors: Tensors,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """The norm of all tensors together, as if they were one vector.

    Raises:
        RuntimeError: the norm is infinite or not a number, and `error_if_nonfinite`.
    """
    norm = clipping.total_norm(_listed(tensors), float(norm_type))
    if error_if_nonfinite and not dltk.isfinite(norm):
        raise RuntimeError(
            f"The total norm of order {float(norm_type)} for gradients from `parameters` is "
            "non-finite, so it cannot be clipped. To disable this error and scale the gradients by "
            "the non-finite norm anyway, set `error_if_nonfinite=False`"
        )
    return norm


@no_grad()
def clip_grads_with_norm_(
    parameters: Tensors, max_norm: float, total_norm: Tensor, foreach: bool | None = None
) -> None:
    """Scale the gradients in place so that `total_norm`, which is theirs, is at most `max_norm`."""
    clipping.scale_down(_gradients(parameters), total_norm, float(max_norm))


def clip_grad_norm_(
    parameters: Tensors,
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """Scale the gradients in place so that their norm together is at most `max_norm`.

    Returns:
        The norm before, a tensor without dimensions.

    Raises:
        RuntimeError: the norm is infinite or not a number, and `error_if_nonfinite`.
    """
    listed = _listed(parameters)
    if not listed and isinstance(parameters, types.GeneratorType):
        warnings.warn(
            "`parameters` is an empty generator, no gradient clipping will occur.", stacklevel=2
        )
    norm = get_total_norm(_gradients(listed), norm_type, error_if_nonfinite, foreach)
    clip_grads_with_norm_(listed, max_norm, norm, foreach)
    return norm


@no_grad()
def clip_grad_value_(parameters: Tensors, clip_value: float, foreach: bool | None = None) -> None:
    """Bring every element of the gradients, in place, into `[-clip_value, clip_value]`."""
    clipping.limit(_gradients(parameters), float(clip_value))


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    """The elements of all parameters in one vector; recorded, as every operation is."""
    return dltk.cat([param.view(-1) for param in parameters])


def vector_to_parameters(vec: Tensor, parameters: Iterable[Any]) -> None:
    """Give the parameters the elements of `vec`, whose memory they share from then on.

    Raises:
        TypeError: `vec` is not a tensor.
        RuntimeError: `vec` is too short.
    """
    if not isinstance(vec, Tensor):
        raise TypeError(f"expected dltk.Tensor, but got: {type(vec).__name__}")
    start = 0
    for param in parameters:
        part: Any = dltk.narrow(vec, 0, start, param.numel())
        param.data = part.view_as(param).data
        start += param.numel()
