"""Lab 4: losses on what a model gives out, logits included.

Given, in `dltk.nn.loss_terms`: `check_pair` and `check_classes` refuse what does not fit, and
`with_probabilities` and `smoothed` are the rarer forms of cross-entropy.
"""

import math

from dltk.nn import loss_terms
from dltk.nn.activation_functions import log_softmax, softplus


def reduce(losses, reduction):
    """`losses` themselves for "none", or their "mean" or "sum"."""
    if reduction == "none":
        return losses
    if reduction == "mean":
        return losses.mean()
    if reduction == "sum":
        return losses.sum()
    raise ValueError(f"{reduction} is not a valid value for reduction")


def mse_loss(input, target, *, reduction="mean"):
    """(x - y)², as a mean, a sum, or for each element."""
    loss_terms.warn_of_broadcasting(input, target)
    difference = input - target
    return reduce(difference * difference, reduction)


def nll_loss(
    input,
    target,
    weight=None,
    *,
    ignore_index=-100,
    reduction="mean",
):
    """-w[y] · x[y] for log-probabilities x (N, C, …) and classes y (N, …), or (C) and ().

    `weight` (C) has a weight for each class; where y is `ignore_index` the loss is 0. The mean is
    the sum of the losses divided by the sum of the weights that count.
    """
    dim = loss_terms.check_classes(input, target, weight, ignore_index)
    counts = target != ignore_index
    classes = target.masked_fill(~counts, 0)
    picked = input.gather(dim, classes.unsqueeze(dim)).squeeze(dim)
    weights = counts.to(input.dtype) if weight is None else weight[classes] * counts
    losses = -picked.masked_fill(~counts, 0) * weights
    if reduction == "mean":
        return losses.sum() / weights.sum()
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
    log_probabilities = log_softmax(input, dim)
    if target.shape == input.shape:
        return loss_terms.with_probabilities(
            log_probabilities, target, weight, reduction, label_smoothing, reduce
        )
    loss = nll_loss(
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
