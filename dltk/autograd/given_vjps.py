"""Vector-Jacobian products of the operations that no lab asks for, in the form of `vjp_rules`."""

from dltk.autograd.vjp_rules import amax_x, restore


def _none(ops, g):
    """A step: its derivative is 0 wherever it exists."""
    return ops.zeros_like(g)


def _norm_x(ops, g, x, z, dim, keepdim, order):
    g, z = restore(ops, g, dim, keepdim), restore(ops, z, dim, keepdim)
    return g * slope_of_norm(ops, x, z, order)


def slope_of_norm(ops, x, z, order):
    """The derivative of a norm z by each element: sign(x) (|x| / z)ᵖ⁻¹, and 0 where that is 0."""
    if order == 0:
        return ops.zeros_like(x)
    safe = z + (z == 0)
    if order == 2:
        # Without |x|, whose own derivative at 0 is 0: that of x / z is not.
        return x / safe * (z != 0)
    size = ops.abs(x) + (x == 0) if order < 1 else ops.abs(x)
    return ops.sign(x) * (size / safe) ** (order - 1) * (z != 0)


def _cumsum_x(ops, g, dim):
    return ops.flip(ops.cumsum(ops.flip(g, (dim,)), dim), (dim,))


def _permute_x(ops, g, dims):
    inverse = [0] * len(dims)
    for position, dim in enumerate(dims):
        inverse[dim] = position
    return ops.permute(g, tuple(inverse))


def _expand_x(ops, g):
    """Its adjoint is summing; the shape is fitted where the node asks for it."""
    return g


def _slice_x(ops, g, x_shape, key):
    return ops.index_put(g, key, x_shape)


def _as_strided_x(ops, g, x_shape, positions):
    count = 1
    for size in x_shape:
        count *= size
    return ops.reshape(ops.index_add(g, (positions,), (count,)), x_shape)


def _mv_x(ops, g, y):
    return ops.unsqueeze(g, 1) * y


def _mv_y(ops, g, x):
    return ops.matmul(ops.transpose(x, 0, 1), g)


def index_put_x(ops, g, key):
    """`g` with zeros at `key`, whatever stands there: 0 times what is not finite would not be 0."""
    ones = ops.zeros_like(ops.index(g, key)) + 1
    return ops.where(ops.index_put(ones, key, g.shape) != 0, ops.zeros_like(g), g)


VJPS = {
    "rsub": (lambda ops, g: -g, lambda ops, g: g),
    "expm1": (lambda ops, g, z: g * (z + 1),),
    "log1p": (lambda ops, g, x: g / (1 + x),),
    "log2": (lambda ops, g, x: g / (x * 0.6931471805599453),),
    "tan": (lambda ops, g, z: g * (1 + z * z),),
    "asin": (lambda ops, g, x: g / ops.sqrt(1 - x * x),),
    "acos": (lambda ops, g, x: -g / ops.sqrt(1 - x * x),),
    "atan": (lambda ops, g, x: g / (1 + x * x),),
    "sinh": (lambda ops, g, x: g * ops.cosh(x),),
    "cosh": (lambda ops, g, x: g * ops.sinh(x),),
    "sigmoid": (lambda ops, g, z: g * z * (1 - z),),
    "reciprocal": (lambda ops, g, z: -g * z * z,),
    "floor": (_none,),
    "ceil": (_none,),
    "round": (_none,),
    "trunc": (_none,),
    "sign": (_none,),
    "clone": (lambda ops, g: g,),
    "minimum": (
        lambda ops, g, x, y: ops.where(x == y, g / 2, ops.where(x > y, 0, g)),
        lambda ops, g, x, y: ops.where(x == y, g / 2, ops.where(y > x, 0, g)),
    ),
    "remainder": (lambda ops, g: g, lambda ops, g, x, y: -g * ops.floor(x / y)),
    "fmod": (lambda ops, g: g, lambda ops, g, x, y: -g * ops.trunc(x / y)),
    "where": (
        lambda ops, g, condition: ops.where(condition, g, ops.zeros_like(g)),
        lambda ops, g, condition: ops.where(condition, ops.zeros_like(g), g),
    ),
    "amin": (amax_x,),
    "norm": (_norm_x,),
    "cumsum": (_cumsum_x,),
    "permute": (_permute_x,),
    "expand": (_expand_x,),
    "slice": (_slice_x,),
    "as_strided": (_as_strided_x,),
    "gather": (lambda ops, g, x, dim, index: ops.scatter_add(g, dim, index, x.shape),),
    "scatter_add": (lambda ops, g, dim, index: ops.gather(g, dim, index),),
    "index_add": (lambda ops, g, key: ops.index(g, key),),
    "index_put": (index_put_x, lambda ops, g, key: ops.index(g, key)),
    "place": (lambda ops, g, key: ops.index(g, key),),
    "masked_fill": (lambda ops, g, mask: ops.where(mask, ops.zeros_like(g), g),),
    "copy": (lambda ops, g: ops.zeros_like(g), lambda ops, g: g),
    "fill": (lambda ops, g: ops.zeros_like(g),),
    "cast": (lambda ops, g: g,),
    "move": (lambda ops, g, origin: ops.move(g, origin),),
    "flip": (lambda ops, g, dims: ops.flip(g, dims),),
    "mv": (_mv_x, _mv_y),
    "dot": (lambda ops, g, y: g * y, lambda ops, g, x: g * x),
}
