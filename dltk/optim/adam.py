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


def adam(param, grad, mean, square, largest, step: int, options: dict, work) -> None:
    """Step number `step` (from 1, counted for each parameter) of Adam, in place.

    `mean` and `square` are the running averages of the gradient and of its square; `options` has
    `lr`, `betas` and `eps`. `largest` is `None`, or for AMSGrad the largest `square` so far, which
    takes the place of `square`. `eps` is added to the root of the corrected average.
    """
    beta1, beta2 = options["betas"]
    np.subtract(grad, mean, out=work)
    work *= 1 - beta1
    mean += work
    square *= beta2
    np.multiply(grad, grad, out=work)
    work *= 1 - beta2
    square += work
    if largest is not None:
        np.maximum(largest, square, out=largest)
        square = largest
    # mean/c1 / (√(square/c2) + eps), with the corrections c1 and c2 in the numbers: one pass less.
    root = math.sqrt(1 - beta2**step)
    np.sqrt(square, out=work)
    work += options["eps"] * root
    np.divide(mean, work, out=work)
    work *= options["lr"] * root / (1 - beta1**step)
    param -= work
