"""How images (N, C, H, W) lie in memory, for lab 6: frames around them, walks through them.

Given. Sizes come in pairs, rows before columns. Arrays are raw ones of the backend.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Pair = tuple[int, ...]


def framed(ops: Any, x: Any, before: Pair, after: Pair, fill: float = 0) -> Any:
    """`x` with `before` rows and columns of `fill` in front of it and `after` behind it.

    A new frame has the channels outermost in memory: one matrix product then serves the whole
    batch, and its result has that order again.
    """
    if before == after == (0, 0):
        return x
    batch, channels, height, width = x.shape
    rows, columns = before[0] + height + after[0], before[1] + width + after[1]
    frame = ops.xp.empty((channels, batch, rows, columns), x.dtype).swapaxes(0, 1)
    inside = frame[:, :, before[0] : before[0] + height, before[1] : before[1] + width]
    frame[:, :, : before[0]] = fill
    frame[:, :, rows - after[0] :] = fill
    frame[:, :, :, : before[1]] = fill
    frame[:, :, :, columns - after[1] :] = fill
    inside[...] = x
    return frame


def unframed(x: Any, before: Pair, size: Pair) -> Any:
    """The rows and columns inside of a frame that begin after `before`, as a view."""
    return x[:, :, before[0] : before[0] + size[0], before[1] : before[1] + size[1]]


def blank(ops: Any, shape: tuple[int, ...], like: Any) -> Any:
    """Zeros of `shape` (N, C, H, W) in the dtype of `like`, the channels outermost in memory."""
    batch, channels, height, width = shape
    return ops.xp.zeros((channels, batch, height, width), like.dtype).swapaxes(0, 1)


def strided(ops: Any, x: Any, shape: tuple[int, ...], strides: tuple[int, ...]) -> Any:
    """The memory of `x` walked with other strides, in bytes as those of `x`."""
    return ops.xp.lib.stride_tricks.as_strided(x, shape, strides)


def elements(windows: Any) -> Iterator[Any]:
    """The first element of every window, then the second, and so on, row by row.

    Of windows (N, C, kh, kw, oh, ow), views (N, C, oh, ow).
    """
    for i in range(windows.shape[2]):
        for j in range(windows.shape[3]):
            yield windows[:, :, i, j]
