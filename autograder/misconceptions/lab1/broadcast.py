"""Known-wrong and other right solutions of `lab1.broadcast`."""

from autograder.misconceptions.spec import right, wrong


@wrong("lab1.broadcast", blank="broadcast_shapes")
def zero_gives_way_to_one(*shapes):
    """0 against 1 gives 1 instead of 0."""
    common = [0] * max(map(len, shapes), default=0)
    for shape in shapes:
        for dim in range(-len(shape), 0):
            if common[dim] in (0, 1):
                common[dim] = max(common[dim], shape[dim])
            elif shape[dim] not in (1, common[dim]):
                raise RuntimeError("sizes differ")
    return tuple(common)


@wrong("lab1.broadcast", blank="broadcast_shapes")
def aligned_at_the_left(*shapes):
    """shapes are aligned at the left, so that missing dimensions stand behind."""
    common = [1] * max(map(len, shapes), default=0)
    for shape in shapes:
        for dim in range(len(shape)):
            if common[dim] == 1:
                common[dim] = shape[dim]
            elif shape[dim] not in (1, common[dim]):
                raise RuntimeError("sizes differ")
    return tuple(common)


@wrong("lab1.broadcast", blank="broadcast_shapes")
def the_largest_size_wins(*shapes):
    """the largest size wins, whatever the others are."""
    common = [1] * max(map(len, shapes), default=0)
    for shape in shapes:
        for dim in range(-len(shape), 0):
            common[dim] = max(common[dim], shape[dim])
    return tuple(common)


@wrong("lab1.broadcast", blank="broadcast_shapes")
def only_the_first_is_stretched_to(*shapes):
    """the other shapes are stretched to the first one, which never changes itself."""
    common = list(shapes[0]) if shapes else []
    for shape in shapes:
        if len(shape) > len(common):
            raise RuntimeError("too many dimensions")
        for dim in range(-len(shape), 0):
            if shape[dim] not in (1, common[dim]):
                raise RuntimeError("sizes differ")
    return tuple(common)


@wrong("lab1.broadcast", blank="expand_strides")
def expanded_as_a_copy_would_be(shape, strides, new_shape):
    """the expanded tensor is laid out row by row, as a copy would be, instead of by stride 0."""
    added = len(new_shape) - len(shape)
    for size, new_size in zip(shape, new_shape[added:], strict=False):
        if size not in (1, new_size):
            raise RuntimeError("sizes differ")
    steps, step = [], 1
    for size in reversed(new_shape):
        steps.append(step)
        step *= max(size, 1)
    return tuple(reversed(steps))


@wrong("lab1.broadcast", blank="expand_strides")
def a_stretched_dimension_keeps_its_stride(shape, strides, new_shape):
    """a stretched dimension keeps the stride it had, and only new dimensions have stride 0."""
    added = len(new_shape) - len(shape)
    for size, new_size in zip(shape, new_shape[added:], strict=False):
        if size not in (1, new_size):
            raise RuntimeError("sizes differ")
    return (0,) * added + tuple(strides)


@wrong("lab1.broadcast", blank="expand_strides")
def any_size_may_be_stretched(shape, strides, new_shape):
    """a size other than 1 may be stretched too."""
    added = len(new_shape) - len(shape)
    stretched = [0] * added
    for size, stride, new_size in zip(shape, strides, new_shape[added:], strict=False):
        stretched.append(stride if size == new_size else 0)
    return tuple(stretched)


@wrong("lab1.broadcast", blank="expand_strides")
def new_dimensions_stand_behind(shape, strides, new_shape):
    """new dimensions stand behind the old ones instead of in front of them."""
    stretched = []
    for size, stride, new_size in zip(shape, strides, new_shape, strict=False):
        if size not in (1, new_size):
            raise RuntimeError("sizes differ")
        stretched.append(stride if size == new_size else 0)
    return tuple(stretched) + (0,) * (len(new_shape) - len(shape))


def _stretched_where_one(shape, strides, new_shape):
    missing = len(new_shape) - len(shape)
    result = []
    for dim, new_size in enumerate(new_shape):
        if dim < missing:
            result.append(0)
        elif shape[dim - missing] == new_size:
            result.append(strides[dim - missing])
        elif shape[dim - missing] == 1:
            result.append(0)
        else:
            raise RuntimeError(f"{shape} cannot be expanded to {new_shape}")
    return tuple(result)


@right("lab1.broadcast", blank="broadcast_shapes", also={"expand_strides": _stretched_where_one})
def column_by_column_from_the_right(*shapes):
    """the sizes of each dimension are collected, and those other than 1 must be one."""
    import itertools

    common = []
    for sizes in itertools.zip_longest(*map(reversed, shapes), fillvalue=1):
        others = set(sizes) - {1}
        if len(others) > 1:
            raise RuntimeError(f"sizes {sorted(others)} in one dimension")
        common.append(others.pop() if others else 1)
    return tuple(reversed(common))
