"""Convolutions as functions, with all of torch's arguments."""

from __future__ import annotations

import warnings
from typing import Any

from dltk.core import dtypes
from dltk.core.dispatch import apply
from dltk.core.tensor import Tensor
from dltk.nn.conv_primitives import (
    Sliding,
    convolution,
    convolution_with_bias,
    transposed,
    transposed_with_bias,
)
from dltk.nn.padding import pad
from dltk.nn.window_arguments import check_dtype, check_least, check_tensor, numbers


def conv1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> Tensor:
    """Kernels (O, C/groups, k) slid over signals (N, C, L) or (C, L).

    As `torch.nn.functional.conv1d`.

    Raises:
        RuntimeError: the shapes, dtypes or groups do not fit, or a kernel is larger than a padded
            signal.
    """
    return _convolved("conv1d", input, weight, bias, stride, padding, dilation, groups, 1)


def conv2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> Tensor:
    """Kernels (O, C/groups, kh, kw) slid over images (N, C, H, W) or (C, H, W).

    As `torch.nn.functional.conv2d`.

    Raises:
        RuntimeError: the shapes, dtypes or groups do not fit, or a kernel is larger than a padded
            image.
    """
    return _convolved("conv2d", input, weight, bias, stride, padding, dilation, groups, 2)


def conv_transpose2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    dilation: Any = 1,
) -> Tensor:
    """The gradient of a convolution for its images, as an operation of its own.

    `input` (N, C, H, W) or (C, H, W), `weight` (C, O/groups, kh, kw). As
    `torch.nn.functional.conv_transpose2d`.

    Raises:
        RuntimeError: the shapes, dtypes or groups do not fit, or nothing is left of the result.
    """
    name = "conv_transpose2d"
    _check_operands(name, input, weight, bias, 2)
    input, batched = _batched(input, 2)
    how = _sliding(name, stride, padding, dilation, groups, 2)
    more = numbers(name, "output_padding", output_padding)
    check_least(name, "output_padding", more, 0)
    for extra, step, apart in zip(more, how.stride, how.dilation, strict=True):
        if extra >= step and extra >= apart:
            raise RuntimeError(
                "output padding must be smaller than either stride or dilation, but got "
                f"output_padding {more}, stride {how.stride} and dilation {how.dilation}"
            )
    channels, per_group = weight.shape[:2]
    _check_groups(weight, groups)
    _check_channels(input, weight, channels, f"transposed={1}")
    _check_bias(weight, bias, per_group * groups, "transposed=1, ")
    size = tuple(
        (n - 1) * s - 2 * p + d * (k - 1) + 1 + extra
        for n, k, s, p, d, extra in zip(
            input.shape[2:], weight.shape[2:], how.stride, how.padding, how.dilation, more,
            strict=True,
        )
    )  # fmt: skip
    if min(size) < 1:
        raise RuntimeError(
            f"Given input size per channel: {tuple(input.shape[2:])}. Calculated output size per "
            f"channel: {size}. Output size is too small"
        )
    if bias is None:
        result = apply(transposed, (input, weight), (size, how), input.dtype)
    else:
        result = apply(transposed_with_bias, (input, weight, bias), (size, how), input.dtype)
    return result if batched else result.squeeze(0)


def _convolved(
    name: str,
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: int,
    ndim: int,
) -> Tensor:
    _check_operands(name, input, weight, bias, ndim)
    input, batched = _batched(input, ndim)
    if isinstance(padding, str):
        input, padding = _named_padding(name, padding, input, weight, stride, dilation, ndim)
    how = _sliding(name, stride, padding, dilation, groups, ndim)
    _check_groups(weight, groups)
    _check_channels(input, weight, weight.shape[1] * groups, f"groups={groups}")
    _check_bias(weight, bias, weight.shape[0], "")
    if 0 in input.shape[2:]:
        raise RuntimeError(
            "Only zero batch or zero channel inputs are supported, but got input shape: "
            f"{list(input.shape)}"
        )
    if bias is None:
        result = apply(convolution, (input, weight), (how,), input.dtype)
    else:
        result = apply(convolution_with_bias, (input, weight, bias), (how,), input.dtype)
    return result if batched else result.squeeze(0)


