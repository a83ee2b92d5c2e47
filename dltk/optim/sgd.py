"""Lab 5: gradient descent, with momentum.

The functions work on raw arrays: what they do to `param` in place happens to the parameter itself,
and nothing of it is recorded. `work` is an array like `param` for results in between; its contents
mean nothing before and after. An update that makes no other array of that size is several times
faster on large parameters.
"""

import numpy as np


def with_gradients(params) -> list:
    """The parameters that an optimizer steps: those whose `.grad` is not `None`."""
    return [param for param in params if param.grad is not None]


def effective_gradient(param, grad, weight_decay: float, maximize: bool):
    """The gradient, negated to maximize, plus `weight_decay` times `param`.

    `grad` itself stays as it is.
    """
    if maximize:
        grad = -grad
    if weight_decay != 0:
        grad = grad + weight_decay * param
    return grad


def descend(param, direction, lr: float, work) -> None:
    """Move `param`, in place, by `lr` against `direction`."""
    np.multiply(direction, lr, out=work)
    param -= work


def momentum_direction(
    grad, buffer, momentum: float, dampening: float, nesterov: bool, work
) -> tuple:
    """The direction of a step with momentum, and the buffer that remembers the directions so far.

    `buffer` is updated in place. It is `None` at the first step, and becomes a copy of the
    gradient then, without dampening.
    """
    if buffer is None:
        buffer = np.array(grad)
    else:
        buffer *= momentum
        np.multiply(grad, 1 - dampening, out=work)
        buffer += work
    if not nesterov:
        return buffer, buffer
    np.multiply(buffer, momentum, out=work)
    work += grad
    return work, buffer
