"""Known-wrong and other right solutions of `lab1.permute`."""

from autograder.misconceptions.spec import right, wrong


@wrong("lab1.permute", blank="permute")
def permuting_is_reshaping(shape, strides, dims):
    """the tensor is reshaped to the permuted sizes, with the elements in their old order."""
    sizes = tuple(shape[dim] for dim in dims)
    steps, step = [], 1
    for size in reversed(sizes):
        steps.append(step)
        step *= max(size, 1)
    return sizes, tuple(reversed(steps))


@wrong("lab1.permute", blank="permute")
def the_inverse_permutation(shape, strides, dims):
    """dimension i goes to place dims[i] instead of coming from it: the inverse permutation."""
    sizes, steps = [0] * len(dims), [0] * len(dims)
    for dim, place in enumerate(dims):
        sizes[place], steps[place] = shape[dim], strides[dim]
    return tuple(sizes), tuple(steps)


@wrong("lab1.permute", blank="transpose")
def strides_stay_in_place(shape, strides, dim0, dim1):
    """a transpose exchanges the sizes and leaves the strides in place."""
    sizes = list(shape)
    sizes[dim0], sizes[dim1] = sizes[dim1], sizes[dim0]
    return tuple(sizes), tuple(strides)


@wrong("lab1.permute", blank="transpose")
def sizes_stay_in_place(shape, strides, dim0, dim1):
    """a transpose exchanges the strides and leaves the sizes in place."""
    steps = list(strides)
    if steps:
        steps[dim0], steps[dim1] = steps[dim1], steps[dim0]
    return tuple(shape), tuple(steps)


@wrong("lab1.permute", blank="squeeze")
def squeeze_removes_any_size(shape, strides, dims):
    """`squeeze(d)` removes dimension d whatever its size is."""
    kept = [dim for dim in range(len(shape)) if dim not in dims]
    return tuple(shape[dim] for dim in kept), tuple(strides[dim] for dim in kept)


@wrong("lab1.permute", blank="squeeze")
def squeeze_removes_every_one(shape, strides, dims):
    """`squeeze(d)` removes every dimension of size 1 and not only dimension d."""
    kept = [dim for dim in range(len(shape)) if shape[dim] != 1]
    return tuple(shape[dim] for dim in kept), tuple(strides[dim] for dim in kept)


@wrong("lab1.permute", blank="unsqueeze")
def the_new_dimension_stands_behind(shape, strides, dim):
    """`unsqueeze(d)` puts the new dimension behind dimension d instead of in front of it."""
    dim = min(dim + 1, len(shape))
    stride = shape[dim] * strides[dim] if dim < len(shape) else 1
    return (*shape[:dim], 1, *shape[dim:]), (*strides[:dim], stride, *strides[dim:])


@wrong("lab1.permute", blank="unsqueeze")
def the_new_dimension_has_stride_zero(shape, strides, dim):
    """the new dimension of `unsqueeze` has stride 0."""
    return (*shape[:dim], 1, *shape[dim:]), (*strides[:dim], 0, *strides[dim:])


def _pairs_permuted(shape, strides, dims):
    pairs = list(zip(shape, strides, strict=False))
    moved = [pairs[dim] for dim in dims]
    return tuple(size for size, _ in moved), tuple(stride for _, stride in moved)


def _ones_dropped(shape, strides, dims):
    sizes, steps = list(shape), list(strides)
    for dim in sorted(dims, reverse=True):
        if sizes[dim] == 1:
            del sizes[dim], steps[dim]
    return tuple(sizes), tuple(steps)


def _one_inserted(shape, strides, dim):
    sizes, steps = list(shape), list(strides)
    steps.insert(dim, sizes[dim] * steps[dim] if dim < len(sizes) else 1)
    sizes.insert(dim, 1)
    return tuple(sizes), tuple(steps)


@right(
    "lab1.permute",
    blank="transpose",
    also={"permute": _pairs_permuted, "squeeze": _ones_dropped, "unsqueeze": _one_inserted},
)
def lists_of_sizes_and_strides(shape, strides, dim0, dim1):
    """sizes and strides are lists that are changed in place; transpose is a permute."""
    dims = list(range(len(shape)))
    if dims:
        dims[dim0], dims[dim1] = dims[dim1], dims[dim0]
    return permute(shape, strides, tuple(dims))
