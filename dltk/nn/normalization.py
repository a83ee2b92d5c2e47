"""Lab 6: batch normalization and layer normalization."""

import math

from dltk.autograd.grad_modes import no_grad
from dltk.nn.channels import scale_channels


def batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps):
    """`weight` · (x - mean) / √(variance + `eps`) + `bias` for each channel of x (N, C, …).

    In training, mean and variance are those of the batch; and unrecorded, the running ones move
    towards them by the share `momentum` of the distance, the variance towards the unbiased one. In
    evaluation the running ones are used and stay. All but x have shape (C); the running ones may be
    `None` in training.

    Given: `scale_channels(input, scale, shift)` is x · scale + shift for each channel, and
    `a.lerp_(b, share)` moves a towards b by a share of the distance.
    """
    if training:
        dims = (0, *range(2, input.ndim))
        mean, variance = input.mean(dims), input.var(dims, correction=0)
        if running_mean is not None:
            count = math.prod(input.shape[d] for d in dims)
            with no_grad():
                running_mean.lerp_(mean, momentum)
                running_var.lerp_(variance * (count / (count - 1)), momentum)
    else:
        mean, variance = running_mean, running_var
    scale = weight / (variance + eps).sqrt()
    return scale_channels(input, scale, bias - mean * scale)


def standardize(ops, x, dim, eps):
    """(x - mean) / √(variance + `eps`), each sample by itself: over the dimensions `dim`, a tuple.

    What `layer_norm` computes, before scale and shift. It runs on raw arrays, and on tensors where
    it is differentiated twice: `ops` has functions of torch's names for both, such as
    `ops.mean(x, dim, keepdim)` and `ops.sqrt(x)`.

    Returns:
        The result, and 1 / √(variance + eps), which the derivative uses, with `dim` as 1.
    """
    distance = x - ops.mean(x, dim, True)
    variance = ops.mean(distance * distance, dim, True)
    scale = 1 / ops.sqrt(variance + eps)
    return distance * scale, scale
