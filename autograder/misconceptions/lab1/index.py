"""Known-wrong and other right solutions of `lab1.index`."""

from autograder.misconceptions.spec import right, wrong


@wrong("lab1.index", blank="index_view")
def the_view_is_laid_out_like_a_copy(shape, strides, offset, index):
    """the result is laid out as a fresh copy would be, with the strides of its new shape."""
    if len(index) > len(shape):
        raise IndexError("too many indices")
    sizes = []
    for item, size, stride in zip(index, shape, strides, strict=False):
        if isinstance(item, slice):
            if item.step is not None and item.step < 1:
                raise ValueError("step must be greater than zero")
            start, stop, step = item.indices(size)
            sizes.append(len(range(start, stop, step)))
            offset += min(start, size) * stride
        else:
            if not -size <= item < size:
                raise IndexError("out of bounds")
            offset += item % size * stride
    sizes.extend(shape[len(index) :])
    steps, step = [], 1
    for size in reversed(sizes):
        steps.append(step)
        step *= max(size, 1)
    return tuple(sizes), tuple(reversed(steps)), offset


@wrong("lab1.index", blank="index_view")
def a_negative_integer_is_not_wrapped(shape, strides, offset, index):
    """a negative integer is multiplied by the stride as it is, without adding the size."""
    if len(index) > len(shape):
        raise IndexError("too many indices")
    sizes, steps = [], []
    for item, size, stride in zip(index, shape, strides, strict=False):
        if isinstance(item, slice):
            if item.step is not None and item.step < 1:
                raise ValueError("step must be greater than zero")
            start, stop, step = item.indices(size)
            sizes.append(len(range(start, stop, step)))
            steps.append(stride * step)
            offset += min(start, size) * stride
        else:
            if not -size <= item < size:
                raise IndexError("out of bounds")
            offset += item * stride
    return (*sizes, *shape[len(index) :]), (*steps, *strides[len(index) :]), max(offset, 0)


@wrong("lab1.index", blank="index_view")
def a_negative_integer_is_refused(shape, strides, offset, index):
    """a negative integer counts as out of range."""
    if len(index) > len(shape):
        raise IndexError("too many indices")
    sizes, steps = [], []
    for item, size, stride in zip(index, shape, strides, strict=False):
        if isinstance(item, slice):
            if item.step is not None and item.step < 1:
                raise ValueError("step must be greater than zero")
            start, stop, step = item.indices(size)
            sizes.append(len(range(start, stop, step)))
            steps.append(stride * step)
            offset += min(start, size) * stride
        else:
            if not 0 <= item < size:
                raise IndexError("out of bounds")
            offset += item * stride
    return (*sizes, *shape[len(index) :]), (*steps, *strides[len(index) :]), offset


@wrong("lab1.index", blank="index_view")
def an_integer_keeps_its_dimension(shape, strides, offset, index):
    """an integer leaves a dimension of size 1 behind instead of dropping it."""
    if len(index) > len(shape):
        raise IndexError("too many indices")
    sizes, steps = [], []
    for item, size, stride in zip(index, shape, strides, strict=False):
        if isinstance(item, slice):
            if item.step is not None and item.step < 1:
                raise ValueError("step must be greater than zero")
            start, stop, step = item.indices(size)
            sizes.append(len(range(start, stop, step)))
            steps.append(stride * step)
            offset += min(start, size) * stride
        else:
            if not -size <= item < size:
                raise IndexError("out of bounds")
            sizes.append(1)
            steps.append(stride)
            offset += item % size * stride
    return (*sizes, *shape[len(index) :]), (*steps, *strides[len(index) :]), offset


@wrong("lab1.index", blank="index_view")
def the_step_is_not_in_the_stride(shape, strides, offset, index):
    """a slice's step changes the size but not the stride."""
    if len(index) > len(shape):
        raise IndexError("too many indices")
    sizes, steps = [], []
    for item, size, stride in zip(index, shape, strides, strict=False):
        if isinstance(item, slice):
            if item.step is not None and item.step < 1:
                raise ValueError("step must be greater than zero")
            start, stop, step = item.indices(size)
            sizes.append(len(range(start, stop, step)))
            steps.append(stride)
            offset += min(start, size) * stride
        else:
            if not -size <= item < size:
                raise IndexError("out of bounds")
            offset += item % size * stride
    return (*sizes, *shape[len(index) :]), (*steps, *strides[len(index) :]), offset


