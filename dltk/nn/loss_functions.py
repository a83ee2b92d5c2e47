"""Lab 4: losses on what a model gives out, logits included.

`mse_loss` and `nll_loss` run on raw arrays, with the functions of `ops`, and their derivatives are
given. The others run on tensors and are differentiated as they are written.

Given, in `dltk.nn.loss_terms`: `check_pair` refuses what does not fit, and `with_probabilities` and
`smoothed` are the rarer forms of cross-entropy. `functional` has `log_softmax` and `nll_loss`.
"""

import math

from dltk.nn import functional, loss_terms
from dltk.nn.activation_functions import softplus


def reduce(losses, reduction):
    """`losses` themselves for "none", or their "mean" or "sum"."""
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


def cross_entropy(
    input,
    target,
    weight=None,
    *,
    ignore_index=-100,
    reduction="mean",
    label_smoothing=0.0,
):
    """`nll_loss` of the log-softmax of logits (N, C, …) or (C).

    `target` has classes, or, in the shape of the input, a probability for each class.
    """
    dim = 1 if input.ndim > 1 else 0
    log_probabilities = functional.log_softmax(input, dim)
    if target.shape == input.shape:
        return loss_terms.with_probabilities(
            log_probabilities, target, weight, reduction, label_smoothing, reduce
        )
    loss = functional.nll_loss(
        log_probabilities, target, weight, ignore_index=ignore_index, reduction=reduction
    )
    if label_smoothing == 0:
        return loss
    return loss_terms.smoothed(
        loss, log_probabilities, target, weight, ignore_index, reduction, label_smoothing, reduce
    )


def binary_cross_entropy_with_logits(
    input,
    target,
    weight=None,
    *,
    reduction="mean",
    pos_weight=None,
):
    """-y ln p - (1 - y) ln(1 - p) for p = sigmoid(x); the first term times `pos_weight`.

    `weight` multiplies the loss of each element.
    """
    loss_terms.check_pair(input, target)
    positive = target if pos_weight is None else pos_weight * target
    negative = 1 - target
    losses = negative * input + (positive + negative) * softplus(-input, threshold=math.inf)
    return reduce(losses if weight is None else losses * weight, reduction)
