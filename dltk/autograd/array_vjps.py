"""Vector-Jacobian products of what rearranges, sorts and reduces, in the form of `vjp_rules`."""

from dltk.autograd.vjp_rules import index_x


def _repeat_x(ops, g, x_shape, repeats):
    """The copies are summed: each dimension is cut into its copies and the tensor's own size."""
    sizes = (1,) * (len(repeats) - len(x_shape)) + tuple(x_shape)
    cut = tuple(size for pair in zip(repeats, sizes, strict=True) for size in pair)
    return ops.reshape(ops.sum(ops.reshape(g, cut), tuple(range(0, len(cut), 2))), tuple(x_shape))


def _trace_x(ops, g, x_shape):
    return ops.triu(ops.tril(ops.expand(g, x_shape), 0), 0)


def _diagonal_copy_x(ops, g, x_shape, k):
    rows, columns = x_shape
    side = max(rows, columns) + abs(k)
    whole = ops.diag_embed(g, k)
    missing = side - whole.shape[0]
    if missing:
        wide = ops.zeros((side, missing), g)
        tall = ops.zeros((missing, whole.shape[1]), g)
        whole = ops.cat([ops.cat([whole, tall], 0), wide], 1)
    return ops.narrow(ops.narrow(whole, 0, 0, rows), 1, 0, columns)


def _without(ops, g, dim, index):
    """`g` with zeros where `index` writes."""
    return g - ops.place_along(ops.gather(g, dim, index), dim, index, g.shape)


def _gather_x(ops, g, dim, index):
    return ops.gather(g, dim, index)


ARRAY_VJPS = {
    "repeat": (_repeat_x,),
    "roll": (lambda ops, g, shifts, dims: ops.roll(g, tuple(-each for each in shifts), dims),),
    "chosen": (index_x,),
    "scatter": (_without, _gather_x),
    "scatter_value": (_without,),
    "add_scattered": (lambda ops, g: g, _gather_x),
    "place_along": (_gather_x,),
    "tril": (lambda ops, g, k: ops.tril(g, k),),
    "triu": (lambda ops, g, k: ops.triu(g, k),),
    "trace": (_trace_x,),
    "diag_embed": (lambda ops, g, k: ops.diagonal(g, k),),
    "diagonal_copy": (_diagonal_copy_x,),
}
