"""Lab 1: new ways to walk the same memory. Nothing here copies an element."""

Layout = tuple[tuple[int, ...], tuple[int, ...]]


def index_view(
    shape: tuple[int, ...], strides: tuple[int, ...], offset: int, index: tuple[int | slice, ...]
) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """The shape, strides and offset of `t[index]`.

    Given: `index`, one integer or slice for each leading dimension; dimensions beyond its end
    are kept whole. An integer drops its dimension, a slice keeps it; `slice.indices` clamps.

    Raises:
        IndexError: an index with more entries than dimensions, or an integer out of range.
        ValueError: a slice with a step below 1.
    """
    # BEGIN SOLUTION lab1.index
    if len(index) > len(shape):
        raise IndexError(f"too many indices for tensor of dimension {len(shape)}")
    sizes, steps = [], []
    for dim, (item, size, stride) in enumerate(zip(index, shape, strides, strict=False)):
        if isinstance(item, slice):
            if item.step is not None and item.step < 1:
                raise ValueError("step must be greater than zero")
            start, stop, step = item.indices(size)
            sizes.append(len(range(start, stop, step)))
            steps.append(stride * step)
            offset += min(start, size) * stride
        else:
            if not -size <= item < size:
                raise IndexError(f"index {item} is out of bounds for dim {dim} with size {size}")
            offset += item % size * stride
    return (*sizes, *shape[len(index) :]), (*steps, *strides[len(index) :]), offset
    # END SOLUTION


def transpose(shape: tuple[int, ...], strides: tuple[int, ...], dim0: int, dim1: int) -> Layout:
    """The shape and strides with dimensions `dim0` and `dim1` exchanged."""
    # BEGIN SOLUTION lab1.permute
    dims = list(range(len(shape)))
    dims[dim0], dims[dim1] = dim1, dim0
    return tuple(shape[d] for d in dims), tuple(strides[d] for d in dims)
    # END SOLUTION


def permute(shape: tuple[int, ...], strides: tuple[int, ...], dims: tuple[int, ...]) -> Layout:
    """The shape and strides whose dimension `i` is dimension `dims[i]` of the old ones."""
    # BEGIN SOLUTION lab1.permute
    return tuple(shape[d] for d in dims), tuple(strides[d] for d in dims)
    # END SOLUTION


def squeeze(shape: tuple[int, ...], strides: tuple[int, ...], dims: tuple[int, ...]) -> Layout:
    """The shape and strides without those dimensions of `dims` whose size is 1."""
    # BEGIN SOLUTION lab1.permute
    kept = [d for d in range(len(shape)) if d not in dims or shape[d] != 1]
    return tuple(shape[d] for d in kept), tuple(strides[d] for d in kept)
    # END SOLUTION


def unsqueeze(shape: tuple[int, ...], strides: tuple[int, ...], dim: int) -> Layout:
    """The shape and strides with a new dimension of size 1 in front of dimension `dim`.

    Its stride is never used to step; torch gives it size times stride of the dimension it stands
    in front of, and 1 at the end.
    """
    # BEGIN SOLUTION lab1.permute
    stride = shape[dim] * strides[dim] if dim < len(shape) else 1
    return (*shape[:dim], 1, *shape[dim:]), (*strides[:dim], stride, *strides[dim:])
    # END SOLUTION


def infer_size(sizes: tuple[int, ...], numel: int) -> tuple[int, ...]:
    """`sizes` with a single -1 replaced by the size that makes `numel` elements in all.

    Raises:
        RuntimeError: more than one -1, another negative size, or no size that fits.
    """
    # BEGIN SOLUTION lab1.view
    if sizes.count(-1) > 1:
        raise RuntimeError("only one dimension can be inferred")
    known = 1
    for size in sizes:
        if size < -1:
            raise RuntimeError(f"invalid shape dimension {size}")
        known *= 1 if size == -1 else size
    if -1 in sizes and known and numel % known == 0:
        return tuple(numel // known if size == -1 else size for size in sizes)
    if -1 in sizes or known != numel:
        raise RuntimeError(f"shape '{list(sizes)}' is invalid for input of size {numel}")
    return sizes
    # END SOLUTION


def view_strides(
    shape: tuple[int, ...], strides: tuple[int, ...], new_shape: tuple[int, ...]
) -> tuple[int, ...] | None:
    """Strides that walk the same memory in `new_shape`, or `None` where no strides can.

    Given: `new_shape` has as many elements as `shape`, at least one, and no -1. Walk both shapes
    from the back: old dimensions that lie evenly in memory (stride = size times stride of the
    next one) form one block, and the new dimensions must cut blocks, never join two of them.

    A new size of 1 is never stepped along; torch gives it size times stride of the dimension behind
    it, and at the end the last old stride (1 where there is none).
    """
    # BEGIN SOLUTION lab1.view
    shape, strides = shape or (1,), strides or (1,)
    new_strides: list[int] = []
    sizes = list(new_shape)
    block, step = 1, strides[-1]
    for dim in reversed(range(len(shape))):
        block *= shape[dim]
        if dim > 0 and (shape[dim - 1] == 1 or strides[dim - 1] == block * step):
            continue
        while sizes and (block > 1 or sizes[-1] == 1):
            size = sizes.pop()
            if block % size:
                return None
            new_strides.append(step)
            block, step = block // size, step * size
        step = strides[dim - 1]
    return tuple(reversed(new_strides))
    # END SOLUTION
