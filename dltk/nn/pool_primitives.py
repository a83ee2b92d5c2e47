"""Pooling and its derivatives: for given places of the largest elements, linear operations."""

from __future__ import annotations

from typing import Any, NamedTuple

from dltk.core.primitive import Primitive
from dltk.nn.convolution import fold
from dltk.nn.given_rules import give, run
from dltk.nn.image_memory import Pair, blank, elements, framed, ordered_like, unframed
from dltk.nn.windows import windows

# The first place of each part, and the one behind its last.
Parts = tuple[tuple[int, int], ...]


class Pooling(NamedTuple):
    """Which windows are pooled.

    `beyond`: rows and columns that the last windows reach behind the padding, with `ceil_mode`.
    """

    kernel: Pair
    stride: Pair
    padding: Pair
    dilation: Pair
    beyond: Pair


def batch_of(x: Any) -> Any:
    """One image (C, H, W) as a batch of one."""
    return x if x.ndim == 4 else x[None]


def as_before(z: Any, like: Any) -> Any:
    return z if like.ndim == 4 else z[0]


def reached(ops: Any, x: Any, how: Pooling, fill: float = 0) -> Any:
    """`x` with what the windows reach beyond the padding behind it."""
    return framed(ops, x, (0, 0), how.beyond, fill)


def _zero_unless(ops: Any, x: Any, mask: Any, out: Any) -> Any:
    """Write `x` where `mask` holds and 0 elsewhere into `out`, an array of the dtype of `x`.

    By the bits: a product would make NaN of 0 and infinity, and `where` takes nine times as long.
    """
    word = f"i{x.dtype.itemsize}"
    ops.xp.bitwise_and(x.view(word), -mask.view("i1"), out=out.view(word))


def _picked(ops: Any, x: Any, chosen: Any, how: Pooling) -> Any:
    """Of each window of `x` the element whose number is `chosen`."""
    images, numbers = reached(ops, batch_of(x), how), batch_of(chosen)
    found = windows(ops, images, how.kernel, how.stride, how.padding, how.dilation)
    part = ops.xp.empty_like(numbers, dtype=x.dtype)
    result = ops.zeros_like(part)
    for number, each in enumerate(elements(found)):
        _zero_unless(ops, each, numbers == number, part)
        result += part
    return as_before(result, x)


def _put_back(ops: Any, g: Any, chosen: Any, size: Pair, how: Pooling) -> Any:
    """Zeros, and each element of `g` added where its window's element number `chosen` lies."""
    numbers = batch_of(chosen)
    arrived = ordered_like(ops, batch_of(g), numbers)
    height, width = (n + 2 * p + b for n, p, b in zip(size, how.padding, how.beyond, strict=True))
    image = blank(ops, (*arrived.shape[:2], height, width), arrived)
    places = windows(ops, image, how.kernel, how.stride, (0, 0), how.dilation)
    reach = [apart * (n - 1) + 1 for n, apart in zip(how.kernel, how.dilation, strict=True)]
    overlapping = how.stride[0] < reach[0] or how.stride[1] < reach[1]
    part = ops.xp.empty_like(arrived) if overlapping else None
    for number, place in enumerate(elements(places)):
        _zero_unless(ops, arrived, numbers == number, place if part is None else part)
        if part is not None:
            place += part
    return as_before(unframed(image, how.padding, size), g)


def _averaged(ops: Any, x: Any, divisor: Any, how: Pooling) -> Any:
    images = reached(ops, batch_of(x), how)
    found = windows(ops, images, how.kernel, how.stride, how.padding, how.dilation)
    return as_before(sum(elements(found)) / divisor, x)


def _means(ops: Any, x: Any, rows: Parts, columns: Parts) -> Any:
    """For each part of the rows and each of the columns the mean of where they meet.

    By sums of what is there: a product with a matrix of shares would make NaN of 0 and infinity.
    """
    bands = ops.zeros((*x.shape[:-2], len(rows), x.shape[-1]), x)
    for place, (first, last) in enumerate(rows):
        bands[..., place, :] = x[..., first:last, :].mean(-2)
    result = ops.zeros((*bands.shape[:-1], len(columns)), x)
    for place, (first, last) in enumerate(columns):
        result[..., place] = bands[..., first:last].mean(-1)
    return result


