"""Lab 1: stretching without copying."""


def broadcast_shapes(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    """The common shape of several shapes, aligned at the right.

    In each dimension the sizes other than 1 must agree; a missing dimension counts as 1. Of no
    shapes at all it is `()`.

    Raises:
        RuntimeError: two sizes other than 1 differ.
    """
    # BEGIN SOLUTION lab1.broadcast
    common = [1] * max(map(len, shapes), default=0)
    for shape in shapes:
        for dim in range(-len(shape), 0):
            if common[dim] == 1:
                common[dim] = shape[dim]
            elif shape[dim] not in (1, common[dim]):
                raise RuntimeError(
                    f"The size of tensor a ({common[dim]}) must match the size of tensor b "
                    f"({shape[dim]}) at non-singleton dimension {len(common) + dim}"
                )
    return tuple(common)
    # END SOLUTION


def expand_strides(
    shape: tuple[int, ...], strides: tuple[int, ...], new_shape: tuple[int, ...]
) -> tuple[int, ...]:
    """The strides that repeat a tensor along the dimensions that `new_shape` stretches or adds.

    A new dimension of size 1 repeats nothing: its stride is a step over all that stands behind it,
    the next dimension's new size times its stride (0 where nothing does).

    Given: `new_shape` has at least as many dimensions as `shape` and holds no -1.

    Raises:
        RuntimeError: a size other than 1 would have to change.
    """
    # BEGIN SOLUTION lab1.broadcast
    added = len(new_shape) - len(shape)
    stretched: list[int] = []
    for size, stride, new_size in zip(shape, strides, new_shape[added:], strict=True):
        if size not in (1, new_size):
            raise RuntimeError(
                f"The expanded size of the tensor ({new_size}) must match the existing size "
                f"({size}) at non-singleton dimension {added + len(stretched)}"
            )
        stretched.append(stride if size == new_size else 0)
    for dim in reversed(range(added)):
        step = new_shape[dim + 1] * stretched[0] if stretched else 0
        stretched.insert(0, step if new_shape[dim] == 1 else 0)
    return tuple(stretched)
    # END SOLUTION
