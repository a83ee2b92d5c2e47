"""The normalizations as functions, with torch's arguments and what they refuse."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from dltk.autograd.grad_modes import no_grad
from dltk.core import dtypes
from dltk.core.tensor import Tensor, wrap
from dltk.nn import normalization
from dltk.nn.naming import named
from dltk.nn.standardizing import standardized
from dltk.ops.division import div
from dltk.ops.norms import norm


def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Each channel of `input` (N, C, …) standardized by the batch, or by running statistics.

    As `torch.nn.functional.batch_norm`.

    Raises:
        ValueError: in training, a channel has only one value; or `eps` is not positive, in
            evaluation negative.
        RuntimeError: a statistic or an affine tensor does not have C elements.
    """
    _check_floating(input, "batch_norm")
    shape = tuple(input.shape)
    if training and math.prod(shape[:1] + shape[2:]) == 1:
        raise ValueError(
            "batch_norm: expected more than 1 value per channel when training, got input of size "
            f"{list(shape)}"
        )
    if eps < 0 or (training and eps == 0):
        raise ValueError(f"batch_norm eps must be positive, in evaluation 0 or more, but got {eps}")
    if not training and (running_mean is None or running_var is None):
        raise RuntimeError(
            "batch_norm: running_mean and running_var must be defined in evaluation mode"
        )
    if (running_mean is None) != (running_var is None):
        raise ValueError(
            "batch_norm: running_mean and running_var must either both be None or neither be None"
        )
    channels = shape[1] if len(shape) > 1 else 0
    for name, each in (
        ("running_mean", running_mean),
        ("running_var", running_var),
        ("weight", weight),
        ("bias", bias),
    ):
        if each is not None and each.numel() != channels:
            raise RuntimeError(
                f"batch_norm: {name} should contain {channels} elements, one for each channel of "
                f"the input {list(shape)}, not {each.numel()}"
            )
        _check_dtype("batch_norm", name, each, input)
    if input.numel() == 0:
        # As torch has it: nothing is counted, and the first channel's weight and bias are used.
        result = input.clone()
        result = result if weight is None else result * weight.select(0, 0)
        return result if bias is None else result + bias.select(0, 0)
    weight = _constant(1, (channels,), input) if weight is None else weight
    bias = _constant(0, (channels,), input) if bias is None else bias
    given = (input, running_mean, running_var, weight, bias, training, momentum, eps)
    if input.dtype is dtypes.float16:
        return _in_float32("NativeBatchNormBackward0", normalization.batch_norm, *given)
    return normalization.batch_norm(*given)


