"""The losses that no lab asks for."""

from __future__ import annotations

import warnings
from typing import Any

from dltk.autograd.custom_tangents import Function
from dltk.core.tensor import Tensor
from dltk.nn.loss_functions import reduce
from dltk.nn.loss_terms import warn_of_broadcasting
from dltk.nn.naming import named
from dltk.ops.choice import where
from dltk.ops.pointwise import abs, exp, log, log1p, sub
from dltk.ops.special import xlogy
from dltk.ops.ternary import clamp

# The float32 nearest to 1e-12, which is torch's bound for every dtype.
_LEAST_VARIANCE = 9.999999960041972e-13


def l1_loss(input: Any, target: Any, *, reduction: str = "mean") -> Tensor:
    """|x - y|. As `torch.nn.functional.l1_loss`."""
    warn_of_broadcasting(input, target)
    return reduce(abs(input - target), reduction)


@named("SmoothL1LossBackward0")
def smooth_l1_loss(
    input: Any, target: Any, *, reduction: str = "mean", beta: float = 1.0
) -> Tensor:
    """(x - y)² / 2β below β, |x - y| - β/2 above. As `torch.nn.functional.smooth_l1_loss`."""
    if beta < 0:
        raise RuntimeError(f"smooth_l1_loss does not support negative values for beta, got {beta}")
    if beta == 0:
        return l1_loss(input, target, reduction=reduction)
    warn_of_broadcasting(input, target)
    return reduce(_quadratic_below(abs(input - target), beta) / beta, reduction)


@named("HuberLossBackward0")
def huber_loss(input: Any, target: Any, *, reduction: str = "mean", delta: float = 1.0) -> Tensor:
    """(x - y)² / 2 below δ, δ(|x - y| - δ/2) above. As `torch.nn.functional.huber_loss`."""
    if delta <= 0:
        raise RuntimeError(
            f"huber_loss does not support non-positive values for delta, got {delta}"
        )
    warn_of_broadcasting(input, target)
    return reduce(_quadratic_below(abs(input - target), delta), reduction)


def _quadratic_below(size: Any, bound: float) -> Any:
    """Half the square of each size below `bound`, a line of slope `bound` above.

    The square is only taken of what is small: where it is not chosen its derivative counts as 0
    times the size, and that is NaN for an infinite one.
    """
    near = size < bound
    small = where(near, size, 0.0)
    return where(near, 0.5 * small * small, bound * (size - 0.5 * bound))


class BinaryCrossEntropy(Function):
    """-y ln x - (1 - y) ln(1 - x), with logarithms of at least -100 and a bounded derivative."""

    @staticmethod
    def forward(ctx: Any, *args: Any) -> Any:
        input, target = args
        ctx.save_for_backward(input, target)
        ctx.save_for_forward(input, target)
        return -target * clamp(log(input), -100) - (1 - target) * clamp(log1p(-input), -100)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        (gradient,) = gradients
        to_input, to_target = _slopes(*ctx.saved_tensors)
        return gradient * to_input, gradient * to_target if ctx.needs_input_grad[1] else None

    @staticmethod
    def jvp(ctx: Any, *tangents: Any) -> Any:
        to_input, to_target = _slopes(*ctx.saved_tensors)
        return tangents[0] * to_input + tangents[1] * to_target


def _slopes(input: Any, target: Any) -> tuple[Tensor, Tensor]:
    """The derivatives of binary cross-entropy, element by element."""
    to_input = (input - target) / clamp((1 - input) * input, _LEAST_VARIANCE)
    return to_input, sub(log1p(-input), log(input))


@named("BinaryCrossEntropyBackward0")
def binary_cross_entropy(
    input: Any, target: Any, weight: Any = None, *, reduction: str = "mean"
) -> Tensor:
    """-y ln x - (1 - y) ln(1 - x) for probabilities x. As torch's function of this name.

    Raises:
        ValueError: the shapes differ.
        RuntimeError: an x or a y is not in [0, 1].
    """
    if input.shape != target.shape:
        raise ValueError(
            f"Using a target size ({target.shape}) that is different to the input size "
            f"({input.shape}) is deprecated. Please ensure they have the same size."
        )
    if target.dtype is not input.dtype:
        raise RuntimeError(
            f"binary_cross_entropy: Found dtype {target.dtype} of the target but expected "
            f"{input.dtype}, that of the input"
        )
    for name, raw in (("input", input._raw), ("target", target._raw)):
        if raw.size and not (raw.min() >= 0 and raw.max() <= 1):
            raise RuntimeError(f"all elements of {name} should be between 0 and 1")
    losses = BinaryCrossEntropy.apply(input, target)
    if weight is not None:
        losses = losses * weight
    return reduce(losses, reduction=reduction)


def kl_div(input: Any, target: Any, *, reduction: str = "mean", log_target: bool = False) -> Tensor:
    """y (ln y - x) for log-probabilities x; "batchmean" is the sum over the batch size.

    With `log_target` the target holds ln y. As `torch.nn.functional.kl_div`.
    """
    if reduction == "mean":
        warnings.warn(
            "reduction: 'mean' divides the total loss by both the batch size and the support size."
            "'batchmean' divides only by the batch size, and aligns with the KL div math "
            "definition.",
            stacklevel=2,
        )
    terms = exp(target) * (target - input) if log_target else xlogy(target, target) - target * input
    if reduction == "batchmean":
        total = terms.sum()
        return total / input.shape[0] if input.ndim else total
    return reduce(terms, reduction)