@wrong("lab1.index", blank="index_view")
def a_last_incomplete_step_is_dropped(shape, strides, offset, index):
    """the size of a stepped slice is rounded down, so its last element is missing."""
    if len(index) > len(shape):
        raise IndexError("too many indices")
    sizes, steps = [], []
    for item, size, stride in zip(index, shape, strides, strict=False):
        if isinstance(item, slice):
            if item.step is not None and item.step < 1:
                raise ValueError("step must be greater than zero")
            start, stop, step = item.indices(size)
            sizes.append(max(stop - start, 0) // step)
            steps.append(stride * step)
            offset += min(start, size) * stride
        else:
            if not -size <= item < size:
                raise IndexError("out of bounds")
            offset += item % size * stride
    return (*sizes, *shape[len(index) :]), (*steps, *strides[len(index) :]), offset


@wrong("lab1.index", blank="index_view")
def the_end_of_a_slice_is_not_clamped(shape, strides, offset, index):
    """the end of a slice is taken as given, also where it lies beyond the tensor."""
    if len(index) > len(shape):
        raise IndexError("too many indices")
    sizes, steps = [], []
    for item, size, stride in zip(index, shape, strides, strict=False):
        if isinstance(item, slice):
            step = 1 if item.step is None else item.step
            if step < 1:
                raise ValueError("step must be greater than zero")
            start = 0 if item.start is None else item.start
            stop = size if item.stop is None else item.stop
            start, stop = (bound + size if bound < 0 else bound for bound in (start, stop))
            sizes.append(max(0, -((start - stop) // step)))
            steps.append(stride * step)
            offset += start * stride
        else:
            if not -size <= item < size:
                raise IndexError("out of bounds")
            offset += item % size * stride
    return (*sizes, *shape[len(index) :]), (*steps, *strides[len(index) :]), offset


@wrong("lab1.index", blank="index_view")
def the_start_of_a_slice_is_forgotten(shape, strides, offset, index):
    """a slice does not move the offset to its start."""
    if len(index) > len(shape):
        raise IndexError("too many indices")
    sizes, steps = [], []
    for item, size, stride in zip(index, shape, strides, strict=False):
        if isinstance(item, slice):
            if item.step is not None and item.step < 1:
                raise ValueError("step must be greater than zero")
            start, stop, step = item.indices(size)
            sizes.append(len(range(start, stop, step)))
            steps.append(stride * step)
        else:
            if not -size <= item < size:
                raise IndexError("out of bounds")
            offset += item % size * stride
    return (*sizes, *shape[len(index) :]), (*steps, *strides[len(index) :]), offset


@wrong("lab1.index", blank="index_view")
def the_old_offset_is_forgotten(shape, strides, offset, index):
    """the offset is counted from the start of the memory, not from where the tensor begins."""
    if len(index) > len(shape):
        raise IndexError("too many indices")
    offset = 0
    sizes, steps = [], []
    for item, size, stride in zip(index, shape, strides, strict=False):
        if isinstance(item, slice):
            if item.step is not None and item.step < 1:
                raise ValueError("step must be greater than zero")
            start, stop, step = item.indices(size)
            sizes.append(len(range(start, stop, step)))
            steps.append(stride * step)
            offset += min(start, size) * stride
        else:
            if not -size <= item < size:
                raise IndexError("out of bounds")
            offset += item % size * stride
    return (*sizes, *shape[len(index) :]), (*steps, *strides[len(index) :]), offset


@wrong("lab1.index", blank="index_view")
def an_index_out_of_range_wraps_around(shape, strides, offset, index):
    """an integer out of range wraps around instead of raising IndexError."""
    if len(index) > len(shape):
        raise IndexError("too many indices")
    sizes, steps = [], []
    for item, size, stride in zip(index, shape, strides, strict=False):
        if isinstance(item, slice):
            if item.step is not None and item.step < 1:
                raise ValueError("step must be greater than zero")
            start, stop, step = item.indices(size)
            sizes.append(len(range(start, stop, step)))
            steps.append(stride * step)
            offset += min(start, size) * stride
        else:
            offset += item % max(size, 1) * stride
    return (*sizes, *shape[len(index) :]), (*steps, *strides[len(index) :]), offset


@right("lab1.index", blank="index_view")
def by_comparing_bounds(shape, strides, offset, index):
    """the bounds of slices are clamped by hand, and whole dimensions are slices too."""
    if len(index) > len(shape):
        raise IndexError("more indices than dimensions")
    index = tuple(index) + (slice(None),) * (len(shape) - len(index))
    layout = []
    for item, size, stride in zip(index, shape, strides, strict=False):
        if not isinstance(item, slice):
            place = item + size if item < 0 else item
            if place < 0 or place >= size:
                raise IndexError(f"{item} is not in a dimension of size {size}")
            offset += place * stride
            continue
        step = 1 if item.step is None else item.step
        if step <= 0:
            raise ValueError("only steps forward")
        start = 0 if item.start is None else item.start
        stop = size if item.stop is None else item.stop
        start = min(max(start + size if start < 0 else start, 0), size)
        stop = min(max(stop + size if stop < 0 else stop, start), size)
        layout.append(((stop - start + step - 1) // step, stride * step))
        offset += start * stride
    return tuple(size for size, _ in layout), tuple(stride for _, stride in layout), offset
