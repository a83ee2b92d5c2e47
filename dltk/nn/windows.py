"""Lab 6: every window of an image, without copying one.

Images are raw arrays (N, C, H, W); sizes come in pairs, rows before columns. Given, in
`dltk.nn.image_memory`: `framed(ops, x, before, after, fill)` puts rows and columns around x, and
`strided(ops, x, shape, strides)` walks the memory of x with other strides.
"""

from dltk.nn.image_memory import framed, strided
from dltk.nn.window_arguments import kernel_too_large


def window_count(size, kernel, stride, padding, dilation):
    """How many windows fit along one dimension; less than 1 if none does.

    A window has `kernel` elements, each `dilation` after the former; the next window begins
    `stride` later; `padding` elements are added at both ends.
    """
    reach = dilation * (kernel - 1) + 1
    return (size + 2 * padding - reach) // stride + 1


def windows(ops, x, kernel, stride, padding, dilation, fill=0):
    """All windows of `x` (N, C, H, W) as a view (N, C, kh, kw, oh, ow).

    Element (n, c, i, j, a, b) is row i, column j of the window in place (a, b).

    Raises:
        RuntimeError: the kernel is larger than the padded image. Given, in
            `dltk.nn.window_arguments`: `kernel_too_large(x, kernel, padding, dilation)` makes it.
    """
    counts = tuple(map(window_count, x.shape[2:], kernel, stride, padding, dilation))
    if min(counts) < 1:
        raise kernel_too_large(x, kernel, padding, dilation)
    x = framed(ops, x, padding, padding, fill)
    image, channel, row, column = x.strides
    within = (dilation[0] * row, dilation[1] * column)
    between = (stride[0] * row, stride[1] * column)
    shape = (*x.shape[:2], *kernel, *counts)
    return strided(ops, x, shape, (image, channel, *within, *between))
