"""Backward passes of one's own that cannot be differentiated themselves."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from dltk.autograd.grad_modes import no_grad
from dltk.autograd.graph import Node, edge_of
from dltk.autograd.state import state
from dltk.core import tensor as core
from dltk.core.dispatch import attach
from dltk.core.tensor import Tensor


class TwiceRefused(Node):
    """Stands where a backward pass went that may be differentiated once only."""

    def name(self) -> str:
        return "torch::autograd::Error"

    def pull(self, gradients: list, run: Any) -> list:
        raise RuntimeError(
            "trying to differentiate twice a function that was marked with @once_differentiable"
        )


def once_differentiable(backward: Callable) -> Callable:
    """Mark a Function's `backward`: differentiating what it returned raises a RuntimeError.

    Without the mark, a `backward` that computes with other things than tensors would give second
    derivatives that are silently wrong.
    """

    @functools.wraps(backward)
    def once(ctx: Any, *gradients: Any) -> Any:
        with no_grad():
            returned = backward(ctx, *gradients)
        sources = [each for each in gradients if isinstance(each, Tensor) and each.requires_grad]
        if not state.enabled or not sources:
            return returned
        node = TwiceRefused([edge_of(each) for each in sources])
        if not isinstance(returned, tuple):
            return _refusing(returned, node)
        return tuple(_refusing(each, node) for each in returned)

    return once


def _refusing(gradient: Any, node: Node) -> Any:
    if not isinstance(gradient, Tensor):
        return gradient
    result = core.alias(gradient)
    attach(result, node)
    return result
