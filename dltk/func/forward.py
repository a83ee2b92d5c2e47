"""Lab 2: derivatives of whole functions in forward mode.

Functions here take tensors and return a tuple of tensors. Given, in `dltk.autograd.forward_ad`:
inside of a `with dual_level():`, `make_dual(x, t)` is x carrying the tangent t, and
`unpack_dual(z)` the pair of z without its tangent and this tangent, which is `None` where z does
not depend on any dual.
"""

from dltk.autograd.forward_ad import dual_level, make_dual, unpack_dual
from dltk.ops.join import stack


def jvp(func, primals, tangents):
    """The results of `func` at `primals`, and their derivatives in the direction of `tangents`.

    Both are tuples of tensors, and both come from one call of `func`. The derivative of a result
    that does not depend on the primals is 0.

    Given: `primals` and `tangents`, as many tensors of the same shapes.
    """
    with dual_level():
        duals = [make_dual(x, t) for x, t in zip(primals, tangents, strict=True)]
        pairs = [unpack_dual(result) for result in func(*duals)]
    values = tuple(value for value, _ in pairs)
    derivatives = tuple(
        value.new_zeros(value.shape) if tangent is None else tangent for value, tangent in pairs
    )
    return values, derivatives


def basis(x):
    """The directions in which `x` can move, one after the other.

    For each element, in row-major order, a tensor of the shape and dtype of `x` that is 1 there and
    0 elsewhere.
    """
    for number in range(x.numel()):
        direction = x.new_zeros(x.numel())
        direction[number] = 1
        yield direction.reshape(x.shape)


def jacobian(func, x):
    """The Jacobian at the tensor `x` of `func`, whose one result comes in a tuple of one.

    Its dimensions are the result's, then those of `x`. Each basis direction takes one pass.
    """
    columns = [jvp(func, (x,), (direction,))[1][0] for direction in basis(x)]
    joined = stack(columns, -1)
    return joined.reshape(*joined.shape[:-1], *x.shape)
