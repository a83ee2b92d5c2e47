"""Lab 6: the largest element of each window, or the mean.

Images are raw arrays (N, C, H, W); sizes come in pairs, rows before columns. Given, in
`dltk.nn.image_memory`: `elements(windows)` gives the first element of every window, then the
second, and so on; `numbered(ops, windows)` gives each with its number, which begins with 0.
"""

from dltk.nn.image_memory import elements, numbered
from dltk.nn.windows import windows


def max_pool2d(ops, x, kernel, stride, padding, dilation, lowest):
    """The largest element of each window, and its number in the window, counted row by row.

    The first of several largest ones counts, and a NaN is larger than any number. `lowest` is the
    least value of the dtype.
    """
    candidates = numbered(ops, windows(ops, x, kernel, stride, padding, dilation, lowest))
    number, largest = next(candidates)
    chosen = ops.zeros_like(largest, dtype=number.dtype)
    for number, each in candidates:
        larger = (each > largest) | (each != each)
        chosen = ops.maximum(chosen, larger * number)
        largest = ops.maximum(largest, each)
    return largest, chosen


def window_sizes(ops, x, kernel, stride, padding, count_include_pad):
    """What the sum of a window is divided by: its elements, or for each only those of `x`."""
    if count_include_pad:
        return kernel[0] * kernel[1]
    ones = ops.ones_like(x[:1, :1])
    return sum(elements(windows(ops, ones, kernel, stride, padding, (1, 1))))


def avg_pool2d(ops, x, kernel, stride, padding, divisor):
    """The sum of each window divided by `divisor`, a number or one for each window."""
    return sum(elements(windows(ops, x, kernel, stride, padding, (1, 1)))) / divisor
