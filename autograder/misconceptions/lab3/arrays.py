"""Known-wrong and other right solutions of `lab3.arrays`."""

from autograder.misconceptions.spec import right, wrong


def _exchanged(ops, g, x):
    return ops.matmul(g, ops.transpose(x, -2, -1))


@wrong("lab3.arrays", blank="matmul_x", also={"matmul_y": _exchanged})
def factors_exchanged(ops, g, y):
    """the factors of a matrix product's gradient stand in the wrong order."""
    return ops.matmul(ops.transpose(y, -2, -1), g)


def _x_not_transposed(ops, g, x):
    return ops.matmul(x, g)


@wrong("lab3.arrays", blank="matmul_x", also={"matmul_y": _x_not_transposed})
def factors_not_transposed(ops, g, y):
    """the other factor of a matrix product is not transposed."""
    return ops.matmul(g, y)


@wrong("lab3.arrays", blank="mean_x")
def the_mean_is_not_divided(ops, g, x_shape, dim, keepdim):
    """the gradient of a mean is that of a sum, not divided by the number of elements."""
    return ops.expand(restore(ops, g, dim, keepdim), x_shape)


@wrong("lab3.arrays", blank="mean_x")
def the_mean_is_divided_by_all_elements(ops, g, x_shape, dim, keepdim):
    """the gradient of a mean over some dimensions is divided by the number of all elements."""
    count = 1
    for size in x_shape:
        count *= size
    return ops.expand(restore(ops, g, dim, keepdim) / count, x_shape)


@wrong("lab3.arrays", blank="sum_x")
def dropped_dimensions_are_not_restored(ops, g, x_shape, dim, keepdim):
    """the dimensions that a sum dropped are not brought back before its gradient is repeated."""
    return ops.expand(g, x_shape)


@wrong("lab3.arrays", blank="index_x")
def repeated_places_are_assigned(ops, g, x_shape, key):
    """where a place is taken several times, the last gradient is assigned instead of adding up."""
    return ops.index_put(g, key, x_shape)


@wrong("lab3.arrays", blank="transpose_x")
def reshaped_instead_of_transposed(ops, g, dim0, dim1):
    """a transposed gradient is reshaped instead of transposed back: right shape, wrong order."""
    shape = list(g.shape)
    shape[dim0], shape[dim1] = shape[dim1], shape[dim0]
    return ops.reshape(g, tuple(shape))


@wrong("lab3.arrays", blank="cat_x")
def every_part_gets_the_beginning(ops, g, dim, start, length):
    """each part of a concatenation gets the beginning of the gradient instead of its own part."""
    return ops.narrow(g, dim, 0, length)


@wrong("lab3.arrays", blank="amax_x")
def every_tie_gets_the_whole(ops, g, x, z, dim, keepdim):
    """each of several tied elements of amax gets the whole gradient instead of its share."""
    return restore(ops, g, dim, keepdim) * (x == restore(ops, z, dim, keepdim))


@wrong("lab3.arrays", blank="amax_x")
def the_first_tie_takes_all(ops, g, x, z, dim, keepdim):
    """amax has the rule of max along a dim: the whole gradient goes to one of the tied elements."""
    ties = 1.0 * (x == restore(ops, z, dim, keepdim))
    for d in dim:
        ties = ties * (ops.cumsum(ties, d) == 1)
    return restore(ops, g, dim, keepdim) * ties


@wrong("lab3.arrays", blank="max_dim_x")
def the_gradient_goes_to_the_first_place(ops, g, x_shape, indices, dim, keepdim):
    """max along a dim sends the gradient to the first place instead of the index it found."""
    g = restore(ops, g, (dim,), keepdim)
    indices = 0 * restore(ops, indices, (dim,), keepdim)
    return ops.scatter_add(g, dim, indices, x_shape)


def _both_transposed(ops, g, y):
    return ops.transpose(ops.matmul(y, ops.transpose(g, -2, -1)), -2, -1)


def _sum_over_count(ops, g, x_shape, dim, keepdim):
    share = sum_x(ops, g, x_shape, dim, keepdim)
    for d in dim:
        share = share / x_shape[d]
    return share


def _dims_by_hand(ops, g, x_shape, dim, keepdim):
    kept = tuple(1 if d in dim else size for d, size in enumerate(x_shape))
    return ops.expand(ops.reshape(g, kept), x_shape)


@right(
    "lab3.arrays",
    blank="transpose_x",
    also={"matmul_x": _both_transposed, "mean_x": _sum_over_count, "sum_x": _dims_by_hand},
)
def other_ways_to_the_same_arrays(ops, g, dim0, dim1):
    """Another right way: the mean's rule by the sum's, dropped dimensions by reshaping."""
    return ops.transpose(g, dim1, dim0)