def layer_norm(
    input: Tensor,
    normalized_shape: Any,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Each sample standardized over the last dimensions, which have `normalized_shape`.

    As `torch.nn.functional.layer_norm`.

    Raises:
        RuntimeError: the input does not end in `normalized_shape`, or weight or bias differ.
    """
    shape = _normalized_shape(input, normalized_shape, "layer_norm")
    weight = _affine("layer_norm", "weight", weight, 1, shape, input)
    bias = _affine("layer_norm", "bias", bias, 0, shape, input)
    whole = tuple(input._raw.shape)
    dim = tuple(range(len(whole) - len(shape), len(whole)))
    return _standardized(input, weight, bias, whole, dim, shape, eps, "NativeLayerNormBackward0")


def group_norm(
    input: Tensor,
    num_groups: int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """The channels of each sample (N, C, …) in `num_groups` groups, each standardized by itself.

    As `torch.nn.functional.group_norm`.

    Raises:
        RuntimeError: C is not divisible by `num_groups`, or weight or bias do not have C elements.
        ValueError: a group has only one value.
    """
    _check_floating(input, "group_norm")
    shape = tuple(input.shape)
    if len(shape) < 2:
        raise RuntimeError(
            f"group_norm: expected at least 2 dimensions for the input, got shape {list(shape)}"
        )
    if num_groups < 0:
        raise RuntimeError(f"group_norm: expected num_groups to be positive, got {num_groups}")
    channels = shape[1]
    if channels % num_groups:
        raise RuntimeError(
            "group_norm: expected the number of channels to be divisible by num_groups, but got "
            f"input of shape {list(shape)} and num_groups={num_groups}"
        )
    if shape[0] * channels // num_groups * math.prod(shape[2:]) == 1:
        raise ValueError(
            "group_norm: expected more than 1 value per channel when training, got input of size "
            f"{list(shape)}"
        )
    weight = _affine("group_norm", "weight", weight, 1, (channels,), input)
    bias = _affine("group_norm", "bias", bias, 0, (channels,), input)
    folded = (shape[0], num_groups, channels // num_groups * math.prod(shape[2:]))
    wide = (channels,) + (1,) * (len(shape) - 2)
    return _standardized(input, weight, bias, folded, (2,), wide, eps, "NativeGroupNormBackward0")


def rms_norm(
    input: Tensor,
    normalized_shape: Any,
    weight: Tensor | None = None,
    eps: float | None = None,
) -> Tensor:
    """Each sample divided by its root mean square over the last dimensions.

    `eps` is by default the smallest step from 1. As `torch.nn.functional.rms_norm`.

    Raises:
        RuntimeError: the input does not end in `normalized_shape`, or the weight differs from it.
    """
    shape = _normalized_shape(input, normalized_shape, "rms_norm")
    if weight is not None and tuple(weight.shape) != shape:
        _refuse_affine("rms_norm", "weight", weight, shape)
    if eps is None:
        eps = dtypes.finfo(input.dtype).eps
    if input.dtype is dtypes.float16:
        return _in_float32("ToCopyBackward0", rms_norm, input, shape, weight, eps)
    dim = tuple(range(input.ndim - len(shape), input.ndim))
    result = input * (input.square().mean(dim, keepdim=True) + eps).rsqrt()
    return result if weight is None else result * weight


def normalize(
    input: Tensor, p: float = 2.0, dim: Any = 1, eps: float = 1e-12, out: Tensor | None = None
) -> Tensor:
    """`input` divided by its p-norm along `dim`, or by `eps` where that is larger.

    As `torch.nn.functional.normalize`.
    """
    if isinstance(input, Tensor) and not input.dtype.is_floating_point:
        raise RuntimeError(
            f"normalize: expected input of a floating-point dtype, got {input.dtype}"
        )
    lengths = norm(input, p, dim, keepdim=True).clamp(min=eps).expand_as(input)
    return div(input, lengths, out=out)


def _standardized(input: Tensor, *how: Any) -> Tensor:
    if input.dtype is dtypes.float16:
        return _in_float32(how[-1], standardized, input, *how)
    return standardized(input, *how)


def _in_float32(node: str, function: Callable, input: Tensor, *args: Any) -> Tensor:
    """`function` of float16 tensors, computed in float32: squares soon exceed float16.

    What it writes into its other tensors, running statistics, is written into the given ones.

    node: the name of the last node.
    """
    wide = [each.float() if isinstance(each, Tensor) else each for each in args]
    result = named(node)(lambda x: function(x.float(), *wide).half())(input)
    with no_grad():
        for each, computed in zip(args, wide, strict=True):
            if isinstance(each, Tensor) and computed._version:
                each.copy_(computed)
    return result


def _check_floating(input: Any, name: str) -> None:
    if not isinstance(input, Tensor):
        raise TypeError(f"{name}(): argument 'input' must be Tensor, not {type(input).__name__}")
    if not input.dtype.is_floating_point:
        raise NotImplementedError(
            f"{name}: expected input of a floating-point dtype, got {input.dtype}"
        )


def _normalized_shape(input: Any, given: Any, name: str) -> tuple[int, ...]:
    """`given` as a tuple, in which the shape of `input` ends."""
    if not isinstance(input, Tensor):
        raise TypeError(f"{name}(): argument 'input' must be Tensor, not {type(input).__name__}")
    if not isinstance(given, tuple | list):
        raise TypeError(
            f"{name}(): argument 'normalized_shape' must be tuple of ints, not "
            f"{type(given).__name__}"
        )
    if not given:
        raise RuntimeError(
            f"{name}: expected normalized_shape to have at least one element, got {list(given)}"
        )
    shape = tuple(given)
    if tuple(input._raw.shape[-len(shape) :]) != shape:
        sizes = ", ".join(map(str, shape))
        raise RuntimeError(
            f"{name}: given normalized_shape=[{sizes}], expected input with shape [*, {sizes}], "
            f"but got input of size {list(input.shape)}"
        )
    _check_floating(input, name)
    return shape


def _affine(
    function: str, name: str, given: Tensor | None, value: int, shape: tuple, input: Tensor
) -> Tensor:
    """The weight or bias, or a constant in its place."""
    if given is None:
        return _constant(value, shape, input)
    if tuple(given._raw.shape) != shape:
        _refuse_affine(function, name, given, shape)
    _check_dtype(function, name, given, input)
    return given


def _constant(value: int, shape: tuple, input: Tensor) -> Tensor:
    return wrap(np.full(shape, value, input.dtype.numpy), input.dtype)


def _refuse_affine(function: str, name: str, given: Tensor, shape: tuple) -> None:
    raise RuntimeError(
        f"{function}: expected {name} of shape {list(shape)}, but got shape {list(given.shape)}"
    )


def _check_dtype(function: str, name: str, given: Tensor | None, input: Tensor) -> None:
    if given is not None and given.dtype is not input.dtype:
        raise RuntimeError(
            f"{function}: mixed dtype: expected {name} of the input's dtype {input.dtype}, got "
            f"{given.dtype}"
        )
