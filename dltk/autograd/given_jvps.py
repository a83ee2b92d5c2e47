"""Jacobian-vector products of the operations that no lab asks for, in the form of `jvp_rules`."""

from dltk.autograd.given_vjps import slope_of_norm
from dltk.autograd.jvp_rules import amax_x, index_x


def _none(ops, t):
    """A step: its derivative is 0 wherever it exists."""
    return ops.zeros_like(t)


def _norm_x(ops, t, x, z, dim, keepdim, order):
    for axis in () if keepdim else sorted(dim):
        z = ops.unsqueeze(z, axis)
    return ops.sum(t * slope_of_norm(ops, x, z, order), dim, keepdim)


JVPS = {
    "rsub": (lambda ops, t: -t, lambda ops, t: t),
    "expm1": (lambda ops, t, z: t * (z + 1),),
    "log1p": (lambda ops, t, x: t / (1 + x),),
    "log2": (lambda ops, t, x: t / (x * 0.6931471805599453),),
    "tan": (lambda ops, t, z: t * (1 + z * z),),
    "asin": (lambda ops, t, x: t / ops.sqrt(1 - x * x),),
    "acos": (lambda ops, t, x: -t / ops.sqrt(1 - x * x),),
    "atan": (lambda ops, t, x: t / (1 + x * x),),
    "sinh": (lambda ops, t, x: t * ops.cosh(x),),
    "cosh": (lambda ops, t, x: t * ops.sinh(x),),
    "sigmoid": (lambda ops, t, z: t * z * (1 - z),),
    "reciprocal": (lambda ops, t, z: -t * z * z,),
    "floor": (_none,),
    "ceil": (_none,),
    "round": (_none,),
    "trunc": (_none,),
    "sign": (_none,),
    "clone": (lambda ops, t: t,),
    "minimum": (
        lambda ops, t, x, y: ops.where(x == y, t / 2, ops.where(x > y, 0, t)),
        lambda ops, t, x, y: ops.where(x == y, t / 2, ops.where(y > x, 0, t)),
    ),
    "remainder": (lambda ops, t: t, lambda ops, t, x, y: -t * ops.floor(x / y)),
    "fmod": (lambda ops, t: t, lambda ops, t, x, y: -t * ops.trunc(x / y)),
    "where": (
        lambda ops, t, condition: ops.where(condition, t, ops.zeros_like(t)),
        lambda ops, t, condition: ops.where(condition, ops.zeros_like(t), t),
    ),
    "amin": (amax_x,),
    "norm": (_norm_x,),
    "cumsum": (lambda ops, t, dim: ops.cumsum(t, dim),),
    "permute": (lambda ops, t, dims: ops.permute(t, dims),),
    "expand": (lambda ops, t, shape: ops.expand(t, shape),),
    "slice": (index_x,),
    "as_strided": (lambda ops, t, positions: ops.index(ops.reshape(t, (-1,)), (positions,)),),
    "gather": (lambda ops, t, dim, index: ops.gather(t, dim, index),),
    "scatter_add": (lambda ops, t, dim, index, shape: ops.scatter_add(t, dim, index, shape),),
    "index_add": (lambda ops, t, key, shape: ops.index_add(t, key, shape),),
    "index_put": (
        lambda ops, t, key: t - ops.index_put(ops.index(t, key), key, t.shape),
        lambda ops, t, x_shape, key: ops.index_put(t, key, x_shape),
    ),
    "place": (lambda ops, t, key, shape: ops.index_put(t, key, shape),),
    "masked_fill": (lambda ops, t, mask: ops.where(mask, ops.zeros_like(t), t),),
    "copy": (lambda ops, t: ops.zeros_like(t), lambda ops, t: t),
    "fill": (lambda ops, t: ops.zeros_like(t),),
    "cast": (lambda ops, t: t,),
    "move": (lambda ops, t, device: ops.move(t, device),),
    "flip": (lambda ops, t, dims: ops.flip(t, dims),),
    "mv": (
        lambda ops, t, y: ops.matmul(t, y),
        lambda ops, t, x: ops.matmul(x, t),
    ),
    "dot": (lambda ops, t, y: ops.matmul(t, y), lambda ops, t, x: ops.matmul(x, t)),
}