def _shares(ops: Any, g: Any, rows: Parts, columns: Parts, size: Pair) -> Any:
    """Each element of `g`, divided by how many it is the mean of, added to all of these."""
    bands = ops.zeros((*g.shape[:-1], size[1]), g)
    for place, (first, last) in enumerate(columns):
        bands[..., first:last] += g[..., place, None] / (last - first)
    result = ops.zeros((*g.shape[:-2], *size), g)
    for place, (first, last) in enumerate(rows):
        result[..., first:last, :] += bands[..., place, None, :] / (last - first)
    return result


def _spread(ops: Any, g: Any, divisor: Any, size: Pair, how: Pooling) -> Any:
    """Each element of `g`, divided, added to all elements of its window."""
    shares = batch_of(g) / divisor
    columns = ops.expand(shares[:, :, None, None], (*shares.shape[:2], *how.kernel, *g.shape[-2:]))
    whole = (size[0] + how.beyond[0], size[1] + how.beyond[1])
    image = fold(ops, columns, whole, how.stride, how.padding, how.dilation)
    return as_before(unframed(image, (0, 0), size), g)


max_pool = Primitive("max_pool2d", "x", _picked, "MaxPool2DWithIndicesBackward0", "chosen how")
unpool = Primitive(
    "max_pool2d_back", "x", _put_back, "MaxPool2DWithIndicesBackwardBackward0", "chosen size how"
)
avg_pool = Primitive("avg_pool2d", "x", _averaged, "AvgPool2DBackward0", "divisor how")
spread = Primitive(
    "avg_pool2d_back", "x", _spread, "AvgPool2DBackwardBackward0", "divisor size how"
)
adaptive = Primitive(
    "adaptive_avg_pool2d",
    "x",
    _means,
    "AdaptiveAvgPool2DBackward0",
    "rows columns",
)
share_out = Primitive(
    "adaptive_avg_pool2d_back",
    "x",
    _shares,
    "AdaptiveAvgPool2DBackwardBackward0",
    "rows columns size",
)

# As in torch, a node that pools keeps the images, whose elements no rule asks for: a change of them
# in place is refused.
give(
    max_pool,
    (lambda ops, g, x, chosen, how: run(ops, unpool, (g,), (chosen, x.shape[-2:], how)),),
    (lambda ops, t, chosen, how: run(ops, max_pool, (t,), (chosen, how)),),
)
give(
    unpool,
    (lambda ops, g, chosen, how: run(ops, max_pool, (g,), (chosen, how)),),
    (lambda ops, t, chosen, size, how: run(ops, unpool, (t,), (chosen, size, how)),),
)
give(
    avg_pool,
    (lambda ops, g, x, divisor, how: run(ops, spread, (g,), (divisor, x.shape[-2:], how)),),
    (lambda ops, t, divisor, how: run(ops, avg_pool, (t,), (divisor, how)),),
)
give(
    spread,
    (lambda ops, g, divisor, how: run(ops, avg_pool, (g,), (divisor, how)),),
    (lambda ops, t, divisor, size, how: run(ops, spread, (t,), (divisor, size, how)),),
)
give(
    adaptive,
    (
        lambda ops, g, x, rows, columns: run(
            ops, share_out, (g,), (rows, columns, tuple(x.shape[-2:]))
        ),
    ),
    (lambda ops, t, rows, columns: run(ops, adaptive, (t,), (rows, columns)),),
)
give(
    share_out,
    (lambda ops, g, rows, columns: run(ops, adaptive, (g,), (rows, columns)),),
    (lambda ops, t, rows, columns, size: run(ops, share_out, (t,), (rows, columns, size)),),
)
