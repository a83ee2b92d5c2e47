"""What the losses refuse, and the rarer forms of cross-entropy."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from dltk.core import dtypes
from dltk.core.tensor import Tensor

Reduce = Callable[[Tensor, str], Tensor]


def warn_of_broadcasting(input: Any, target: Any) -> None:
    """Warn where the shapes differ: broadcasting is hardly ever what was meant."""
    if input.shape != target.shape:
        warnings.warn(
            f"Using a target size ({target.shape}) that is different to the input size "
            f"({input.shape}). This will likely lead to incorrect results due to broadcasting. "
            "Please ensure they have the same size.",
            stacklevel=3,
        )


def check_pair(input: Any, target: Any) -> None:
    """Refuse a target whose shape is not that of the input."""
    if input.shape != target.shape:
        raise ValueError(
            f"Target size ({target.shape}) must be the same as input size ({input.shape})"
        )


def check_classes(input: Any, target: Any, weight: Any, ignore_index: int) -> int:
    """The dimension of the classes; what does not fit is refused.

    Raises:
        ValueError: the input has no dimension, or the batches differ.
        RuntimeError: the target is not int64, its other dimensions or the weight's length differ.
        IndexError: a class is not one of the input's.
    """
    if input.ndim == 0:
        raise ValueError(f"Expected an input of 1 or more dimensions (got {input.ndim})")
    dim = 1 if input.ndim > 1 else 0
    expected = (*input.shape[:dim], *input.shape[dim + 1 :])
    if input.ndim > 1 and (target.ndim == 0 or target.shape[0] != input.shape[0]):
        raise ValueError(
            f"Expected input batch_size ({input.shape[0]}) to match target batch_size "
            f"({target.shape[0] if target.ndim else 0})."
        )
    if target.shape != expected:
        raise RuntimeError(
            f"an input of shape {input.shape} needs a target of shape {expected}, "
            f"got {target.shape}"
        )
    if target.dtype is not dtypes.int64:
        raise RuntimeError(f"expected scalar type Long for the target, but found {target.dtype}")
    count = input.shape[dim]
    if weight is not None and weight.shape != (count,):
        raise RuntimeError(
            f"weight tensor should be defined either for all {count} classes or no classes but "
            f"got weight tensor of shape: {weight.shape}"
        )
    classes = target._raw[target._raw != ignore_index]
    wrong = classes[(classes < 0) | (classes >= count)]
    if wrong.size:
        raise IndexError(f"Target {int(wrong[0])} is out of bounds for {count} classes.")
    return dim


def per_class(weight: Any, ndim: int) -> Tensor:
    """The class weights (C) in the shape that broadcasts over an input of `ndim` dimensions."""
    return weight if ndim < 2 else weight.reshape(1, -1, *[1] * (ndim - 2))


def check_label_smoothing(label_smoothing: float) -> None:
    if not 0.0 <= label_smoothing <= 1.0:
        raise RuntimeError(f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing}")


def with_probabilities(
    log_probabilities: Any,
    target: Any,
    weight: Any,
    reduction: str,
    label_smoothing: float,
    reduce: Reduce,
) -> Tensor:
    """Cross-entropy against probabilities; the mean is over the samples."""
    if not target.dtype.is_floating_point:
        raise RuntimeError(
            f"Expected floating point type for target with class probabilities, got {target.dtype}"
        )
    check_label_smoothing(label_smoothing)
    dim = 1 if log_probabilities.ndim > 1 else 0
    if label_smoothing > 0:
        target = target * (1 - label_smoothing) + label_smoothing / target.shape[dim]
    terms = log_probabilities * target
    if weight is not None:
        terms = terms * per_class(weight, terms.ndim)
    return reduce(-terms.sum(dim), reduction)


def smoothed(
    loss: Any,
    log_probabilities: Any,
    target: Any,
    weight: Any,
    ignore_index: int,
    reduction: str,
    label_smoothing: float,
    reduce: Reduce,
) -> Tensor:
    """`loss` mixed with that of a target that is uniform over the classes."""
    check_label_smoothing(label_smoothing)
    dim = 1 if log_probabilities.ndim > 1 else 0
    terms = log_probabilities
    if weight is not None:
        terms = terms * per_class(weight, terms.ndim)
    counts = target != ignore_index
    uniform = -terms.sum(dim).masked_fill(~counts, 0)
    if reduction == "mean":
        weights = counts if weight is None else weight[target.masked_fill(~counts, 0)] * counts
        uniform = uniform.sum() / weights.sum()
    else:
        uniform = reduce(uniform, reduction)
    return (1 - label_smoothing) * loss + uniform * (label_smoothing / log_probabilities.shape[dim])
