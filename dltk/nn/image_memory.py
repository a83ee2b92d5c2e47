"""How images (N, C, H, W) lie in memory, for lab 6: frames around them, walks through them.

Given. Sizes come in pairs, rows before columns. Arrays are raw ones of the backend.

A convolution gives images with the channels outermost in memory and the batch innermost. Then one
matrix product serves the whole batch, and what is done to rows and columns of images is done to
long runs of memory: in a training step of 64 images of 28x28, copying windows is 4 times as fast as
with the batch second, adding them up 2.5 times, pooling 1.3 to 1.7 times; only pooling a batch of 4
is slower, 1.3 times. What is made from images has their order, because an operation on two orders
takes up to ten times as long.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Pair = tuple[int, ...]


def batch_is_innermost(x: Any) -> bool:
    return x.shape[0] == 1 or x.strides[0] == x.itemsize


def with_batch_innermost(ops: Any, x: Any) -> Any:
    """`x` itself if the batch is innermost in memory, else a copy of which that is true."""
    if batch_is_innermost(x):
        return x
    batch, *rest = x.shape
    copy = ops.permute(ops.xp.empty((*rest, batch), x.dtype), (3, 0, 1, 2))
    copy[...] = x
    return copy


def ordered_like(ops: Any, x: Any, like: Any) -> Any:
    """`x` in the order in memory of `like`, an array of the same shape."""
    if batch_is_innermost(x) == batch_is_innermost(like):
        return x
    copy = ops.xp.empty_like(like, dtype=x.dtype)
    copy[...] = x
    return copy


def blank(ops: Any, shape: tuple[int, ...], like: Any) -> Any:
    """Zeros of `shape` (N, C, H, W) in the dtype of `like` and in its order in memory."""
    if not batch_is_innermost(like):
        return ops.zeros(shape, like)
    batch, *rest = shape
    return ops.permute(ops.zeros((*rest, batch), like), (3, 0, 1, 2))


def framed(ops: Any, x: Any, before: Pair, after: Pair, fill: float = 0) -> Any:
    """`x` with `before` rows and columns of `fill` in front of it and `after` behind it."""
    if before == after == (0, 0):
        return x
    batch, channels, height, width = x.shape
    rows, columns = before[0] + height + after[0], before[1] + width + after[1]
    frame = blank(ops, (batch, channels, rows, columns), x)
    if fill != 0:
        frame[...] = fill
    unframed(frame, before, (height, width))[...] = x
    return frame


def unframed(x: Any, before: Pair, size: Pair) -> Any:
    """The rows and columns inside of a frame that begin after `before`, as a view."""
    return x[:, :, before[0] : before[0] + size[0], before[1] : before[1] + size[1]]


def strided(ops: Any, x: Any, shape: tuple[int, ...], strides: tuple[int, ...]) -> Any:
    """The memory of `x` walked with other strides, in bytes as those of `x`."""
    return ops.xp.lib.stride_tricks.as_strided(x, shape, strides)


def numbered(ops: Any, windows: Any) -> Iterator[tuple[Any, Any]]:
    """The numbers of a window's elements, counted row by row, each with that element of all.

    Of windows (N, C, kh, kw, oh, ow), arrays (N, C, oh, ow), copied into one piece because they are
    read several times. The numbers have the smallest dtype that holds them.
    """
    count = windows.shape[2] * windows.shape[3]
    numbers = ops.xp.arange(count, dtype=ops.xp.min_scalar_type(count))
    for number, each in zip(numbers, elements(windows), strict=True):
        yield number, +each


def elements(windows: Any) -> Iterator[Any]:
    """The first element of every window, then the second, and so on, row by row.

    Of windows (N, C, kh, kw, oh, ow), views (N, C, oh, ow).
    """
    for i in range(windows.shape[2]):
        for j in range(windows.shape[3]):
            yield windows[:, :, i, j]
