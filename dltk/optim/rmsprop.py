"""Lab 5: dividing by a running root mean square.

The functions work on raw arrays in place; `work` is as in `dltk.optim.sgd`.
"""

import numpy as np


def root_mean_square(square, grad, mean, alpha: float, eps: float, work):
    """Take `grad` into the running averages; return what to divide by, in `work`.

    `square` is the running average of the squared gradient, without bias correction. `mean` is
    that of the gradient, or `None`; with it, the variance takes the place of the mean square.
    `eps` is added to the root.
    """
    square *= alpha
    np.multiply(grad, grad, out=work)
    work *= 1 - alpha
    square += work
    if mean is None:
        np.sqrt(square, out=work)
    else:
        np.subtract(grad, mean, out=work)
        work *= 1 - alpha
        mean += work
        np.multiply(mean, mean, out=work)
        np.subtract(square, work, out=work)
        np.sqrt(work, out=work)
    work += eps
    return work


def rmsprop(param, grad, square, mean, buffer, options: dict, work) -> None:
    """One step of RMSprop, in place.

    `options` has `lr`, `alpha`, `eps` and `momentum`. `buffer`, `None` without momentum, becomes
    `momentum` times itself plus the scaled gradient, and is the direction then.
    """
    scale = root_mean_square(square, grad, mean, options["alpha"], options["eps"], work)
    np.divide(grad, scale, out=work)
    if buffer is not None:
        buffer *= options["momentum"]
        buffer += work
        work[...] = buffer
    work *= options["lr"]
    param -= work
