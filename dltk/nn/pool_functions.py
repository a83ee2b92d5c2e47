"""Pooling as functions, with all of torch's arguments."""

from __future__ import annotations

from typing import Any

import numpy as np

from dltk.backends import cpu
from dltk.core import dtypes
from dltk.core.dispatch import apply, finish
from dltk.core.located import located
from dltk.core.tensor import Tensor, wrap
from dltk.nn import pooling as lab
from dltk.nn.image_memory import Pair, elements, framed
from dltk.nn.pool_primitives import (
    Parts,
    Pooling,
    adaptive,
    as_before,
    avg_pool,
    batch_of,
    max_pool,
    reached,
)
from dltk.nn.window_arguments import check_dtype, check_tensor, numbers
from dltk.nn.windows import window_count, windows
from dltk.ops.reduce import mean


def max_pool1d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """The largest element of each window of signals (N, C, L) or (C, L).

    As `torch.nn.functional.max_pool1d`.

    Raises:
        RuntimeError: the input has other dimensions, an argument is out of range, or no window
            fits.
    """
    name = "max_pool1d"
    check_tensor(name, "input", input)
    if input.ndim not in (2, 3) or 0 in input.shape[-2:]:
        raise RuntimeError(
            f"{name}: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for "
            f"input, but got:{list(input.shape)}"
        )
    if not return_indices:
        check_dtype("max_pool1d_impl", input, "bool", "int64", "shorter integers")
    kernel = numbers(name, "kernel_size", kernel_size, 1)
    step = kernel if stride in (None, (), []) else numbers(name, "stride", stride, 1)
    frame, apart = numbers(name, "padding", padding, 1), numbers(name, "dilation", dilation, 1)
    found = max_pool2d(
        input.unsqueeze(-2),
        (1, *kernel),
        (1, *step),
        (0, *frame),
        (1, *apart),
        ceil_mode,
        return_indices,
    )
    if return_indices:
        return found[0].squeeze(-2), found[1].squeeze(-2)
    return found.squeeze(-2)


@located
def max_pool2d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """The largest element of each window of images (N, C, H, W) or (C, H, W).

    As `torch.nn.functional.max_pool2d`. The gradient goes to the first largest element.

    return_indices: also give where in its image each is, counted row by row, as int64.

    Raises:
        RuntimeError: the input has other dimensions, an argument is out of range, or no window
            fits.
    """
    name = "max_pool2d"
    how = _windows_of(name, input, kernel_size, stride, padding, dilation, ceil_mode)
    check_dtype(name, input, "bool")
    lowest = _lowest(input)
    images = reached(cpu.ops, batch_of(input._raw), how, lowest)
    largest, chosen = lab.max_pool2d(cpu.ops, images, *how[:4], lowest)
    if any(how.padding):
        chosen = np.where(largest == lowest, _first_inside(chosen, how), chosen)
    raw, places = as_before(largest, input._raw), as_before(chosen, input._raw)
    result = finish(max_pool, (input,), (places, how), wrap(raw, input.dtype))
    return (result, _indices(input, chosen, how)) if return_indices else result


def _lowest(input: Tensor) -> Any:
    if input.dtype.is_floating_point:
        return -np.inf
    return np.iinfo(input.dtype.numpy).min


