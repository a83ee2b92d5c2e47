"""Convolution and its derivatives: three operations, each linear in both operands.

A convolution z of images x with kernels y is part of one trilinear form,

    ⟨g, z⟩ = Σ g[n, o, a] · y[o, c, i] · x[n, c, stride · a + dilation · i - padding]

Its derivative for any of g, y and x is an operation on the other two: `convolution`, `to_kernels`
and `to_images`. So each rule of each of them is one of the others, to any order.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from dltk.core.primitive import Primitive
from dltk.nn.convolution import columns_of, conv2d, fold
from dltk.nn.given_rules import give, run
from dltk.nn.image_memory import Pair, framed, with_batch_innermost
from dltk.nn.windows import windows


class Sliding(NamedTuple):
    """How kernels slide over images."""

    stride: Pair
    padding: Pair
    dilation: Pair
    groups: int


def _image(x: Any) -> Any:
    """Signals (N, C, L) as images of one row."""
    return x if x.ndim == 4 else x[:, :, None]


def _as_before(z: Any, like: Any) -> Any:
    return z if like.ndim == 4 else z[:, :, 0]


def _conv(ops: Any, x: Any, y: Any, how: Sliding) -> Any:
    return _conv_with_bias(ops, x, y, None, how)


def _conv_with_bias(ops: Any, x: Any, y: Any, b: Any, how: Sliding) -> Any:
    images = with_batch_innermost(ops, _image(x))
    return _as_before(conv2d(ops, images, _image(y), b, *how), x)


def _rows(ops: Any, g: Any, groups: int) -> Any:
    """Images (N, C, H, W) as matrices (groups, C/groups, H·W·N)."""
    batch, channels, height, width = g.shape
    shape = (groups, channels // groups, height * width * batch)
    return ops.reshape(ops.permute(g, (1, 2, 3, 0)), shape)


def _to_kernels(ops: Any, x: Any, g: Any, shape: tuple[int, ...], how: Sliding) -> Any:
    """⟨g, z⟩ without y: the kernels of `shape`."""
    stride, padding, dilation, groups = how
    images, arrived = with_batch_innermost(ops, _image(x)), _image(g)
    kernel = (1, *shape[2:])[-2:]
    seen = windows(ops, images, kernel, stride, padding, dilation)
    seen = seen[..., : arrived.shape[2], : arrived.shape[3]]
    columns = columns_of(ops, seen, groups)
    found = ops.matmul(_rows(ops, arrived, groups), ops.transpose(columns, 1, 2))
    return ops.reshape(found, shape)


def _product(ops: Any, a: Any, b: Any) -> Any:
    """Matrices multiplied; for a column and a row BLAS takes 17 times as long as `*`."""
    return a * b if a.shape[-1] == 1 else ops.matmul(a, b)


def _to_images(ops: Any, g: Any, y: Any, size: tuple[int, ...], how: Sliding) -> Any:
    """⟨g, z⟩ without x: the images, `size` high and wide."""
    stride, padding, dilation, groups = how
    arrived, kernels = _image(g), _image(y)
    out, per_group, *kernel = kernels.shape
    rows, wide = _rows(ops, arrived, groups), (1, *size)[-2:]
    matrices = ops.reshape(kernels, (groups, out // groups, per_group * kernel[0] * kernel[1]))
    columns = _product(ops, ops.transpose(matrices, 1, 2), rows)
    counts = arrived.shape[2:]
    columns = ops.reshape(columns, (groups * per_group, *kernel, *counts, len(arrived)))
    columns = ops.permute(columns, (5, 0, 1, 2, 3, 4))
    # The last rows and columns may be beyond the windows that were asked for.
    reached = tuple(
        min(w, s * n + d * (k - 1) - 2 * p)
        for w, n, k, s, p, d in zip(wide, counts, kernel, stride, padding, dilation, strict=True)
    )
    images = fold(ops, columns, reached, stride, padding, dilation)
    beyond = (wide[0] - reached[0], wide[1] - reached[1])
    return _as_before(framed(ops, images, (0, 0), beyond), g)


def _to_images_with_bias(ops: Any, g: Any, y: Any, b: Any, size: Any, how: Sliding) -> Any:
    images = _to_images(ops, g, y, size, how)
    images += ops.reshape(b, (-1, *[1] * (images.ndim - 2)))
    return images


convolution = Primitive("convolution", "x y", _conv, "ConvolutionBackward0", "how")
convolution_with_bias = Primitive(
    "convolution_with_bias", "x y b", _conv_with_bias, "ConvolutionBackward0", "how"
)
transposed = Primitive(
    "transposed_convolution", "x y", _to_images, "ConvolutionBackward0", "size how"
)
transposed_with_bias = Primitive(
    "transposed_convolution_with_bias",
    "x y b",
    _to_images_with_bias,
    "ConvolutionBackward0",
    "size how",
)
to_images = Primitive(
    "convolution_to_images", "x y", _to_images, "ConvolutionBackwardBackward0", "size how"
)
to_kernels = Primitive(
    "convolution_to_kernels", "x y", _to_kernels, "ConvolutionBackwardBackward0", "shape how"
)


def _only(ops: Any, z: Any, shape: tuple[int, ...]) -> Any:
    """The places of `z` that `shape` has: a window may fit where none was asked for."""
    for dim in range(2, len(shape)):
        if z.shape[dim] != shape[dim]:
            z = ops.narrow(z, dim, 0, shape[dim])
    return z


def _of_bias(ops: Any, g: Any) -> Any:
    return ops.sum(g, (0, *range(2, len(g.shape))))


def _along_channels(ops: Any, t: Any, z_shape: tuple[int, ...]) -> Any:
    return ops.expand(ops.reshape(t, (-1, *[1] * (len(z_shape) - 2))), z_shape)


def _convolve(ops: Any, x: Any, y: Any, how: Sliding) -> Any:
    return run(ops, convolution, (x, y), (how,))


def _images(ops: Any, g: Any, y: Any, shape: tuple[int, ...], how: Sliding) -> Any:
    return run(ops, to_images, (g, y), (tuple(shape[2:]), how))


def _kernels(ops: Any, x: Any, g: Any, shape: tuple[int, ...], how: Sliding) -> Any:
    return run(ops, to_kernels, (x, g), (tuple(shape), how))


_CONVOLUTION_VJPS = (
    lambda ops, g, y, x_shape, how: _images(ops, g, y, x_shape, how),
    lambda ops, g, x, y_shape, how: _kernels(ops, x, g, y_shape, how),
)
_CONVOLUTION_JVPS = (
    lambda ops, t, y, how: _convolve(ops, t, y, how),
    lambda ops, t, x, how: _convolve(ops, x, t, how),
)
_IMAGES_VJPS = (
    lambda ops, g, y, x_shape, how: _only(ops, _convolve(ops, g, y, how), x_shape),
    lambda ops, g, x, y_shape, how: _kernels(ops, g, x, y_shape, how),
)
_IMAGES_JVPS = (
    lambda ops, t, y, size, how: run(ops, to_images, (t, y), (size, how)),
    lambda ops, t, x, size, how: run(ops, to_images, (x, t), (size, how)),
)
_KERNELS_VJPS = (
    lambda ops, g, y, x_shape, how: _images(ops, y, g, x_shape, how),
    lambda ops, g, x, y_shape, how: _only(ops, _convolve(ops, x, g, how), y_shape),
)
_KERNELS_JVPS = (
    lambda ops, t, y, shape, how: _kernels(ops, t, y, shape, how),
    lambda ops, t, x, shape, how: _kernels(ops, x, t, shape, how),
)
_BIAS_VJP = (_of_bias,)
_BIAS_JVP = (lambda ops, t, z: _along_channels(ops, t, tuple(z.shape)),)

give(convolution, _CONVOLUTION_VJPS, _CONVOLUTION_JVPS)
give(convolution_with_bias, _CONVOLUTION_VJPS + _BIAS_VJP, _CONVOLUTION_JVPS + _BIAS_JVP)
give(transposed, _IMAGES_VJPS, _IMAGES_JVPS)
give(transposed_with_bias, _IMAGES_VJPS + _BIAS_VJP, _IMAGES_JVPS + _BIAS_JVP)
give(to_images, _IMAGES_VJPS, _IMAGES_JVPS)
give(to_kernels, _KERNELS_VJPS, _KERNELS_JVPS)