def _check_operands(name: str, input: Any, weight: Any, bias: Any, ndim: int) -> None:
    check_tensor(name, "input", input)
    check_tensor(name, "weight", weight)
    if bias is not None:
        check_tensor(name, "bias", bias)
    if input.ndim not in (ndim + 1, ndim + 2):
        raise RuntimeError(
            f"Expected {ndim + 1}D (unbatched) or {ndim + 2}D (batched) input to {name}, but got "
            f"input of size: {list(input.shape)}"
        )
    if weight.ndim != ndim + 2:
        raise RuntimeError(
            f"Expected weight of {name} to have {ndim + 2} dimensions, but got weight of size "
            f"{list(weight.shape)}"
        )
    if 0 in weight.shape[2:]:
        raise RuntimeError(f"{name}() got kernels of no elements: weight {list(weight.shape)}")
    for what, each in (("weight", weight), ("bias", bias)):
        if each is not None and each.dtype is not input.dtype:
            raise RuntimeError(
                f"Input type ({_type(input)}) and {what} type ({_type(each)}) should be the same"
            )
    transposed_only = ("shorter integers",) if name == "conv_transpose2d" else ()
    check_dtype(f"slow_{name}_cpu", input, "bool", *transposed_only)


def _type(tensor: Tensor) -> str:
    return dtypes.TITLES[tensor.dtype.name].lower()


def _batched(input: Tensor, ndim: int) -> tuple[Tensor, bool]:
    """A single image as a batch of one, and whether it was a batch before."""
    batched = input.ndim == ndim + 2
    return (input if batched else input.unsqueeze(0)), batched


def _sliding(
    name: str, stride: Any, padding: Any, dilation: Any, groups: int, ndim: int
) -> Sliding:
    steps = numbers(name, "stride", stride, ndim)
    frame = numbers(name, "padding", padding, ndim)
    apart = numbers(name, "dilation", dilation, ndim)
    check_least(name, "stride", steps, 1)
    check_least(name, "padding", frame, 0)
    check_least(name, "dilation", apart, 1)
    if groups < 1:
        raise RuntimeError(f"non-positive groups is not supported, {name}() got groups={groups}")
    # A signal is an image of one row.
    return Sliding((1, *steps)[-2:], (0, *frame)[-2:], (1, *apart)[-2:], groups)


def _named_padding(
    name: str, padding: str, input: Tensor, weight: Tensor, stride: Any, dilation: Any, ndim: int
) -> tuple[Tensor, tuple[int, ...]]:
    """What "valid" and "same" mean; what "same" needs behind the image alone is put there."""
    if padding == "valid":
        return input, (0,) * ndim
    if padding != "same":
        raise RuntimeError(f"Invalid padding string: '{padding}'")
    if max(numbers(name, "stride", stride, ndim)) > 1:
        raise RuntimeError("padding='same' is not supported for strided convolutions")
    apart = numbers(name, "dilation", dilation, ndim)
    totals = [d * (k - 1) for d, k in zip(apart, weight.shape[2:], strict=True)]
    if any(total % 2 for total in totals):
        warnings.warn(
            "Using padding='same' with even kernel lengths and odd dilation may require a "
            "zero-padded copy of the input be created",
            stacklevel=4,
        )
        input = pad(input, [n for total in reversed(totals) for n in (0, total % 2)])
    return input, tuple(total // 2 for total in totals)


def _check_groups(weight: Tensor, groups: int) -> None:
    if weight.shape[0] < groups:
        raise RuntimeError(
            f"Given groups={groups}, expected weight to be at least {groups} at dimension 0, but "
            f"got weight of size {list(weight.shape)} instead"
        )
    if weight.shape[0] % groups:
        raise RuntimeError(
            f"Given groups={groups}, expected weight to be divisible by {groups} at dimension 0, "
            f"but got weight of size {list(weight.shape)} instead"
        )


def _check_channels(input: Tensor, weight: Tensor, channels: int, given: str) -> None:
    if input.shape[1] != channels:
        raise RuntimeError(
            f"Given {given}, weight of size {list(weight.shape)}, expected "
            f"input{list(input.shape)} to have {channels} channels, but got {input.shape[1]} "
            "channels instead"
        )


def _check_bias(weight: Tensor, bias: Tensor | None, count: int, given: str) -> None:
    if bias is not None and bias.shape != (count,):
        raise RuntimeError(
            f"Given {given}weight of size {list(weight.shape)}, expected bias to be 1-dimensional "
            f"with {count} elements, but got bias of size {list(bias.shape)} instead"
        )
