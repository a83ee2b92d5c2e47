"""Lab 1: how far apart neighbors lie in memory."""


def contiguous_strides(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The strides of a row-major tensor: how many elements to step for one step in each dimension.

    The last dimension has stride 1; every other one steps over all that lies behind it. A size of
    0 counts as 1, so `(2, 0, 3)` gives `(3, 3, 1)`. Strides count elements, not bytes.
    """
    # BEGIN SOLUTION lab1.strides
    strides = []
    step = 1
    for size in reversed(shape):
        strides.append(step)
        step *= max(size, 1)
    return tuple(reversed(strides))
    # END SOLUTION
