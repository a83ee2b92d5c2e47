"""The largest or smallest of each row of a short length, quicker than by the library's reduction.

The array library's reduction costs much for each row. It finds the place of a row's largest element
several times faster: on float32 (1024, 256) at one thread 57 µs and 246; from about 2,000 elements
on it is the other way. Still shorter rows of float32 are folded, one half against the other, until
few columns are left, which are reduced side by side: (16384, 16) 170 µs and 500 by place,
(4096, 64) 150 and 180.
"""

LONGEST = 1024
LONGEST_FOLDED, COLUMNS = 64, 16


def has_short_rows(x, dim) -> bool:
    """Whether `extreme_of_rows` is for `x` and this dimension, or tuple of dimensions."""
    return (
        (dim in (-1, x.ndim - 1) or dim in ((-1,), (x.ndim - 1,)))
        and x.ndim > 1
        and 0 < x.shape[-1] <= LONGEST
        and x.dtype.char in "fd"
        and x.flags.c_contiguous
    )


def extreme_of_rows(xp, x, find, larger, keepdim):
    """Of each row of `x` (…, n) the element at the place that `find`, argmax or argmin, names.

    larger: the maximum or minimum of two.
    """
    if x.shape[-1] <= LONGEST_FOLDED and x.dtype.itemsize == 4:
        found = _folded(xp, x.reshape(-1, x.shape[-1]), larger)
    else:
        places = find(x, axis=-1).reshape(-1)
        places += xp.arange(0, x.size, x.shape[-1])
        found = x.reshape(-1).take(places)
    return found.reshape((*x.shape[:-1], 1) if keepdim else x.shape[:-1])


def _folded(xp, rows, larger):
    while rows.shape[1] > COLUMNS:
        # Of an odd number of columns that in the middle is in both halves.
        half = (rows.shape[1] + 1) // 2
        rows = larger(rows[:, :half], rows[:, -half:])
    return larger.reduce(xp.ascontiguousarray(rows.T), axis=0)
