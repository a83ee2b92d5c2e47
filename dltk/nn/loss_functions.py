"""Lab 4: losses on what a model gives out, logits included.

`mse_loss` and `nll_loss` run on raw arrays, with the functions of `ops`, and their derivatives are
given. The others run on tensors and are differentiated as they are written.
What does not fit was refused before.
"""

import math

from dltk.nn import functional
from dltk.nn.activation_functions import softplus


def reduce(losses, reduction):
    """`losses` themselves for "none", or their "mean" or "sum".

    Raises:
        ValueError: another word.
    """
    if reduction == "none":
        return losses
    if reduction == "mean":
        return losses.mean()
    if reduction == "sum":
        return losses.sum()
    raise ValueError(f"{reduction} is not a valid value for reduction")


def mse_loss(ops, x, y, reduction):
    """(x - y)², as a mean, a sum, or for each element."""
    difference = x - y
    return reduce(difference * difference, reduction)


def nll_loss(ops, x, target, weight, ignore_index, reduction):
    """-w[y] · x[y] for log-probabilities x (N, C, …) and classes y (N, …), or (C) and ().

    `weight` (C) has a weight for each class, or is `None`; where y is `ignore_index` the loss is 0.
    The mean is the sum of the losses divided by the sum of the weights that count.
    """
    dim = 1 if x.ndim > 1 else 0
    counts = target != ignore_index
    classes = ops.where(counts, target, 0)
    weights = ops.cast(counts, x) if weight is None else ops.index(weight, (classes,)) * counts
    picked = ops.squeeze(ops.gather(x, dim, ops.unsqueeze(classes, dim)), dim)
    losses = ops.where(counts, -picked * weights, ops.zeros((), x))
    if reduction == "mean":
        return ops.sum(losses) / ops.sum(weights)
    return reduce(losses, reduction)


def cross_entropy(input, target, weight, ignore_index, reduction):
    """`nll_loss` of the log-softmax of logits `input` (N, C, …) or (C), for classes `target`.

    Both are operations on tensors here: `functional.log_softmax(input, dim)` along the dimension of
    the classes, and `functional.nll_loss`, which takes the rest in the same order.
    """
    dim = 1 if input.ndim > 1 else 0
    log_probabilities = functional.log_softmax(input, dim)
    return functional.nll_loss(
        log_probabilities, target, weight, ignore_index=ignore_index, reduction=reduction
    )


def binary_cross_entropy_with_logits(input, target, weight, pos_weight, reduction):
    """-y ln p - (1 - y) ln(1 - p) for p = sigmoid(x), of logits x and targets y of one shape.

    -ln p is `softplus(-x)`, which does not overflow; `threshold=math.inf` keeps it exact. The first
    term is multiplied by `pos_weight`, the whole loss of each element by `weight`; either may be
    `None`.
    """
    positive = target if pos_weight is None else pos_weight * target
    negative = 1 - target
    losses = negative * input + (positive + negative) * softplus(-input, threshold=math.inf)
    return reduce(losses if weight is None else losses * weight, reduction)
