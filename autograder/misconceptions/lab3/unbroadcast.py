"""Known-wrong and other right solutions of `lab3.unbroadcast`."""

from autograder.misconceptions.spec import right, wrong


@wrong("lab3.unbroadcast", blank="unbroadcast")
def the_gradient_keeps_the_shape_of_the_result(ops, g, shape):
    """the gradient is not summed over the broadcast dimensions and keeps the result's shape."""
    return g


@wrong("lab3.unbroadcast", blank="unbroadcast")
def only_leading_dimensions_are_summed(ops, g, shape):
    """only the dimensions added in front are summed, not those where the operand has size 1."""
    leading = len(g.shape) - len(shape)
    return ops.sum(g, tuple(range(leading))) if leading else g


@wrong("lab3.unbroadcast", blank="unbroadcast")
def dimensions_of_size_one_disappear(ops, g, shape):
    """the dimensions where the operand has size 1 are summed away instead of staying as 1."""
    leading = len(g.shape) - len(shape)
    ones = tuple(d + leading for d, size in enumerate(shape) if size == 1)
    return ops.sum(g, tuple(range(leading)) + ones)


@wrong("lab3.unbroadcast", blank="unbroadcast")
def averaged_instead_of_summed(ops, g, shape):
    """the repeated gradients are averaged instead of summed."""
    leading = len(g.shape) - len(shape)
    if leading:
        g = ops.mean(g, tuple(range(leading)))
    ones = tuple(d for d, size in enumerate(shape) if size == 1 and g.shape[d] != 1)
    return ops.mean(g, ones, True) if ones else g


@wrong("lab3.unbroadcast", blank="unbroadcast")
def missing_dimensions_are_taken_at_the_end(ops, g, shape):
    """shapes are aligned at the left: the last dimensions are summed instead of the first."""
    ones = tuple(d for d, size in enumerate(shape) if size == 1 and g.shape[d] != 1)
    g = ops.sum(g, ones, True) if ones else g
    trailing = tuple(range(len(shape), len(g.shape)))
    return ops.sum(g, trailing) if trailing else g


@wrong("lab3.unbroadcast", blank="unbroadcast")
def summed_over_no_dimension_at_all(ops, g, shape):
    """the sum is asked for over an empty tuple of dimensions, which torch takes for all of them."""
    g = ops.sum(g, tuple(range(len(g.shape) - len(shape))))
    return ops.sum(g, tuple(d for d, size in enumerate(shape) if size == 1), True)


@right("lab3.unbroadcast", blank="unbroadcast")
def one_dimension_after_the_other(ops, g, shape):
    """Another right way: sum in front until the dimensions agree, then each size 1 by itself."""
    while len(g.shape) > len(shape):
        g = ops.sum(g, (0,), False)
    for d in range(len(shape)):
        if shape[d] == 1:
            g = ops.sum(g, (d,), True)
    return g


@right("lab3.unbroadcast", blank="unbroadcast")
def summed_in_place_and_reshaped(ops, g, shape):
    """Another right way: sum all of the dimensions with keepdim, and reshape once."""
    padded = (1,) * (len(g.shape) - len(shape)) + tuple(shape)
    dims = tuple(
        d for d, (size, full) in enumerate(zip(padded, g.shape, strict=True)) if size != full
    )
    return ops.reshape(ops.sum(g, dims, True), tuple(shape)) if dims else ops.reshape(g, shape)
