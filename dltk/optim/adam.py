"""Lab 5: Adam, and the decoupled weight decay of AdamW.

The functions work on raw arrays in place; `work` is as in `dltk.optim.sgd`. D. Kingma and J. Ba,
Adam: A Method for Stochastic Optimization, 2015; I. Loshchilov and F. Hutter, Decoupled Weight
Decay Regularization, 2019.
"""

import math

import numpy as np


def decay(param, lr: float, weight_decay: float) -> None:
    """AdamW's decay: shrink `param`, in place, by the fraction `lr * weight_decay`."""
    param *= 1 - lr * weight_decay


def update_moments(grad, mean, square, beta1: float, beta2: float, work) -> None:
    """Take `grad` into both running averages, in place.

    `mean` moves towards the gradient by the share `1 - beta1` of the distance, `square` towards
    the gradient's square by the share `1 - beta2`.
    """
    np.subtract(grad, mean, out=work)
    work *= 1 - beta1
    mean += work
    square *= beta2
    np.multiply(grad, grad, out=work)
    work *= 1 - beta2
    square += work


def adam(param, grad, mean, square, largest, step: int, options: dict, work) -> None:
    """Step number `step` (from 1, counted for each parameter) of Adam, in place.

    The direction is the corrected mean divided by the root of the corrected square, to which `eps`
    is added. `mean` and `square` began at 0 and are too small at first: divided by 1 - beta to the
    power of `step` they are corrected. `options` has `lr`, `betas` and `eps`. `largest` is `None`,
    or for AMSGrad the largest `square` so far, which is updated and takes the place of `square`.
    """
    beta1, beta2 = options["betas"]
    update_moments(grad, mean, square, beta1, beta2, work)
    if largest is not None:
        np.maximum(largest, square, out=largest)
        square = largest
    # Both corrections are in the numbers, not in the arrays: one pass less.
    root = math.sqrt(1 - beta2**step)
    np.sqrt(square, out=work)
    work += options["eps"] * root
    np.divide(mean, work, out=work)
    work *= options["lr"] * root / (1 - beta1**step)
    param -= work
