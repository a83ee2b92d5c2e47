"""Known-wrong and other right solutions of `lab1.strides`."""

from autograder.misconceptions.spec import right, wrong


@wrong("lab1.strides", blank="contiguous_strides")
def the_product_includes_the_dimension_itself(shape):
    """a dimension's own size is multiplied into its stride."""
    strides = []
    step = 1
    for size in reversed(shape):
        step *= max(size, 1)
        strides.append(step)
    return tuple(reversed(strides))


@wrong("lab1.strides", blank="contiguous_strides")
def the_first_dimension_is_dense(shape):
    """the first dimension has stride 1 instead of the last (column-major order)."""
    strides = []
    step = 1
    for size in shape:
        strides.append(step)
        step *= max(size, 1)
    return tuple(strides)


@wrong("lab1.strides", blank="contiguous_strides")
def strides_count_bytes(shape):
    """strides count the bytes of float64 elements instead of elements."""
    strides = []
    step = 8
    for size in reversed(shape):
        strides.append(step)
        step *= max(size, 1)
    return tuple(reversed(strides))


@wrong("lab1.strides", blank="contiguous_strides")
def a_size_of_zero_counts_as_zero(shape):
    """a size of 0 makes the strides in front of it 0."""
    strides = []
    step = 1
    for size in reversed(shape):
        strides.append(step)
        step *= size
    return tuple(reversed(strides))


@wrong("lab1.strides", blank="contiguous_strides")
def only_the_next_size_counts(shape):
    """a stride is the size of the next dimension alone, not the product of all behind it."""
    return tuple(max(size, 1) for size in shape[1:]) + (1,) * min(len(shape), 1)


@right("lab1.strides", blank="contiguous_strides")
def each_stride_is_a_product_of_its_own(shape):
    """each stride is computed by itself, as the product of the sizes behind it."""
    import math

    return tuple(math.prod(max(size, 1) for size in shape[dim + 1 :]) for dim in range(len(shape)))


@right("lab1.strides", blank="contiguous_strides")
def by_recursion(shape):
    """the strides of the rest come first."""
    if len(shape) < 2:
        return (1,) * len(shape)
    rest = contiguous_strides(shape[1:])
    return (rest[0] * (shape[1] or 1), *rest)
