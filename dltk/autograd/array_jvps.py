"""Jacobian-vector products of what rearranges, sorts and reduces, in the form of `jvp_rules`."""

from dltk.autograd.array_vjps import _without
from dltk.autograd.jvp_rules import index_x

ARRAY_JVPS = {
    "repeat": (lambda ops, t, repeats: ops.repeat(t, repeats),),
    "roll": (lambda ops, t, shifts, dims: ops.roll(t, shifts, dims),),
    "chosen": (index_x,),
    "scatter": (
        _without,
        lambda ops, t, x_shape, dim, index: ops.place_along(t, dim, index, x_shape),
    ),
    "scatter_value": (_without,),
    "add_scattered": (
        lambda ops, t: t,
        lambda ops, t, x_shape, dim, index: ops.scatter_add(t, dim, index, x_shape),
    ),
    "place_along": (lambda ops, t, dim, index, shape: ops.place_along(t, dim, index, shape),),
    "tril": (lambda ops, t, k: ops.tril(t, k),),
    "triu": (lambda ops, t, k: ops.triu(t, k),),
    "trace": (lambda ops, t: ops.trace(t),),
    "diag_embed": (lambda ops, t, k: ops.diag_embed(t, k),),
    "diagonal_copy": (lambda ops, t, k: ops.diagonal(t, k),),
}
