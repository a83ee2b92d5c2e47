"""Losses on logits, as torch.nn.functional has them, around what lab 4 writes."""

from __future__ import annotations

from typing import Any

from dltk.core.tensor import Tensor
from dltk.nn import functional, loss_functions, loss_terms
from dltk.nn.naming import named


def cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """The negative log-likelihood of the log-softmax of logits (N, C, …) or (C).

    `target` has classes, or, in the shape of the input, a probability for each class. As torch's
    function of this name.
    """
    if target.shape != input.shape and label_smoothing == 0:
        return loss_functions.cross_entropy(input, target, weight, ignore_index, reduction)
    log_probabilities = functional.log_softmax(input, 1 if input.ndim > 1 else 0)
    if target.shape == input.shape:
        return loss_terms.with_probabilities(
            log_probabilities,
            target,
            weight,
            reduction,
            label_smoothing,
            loss_functions.reduce,
        )
    loss = functional.nll_loss(
        log_probabilities, target, weight, reduction=reduction, ignore_index=ignore_index
    )
    return loss_terms.smoothed(
        loss,
        log_probabilities,
        target,
        weight,
        ignore_index,
        reduction,
        label_smoothing,
        loss_functions.reduce,
    )


@named("BinaryCrossEntropyWithLogitsBackward0")
def binary_cross_entropy_with_logits(
    input: Any,
    target: Any,
    weight: Any = None,
    *,
    reduction: str = "mean",
    pos_weight: Any = None,
) -> Tensor:
    """-y ln p - (1 - y) ln(1 - p) for p = sigmoid(x); the first term times `pos_weight`.

    `weight` multiplies the loss of each element. As torch's function of this name.

    Raises:
        ValueError: the shapes differ.
    """
    loss_terms.check_pair(input, target)
    return loss_functions.binary_cross_entropy_with_logits(
        input, target, weight, pos_weight, reduction
    )
