"""Pooling and its derivatives: for given places of the largest elements, linear operations."""

from __future__ import annotations

from typing import Any, NamedTuple

from dltk.core.primitive import Primitive
from dltk.nn.convolution import fold
from dltk.nn.given_rules import give, run
from dltk.nn.image_memory import Pair, blank, elements, framed, ordered_like, unframed
from dltk.nn.windows import windows


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
    overlapping = how.stride[0] < how.kernel[0] or how.stride[1] < how.kernel[1]
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
    lambda ops, x, rows, columns: ops.matmul(ops.matmul(rows, x), columns.T),
    "AdaptiveAvgPool2DBackward0",
    "rows columns",
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
    (lambda ops, g, x, rows, columns: run(ops, adaptive, (g,), (rows.T, columns.T)),),
    (lambda ops, t, rows, columns: run(ops, adaptive, (t,), (rows, columns)),),
)
