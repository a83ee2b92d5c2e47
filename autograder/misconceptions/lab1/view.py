"""Known-wrong and other right solutions of `lab1.view`."""

from autograder.misconceptions.spec import right, wrong


@wrong("lab1.view", blank="view_strides")
def a_size_of_one_breaks_a_block(shape, strides, new_shape):
    """the stride of a dimension of size 1 must fit too, although nobody ever steps along it."""
    shape, strides = shape or (1,), strides or (1,)
    new_strides = []
    sizes = list(new_shape)
    block, step = 1, strides[-1]
    for dim in reversed(range(len(shape))):
        block *= shape[dim]
        if dim > 0 and strides[dim - 1] == block * step:
            continue
        while sizes and (block > 1 or sizes[-1] == 1):
            size = sizes.pop()
            if block % size:
                return None
            new_strides.append(step)
            block, step = block // size, step * size
        step = strides[dim - 1]
    if sizes:
        return None
    return tuple(reversed(new_strides))


@wrong("lab1.view", blank="infer_size")
def minus_one_is_rounded_down(sizes, numel):
    """-1 is the number of elements divided by the other sizes and rounded down."""
    known = 1
    for size in sizes:
        known *= 1 if size == -1 else size
    if -1 in sizes:
        if sizes.count(-1) > 1 or known < 1:
            raise RuntimeError("only one dimension can be inferred")
        return tuple(numel // known if size == -1 else size for size in sizes)
    if known != numel:
        raise RuntimeError("the shape does not fit")
    return tuple(sizes)


@wrong("lab1.view", blank="infer_size")
def minus_one_takes_everything(sizes, numel):
    """-1 becomes the number of all elements, without dividing by the other sizes."""
    if -1 in sizes:
        if sizes.count(-1) > 1:
            raise RuntimeError("only one dimension can be inferred")
        sizes = tuple(numel if size == -1 else size for size in sizes)
    known = 1
    for size in sizes:
        known *= size
    if known != numel or min(sizes, default=0) < 0:
        raise RuntimeError("the shape does not fit")
    return tuple(sizes)


@wrong("lab1.view", blank="view_strides")
def contiguous_or_refused(shape, strides, new_shape):
    """only a contiguous tensor may be viewed, and every other one is refused."""
    step = 1
    for size, stride in zip(reversed(shape), reversed(strides), strict=False):
        if size != 1 and stride != step:
            return None
        step *= size
    steps, step = [], 1
    for size in reversed(new_shape):
        steps.append(step)
        step *= size
    return tuple(reversed(steps))


@wrong("lab1.view", blank="view_strides")
def always_allowed(shape, strides, new_shape):
    """a view is always allowed and walks the memory row by row, whatever strides the tensor has."""
    steps, step = [], 1
    for size in reversed(new_shape):
        steps.append(step)
        step *= size
    return tuple(reversed(steps))


@wrong("lab1.view", blank="view_strides")
def the_last_stride_is_the_unit(shape, strides, new_shape):
    """a view is always allowed and its last dimension keeps the last stride."""
    steps, step = [], strides[-1] if strides else 1
    for size in reversed(new_shape):
        steps.append(step)
        step *= size
    return tuple(reversed(steps))


@wrong("lab1.view", blank="view_strides")
def nothing_may_be_split(shape, strides, new_shape):
    """dimensions may be kept or joined but a dimension is never split."""
    old, steps, place = [size for size in shape if size != 1], [], len(shape) - 1
    ones = [stride for size, stride in zip(shape, strides, strict=False) if size != 1]
    result = []
    for size in reversed(new_shape):
        step = ones[-1] if ones else (result[-1] if result else 1)
        reached = 1
        while reached < size and old:
            if ones[-1] != step * reached:
                return None
            reached *= old.pop()
            ones.pop()
        if reached != size:
            return None
        result.append(step)
    return tuple(reversed(result))


@wrong("lab1.view", blank="view_strides")
def a_new_size_of_one_belongs_to_the_next_block(shape, strides, new_shape):
    """a new size of 1 gets the stride of the block in front of it, not the step reached so far."""
    blocks = []
    for size, stride in zip(shape, strides, strict=False):
        if size == 1:
            continue
        if blocks and blocks[-1][1] == size * stride:
            blocks[-1] = (blocks[-1][0] * size, stride)
        else:
            blocks.append((size, stride))
    result, (rest, step) = [], (1, strides[-1] if strides else 1)
    for size in reversed(new_shape):
        if rest == 1 and blocks:
            rest, step = blocks.pop()
        if rest % size:
            return None
        result.append(step)
        rest, step = rest // size, step * size
    return tuple(reversed(result))


@wrong("lab1.view", blank="view_strides")
def a_size_of_one_at_the_end_has_stride_one(shape, strides, new_shape):
    """a new size of 1 at the end has stride 1, whatever the last old stride is."""
    blocks = []
    for size, stride in zip(shape, strides, strict=False):
        if size == 1:
            continue
        if blocks and blocks[-1][1] == size * stride:
            blocks[-1] = (blocks[-1][0] * size, stride)
        else:
            blocks.append((size, stride))
    result, rest, step = [], 1, 1
    for size in reversed(new_shape):
        if rest == 1 and size != 1 and blocks:
            rest, step = blocks.pop()
        if rest % size:
            return None
        result.append(step)
        rest, step = rest // size, step * size
    return tuple(reversed(result))


@wrong("lab1.view", blank="infer_size")
def the_number_of_elements_is_not_checked(sizes, numel):
    """a shape without -1 is taken as it is, also where it has another number of elements."""
    known = 1
    for size in sizes:
        known *= 1 if size == -1 else size
    if -1 not in sizes:
        return tuple(sizes)
    if sizes.count(-1) > 1 or known < 1 or numel % known:
        raise RuntimeError("no size fits")
    return tuple(numel // known if size == -1 else size for size in sizes)


def _one_size_left_open(sizes, numel):
    left_open = [dim for dim, size in enumerate(sizes) if size == -1]
    if len(left_open) > 1 or any(size < -1 for size in sizes):
        raise RuntimeError("at most one size may be -1, and no other negative")
    product = 1
    for size in sizes:
        if size != -1:
            product *= size
    if not left_open:
        if product != numel:
            raise RuntimeError(f"{numel} elements do not fit into {sizes}")
        return tuple(sizes)
    if product == 0 or numel % product:
        raise RuntimeError(f"no size fits {numel} elements into {sizes}")
    result = list(sizes)
    result[left_open[0]] = numel // product
    return tuple(result)


@right("lab1.view", blank="view_strides", also={"infer_size": _one_size_left_open})
def blocks_first_and_cuts_afterwards(shape, strides, new_shape):
    """the old dimensions are joined into blocks from the front, and then the blocks are cut."""
    blocks = []
    for size, stride in zip(shape, strides, strict=False):
        if size == 1:
            continue
        if blocks and blocks[-1][1] == size * stride:
            blocks[-1] = [blocks[-1][0] * size, stride]
        else:
            blocks.append([size, stride])
    if not blocks:
        blocks = [[1, strides[-1] if strides else 1]]
    result, step = [], blocks[-1][1]
    rest = blocks.pop()[0]
    for size in reversed(new_shape):
        if rest == 1 and size != 1 and blocks:
            rest, step = blocks.pop()
        if rest % size:
            return None
        result.append(step)
        rest, step = rest // size, step * size
    return tuple(reversed(result))
