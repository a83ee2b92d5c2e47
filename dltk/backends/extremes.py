"""The largest or smallest of each row, by where it is.

The array library finds the place of a row's largest element several times faster than the element
itself: on float32 (16384, 64) at one thread 50 µs and 250. From about 2,000 elements on it is the
other way.
"""

LONGEST = 1024


def has_short_rows(x, dim) -> bool:
    """Whether `extreme_of_rows` is for `x` and this dimension, or tuple of dimensions."""
    return (
        (dim in (-1, x.ndim - 1) or dim in ((-1,), (x.ndim - 1,)))
        and x.ndim > 1
        and 0 < x.shape[-1] <= LONGEST
        and x.dtype.char in "fd"
        and x.flags.c_contiguous
    )


def extreme_of_rows(xp, x, find, keepdim):
    """Of each row of `x` (…, n) the element at the place that `find`, argmax or argmin, names."""
    places = find(x, axis=-1).reshape(-1)
    places += xp.arange(0, x.size, x.shape[-1])
    found = x.reshape(-1).take(places)
    return found.reshape((*x.shape[:-1], 1) if keepdim else x.shape[:-1])
