"""Whether elements of a strided tensor lie in one cell of memory."""

import numpy as np


def shares_cells(shape: tuple[int, ...], strides: tuple[int, ...]) -> bool:
    """Whether two elements lie in one cell, as in windows that overlap; strides count elements."""
    reach = 0
    for stride, size in sorted((s, n) for n, s in zip(shape, strides, strict=True) if n > 1):
        if stride <= reach:
            break
        reach += stride * (size - 1)
    else:
        return False
    positions = np.zeros(shape, np.int64)
    for dim, (size, stride) in enumerate(zip(shape, strides, strict=True)):
        positions += stride * np.arange(size).reshape(-1, *[1] * (len(shape) - dim - 1))
    return len(np.unique(positions)) < positions.size