def _first_inside(chosen: Any, how: Pooling) -> Any:
    """Of each window the number of its first element that is no padding.

    It is the largest one where no element exceeds the least value of the dtype: the padding, which
    has that value too, does not count.
    """
    window = np.ogrid[: chosen.shape[2], : chosen.shape[3]]
    outside = [p - at * step for p, at, step in zip(how.padding, window, how.stride, strict=True)]
    row, column = (-(-np.maximum(n, 0) // d) for n, d in zip(outside, how.dilation, strict=True))
    return (row * how.kernel[1] + column).astype(chosen.dtype)


def _indices(input: Tensor, chosen: Any, how: Pooling) -> Tensor:
    """Where in its image the chosen element of each window is."""
    row, column = np.divmod(chosen, how.kernel[1])
    top, left = np.ogrid[: chosen.shape[2], : chosen.shape[3]]
    rows = top * how.stride[0] + row * how.dilation[0] - how.padding[0]
    columns = left * how.stride[1] + column * how.dilation[1] - how.padding[1]
    flat = rows * input.shape[-1] + columns
    return wrap(as_before(flat.astype(np.int64), input._raw), dtypes.int64)


@located
def avg_pool2d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """The mean of each window of images (N, C, H, W) or (C, H, W).

    As `torch.nn.functional.avg_pool2d`.

    count_include_pad: whether the zeros of the padding count as elements.
    divisor_override: divide the sums of the windows by this.

    Raises:
        RuntimeError: the input has other dimensions, an argument is out of range, or no window
            fits.
    """
    how = _windows_of("avg_pool2d", input, kernel_size, stride, padding, 1, ceil_mode)
    if divisor_override is not None and not isinstance(divisor_override, int):
        raise TypeError(
            "avg_pool2d(): argument 'divisor_override' must be int, not "
            f"{type(divisor_override).__name__}"
        )
    if divisor_override == 0:
        raise RuntimeError("divisor must be not zero, but got divisor_override=0")
    check_dtype("avg_pool2d", input, "bool", "shorter integers")
    images = batch_of(input._raw)
    if input.dtype is dtypes.float16:
        images = images.astype(np.float32)  # sums soon exceed float16
    divisor: Any = divisor_override
    if divisor is None:
        divisor = _divisor(images, how, count_include_pad)
    pooled = lab.avg_pool2d(
        cpu.ops, reached(cpu.ops, images, how), how.kernel, how.stride, how.padding, divisor
    )
    raw = as_before(pooled, input._raw)
    raw = raw if input.dtype.is_floating_point else np.trunc(raw)
    raw = raw.astype(input.dtype.numpy, copy=False)
    return finish(avg_pool, (input,), (divisor, how), wrap(raw, input.dtype))


def _divisor(images: Any, how: Pooling, count_include_pad: bool) -> Any:
    """For each window the number of its elements; what is beyond the padding is none."""
    if how.beyond == (0, 0):
        return lab.window_sizes(
            cpu.ops, images, how.kernel, how.stride, how.padding, count_include_pad
        )
    counted = framed(
        cpu.ops, np.ones_like(images[:1, :1]), how.padding, how.padding, count_include_pad
    )
    marked = framed(cpu.ops, counted, (0, 0), how.beyond)
    return sum(elements(windows(cpu.ops, marked, how.kernel, how.stride, (0, 0), (1, 1))))


def _windows_of(
    name: str,
    input: Tensor,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    ceil_mode: bool,
) -> Pooling:
    """The windows to pool, after torch's checks."""
    check_tensor(name, "input", input)
    kernel = numbers(name, "kernel_size", kernel_size)
    step = kernel if stride in (None, (), []) else numbers(name, "stride", stride)
    frame, apart = numbers(name, "padding", padding), numbers(name, "dilation", dilation)
    if input.ndim not in (3, 4):
        error = IndexError if name == "avg_pool2d" and input.ndim < 3 else RuntimeError
        raise error(
            f"non-empty 3D or 4D (batch mode) tensor expected for input of {name}, but got "
            f"{list(input.shape)}"
        )
    if 0 in step or 0 in kernel:
        raise RuntimeError(f"stride should not be zero, but {name} got stride {step}")
    if min(apart) < 1:
        raise RuntimeError(f"dilation should be greater than zero, but {name} got {apart}")
    if min(frame) < 0:
        raise RuntimeError(f"pad must be non-negative, but {name} got pad: {frame}")
    if any(2 * p > k for p, k in zip(frame, kernel, strict=True)):
        raise RuntimeError(
            "pad should be at most half of effective kernel size, but got "
            f"pad={frame}, kernel_size={kernel} and dilation={apart}"
        )
    sizes = tuple(input.shape[-2:])
    counts = tuple(map(window_count, sizes, kernel, step, frame, apart))
    beyond: Pair = (0, 0)
    if ceil_mode:
        counts = tuple(map(_rounded_up, sizes, kernel, step, frame, apart))
        beyond = tuple(map(_beyond, counts, sizes, kernel, step, frame, apart))
    if min(counts) < 1:
        raise RuntimeError(
            f"Given input size: {tuple(input.shape[-3:])}. Calculated output size: "
            f"{(input.shape[-3], *counts)}. Output size is too small"
        )
    if 0 in input.shape[-3:]:
        raise RuntimeError(
            "Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but "
            f"got:{list(input.shape)}"
        )
    return Pooling(kernel, step, frame, apart, beyond)


def _rounded_up(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    """The number of windows where the last may reach beyond the padding, but not begin there."""
    count = window_count(size + stride - 1, kernel, stride, padding, dilation)
    return count - 1 if (count - 1) * stride >= size + padding else count


def _beyond(count: int, size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    reach = (count - 1) * stride + dilation * (kernel - 1) + 1
    return max(0, reach - size - 2 * padding)


def adaptive_avg_pool2d(input: Tensor, output_size: Any) -> Tensor:
    """Means of as many windows as asked for, which cover images (N, C, H, W) or (C, H, W).

    As `torch.nn.functional.adaptive_avg_pool2d`.

    output_size: one size or two; `None` keeps the input's.

    Raises:
        ValueError: the input has fewer than three dimensions.
        RuntimeError: it has more than four, or no elements, or a size is negative.
    """
    name = "adaptive_avg_pool2d"
    check_tensor(name, "input", input)
    if output_size is None:
        raise TypeError(f"{name}(): argument 'output_size' must be one size or two, not None")
    pair = output_size if isinstance(output_size, tuple | list) else (output_size, output_size)
    if input.ndim <= len(pair):
        if isinstance(output_size, int):
            raise RuntimeError(f"{name}(): Expected 3D or 4D tensor, but got {list(input.shape)}")
        raise ValueError(
            f"Input dimension should be at least {len(pair) + 1}, but got {list(input.shape)}"
        )
    if len(pair) != 2:
        raise RuntimeError(f"{name}: output_size must be 2 sizes, but got {tuple(pair)}")
    sizes = numbers(
        name,
        "output_size",
        [n if given is None else given for n, given in zip(input.shape[-2:], pair, strict=True)],
    )
    if min(sizes) < 0:
        raise RuntimeError(
            f"{name}: elements of output_size must be greater than or equal to 0 but received "
            f"{list(sizes)}"
        )
    if sizes == (1, 1):
        return mean(input, (-2, -1), keepdim=True)
    if input.ndim > 4:
        raise RuntimeError(f"{name}(): Expected 3D or 4D tensor, but got {list(input.shape)}")
    check_dtype(name, input, "bool", "int64", "shorter integers")
    if 0 in input.shape[-2:]:
        raise RuntimeError(
            f"{name}(): Expected input to have non-zero size for non-batch dimensions, but input "
            f"has sizes {list(input.shape)}"
        )
    rows, columns = tuple(map(_parts, input.shape[-2:], sizes))
    return apply(adaptive, (input,), (rows, columns), input.dtype)


def _parts(size: int, count: int) -> Parts:
    """`count` parts of about one size that cover `size` places; they may overlap."""
    return tuple((i * size // count, -(-(i + 1) * size // count)) for i in range(count))
