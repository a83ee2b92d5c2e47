"""The negative log-likelihood and the mean squared error, each as one operation of the graph."""

from __future__ import annotations

import numpy as np

from dltk.autograd.primitive_node import watch
from dltk.core.dispatch import apply
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor
from dltk.nn import loss_functions, loss_terms
from dltk.nn.given_rules import give
from dltk.ops.pointwise import mul, sub


def _nll_x(ops, g, x_shape, target, ignore_index, dim, places, share, reduction):
    if reduction == "mean":
        g = g / share.sum()
    # Chosen, not multiplied by 0: where every target is ignored, the mean is 0 / 0.
    slopes = ops.where(target != ignore_index, -(g * share), 0.0)
    return ops.place_along(ops.unsqueeze(slopes, dim), dim, places, x_shape)


def _nll_x_tangent(ops, t, target, ignore_index, dim, places, share, reduction):
    picked = ops.squeeze(ops.gather(t, dim, places), dim)
    losses = ops.where(target != ignore_index, -picked * share, 0.0)
    if reduction == "mean":
        return ops.sum(losses) / share.sum()
    return ops.sum(losses) if reduction == "sum" else losses


_nll_loss = Primitive(
    "nll_loss",
    "x",
    lambda ops, x, target, weight, ignore_index, reduction, *derived: loss_functions.nll_loss(
        ops, x, target, weight, ignore_index, reduction
    ),
    lambda *params: params[-1],
    "target weight ignore_index reduction dim places share node",
)
give(_nll_loss, (_nll_x,), (_nll_x_tangent,))


def nll_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
) -> Tensor:
    """-w[y] · x[y] for log-probabilities x (N, C, …) and classes y (N, …), or (C) and ().

    As `torch.nn.functional.nll_loss`.

    Raises:
        ValueError: the input has no dimension, or the batches differ.
        RuntimeError: the target is not int64, its other dimensions or the weight's length differ.
        IndexError: a class is not one of the input's.
    """
    dim = loss_terms.check_classes(input, target, weight, ignore_index)
    classes, weights = target._raw, None if weight is None else weight._raw
    counts = classes != ignore_index
    places = np.where(counts, classes, 0)
    share = counts.astype(input.dtype.numpy) if weights is None else weights[places] * counts
    node = "NllLossBackward0" if input.ndim < 3 else "NllLoss2DBackward0"
    given = (classes, weights, ignore_index, reduction)
    derived = (dim, np.expand_dims(places, dim), share, node)
    return watch(apply(_nll_loss, (input,), given + derived, input.dtype), target, weight)


def _mse_x(ops, g, x, y, share):
    return (x - y) * (g * (2 * share))


def _mse_y(ops, g, x, y, share):
    return (y - x) * (g * (2 * share))


def _mse_x_tangent(ops, t, x, y, share, reduction):
    terms = (x - y) * t * (2 * share)
    return terms if reduction == "none" else ops.sum(terms)


def _mse_y_tangent(ops, t, x, y, share, reduction):
    return _mse_x_tangent(ops, -t, x, y, share, reduction)


_mse_loss = Primitive(
    "mse_loss",
    "x y",
    lambda ops, x, y, share, reduction: loss_functions.mse_loss(ops, x, y, reduction),
    "MseLossBackward0",
    "share reduction",
)
give(_mse_loss, (_mse_x, _mse_y), (_mse_x_tangent, _mse_y_tangent))


def mse_loss(input: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """(x - y)², as a mean, a sum, or for each element. As `torch.nn.functional.mse_loss`."""
    loss_terms.warn_of_broadcasting(input, target)
    if input.shape != target.shape or input.dtype is not target.dtype:
        difference = sub(input, target)
        return loss_functions.reduce(mul(difference, difference), reduction)
    share = 1 / input.numel() if reduction == "mean" and input.numel() else 1.0
    return apply(_mse_loss, (input, target), (share, reduction), input.dtype)
