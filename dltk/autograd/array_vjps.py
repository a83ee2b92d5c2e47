"""Vector-Jacobian products of what rearranges, sorts and reduces, in the form of `vjp_rules`."""

import numpy as np

from dltk.autograd.vjp_rules import index_x, restore


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
    ones = ops.zeros_like(ops.gather(g, dim, index)) + 1
    return ops.where(ops.place_along(ones, dim, index, g.shape) != 0, ops.zeros_like(g), g)


def _gather_x(ops, g, dim, index):
    return ops.gather(g, dim, index)


def spread(ops, x, x_shape, dim, correction):
    """The derivative of a variance for its operand."""
    count = -correction
    size = 1
    for d in dim:
        size *= x_shape[d]
    count += size
    return (x - ops.mean(x, dim, True)) * (2 / count if count > 0 else float("nan"))


def _var_x(ops, g, x, x_shape, dim, correction, keepdim):
    return restore(ops, g, dim, keepdim) * spread(ops, x, x_shape, dim, correction)


def _std_x(ops, g, x, x_shape, z, dim, correction, keepdim):
    half = ops.where(z == 0, ops.zeros_like(g), g / (2 * (z + (z == 0))))
    return restore(ops, half, dim, keepdim) * spread(ops, x, x_shape, dim, correction)


def slices(ops, x, dim):
    return [ops.narrow(x, dim, i, 1) for i in range(x.shape[dim])]


def products_of_others(ops, x, z, dim, keepdim):
    """For each element the product of all others of its line; a zero must not be divided by."""
    if not (x == 0).any():
        return (z if dim is None else restore(ops, z, (dim,), keepdim)) / x
    if dim is None:
        flat = ops.reshape(x, (-1,))
        return ops.reshape(products_of_others(ops, flat, None, 0, True), tuple(x.shape))
    parts = slices(ops, x, dim)
    one = ops.zeros_like(parts[0]) + 1
    before, after = [one], [one]
    for part in parts[:-1]:
        before.append(before[-1] * part)
    for part in parts[:0:-1]:
        after.append(after[-1] * part)
    return ops.cat([b * a for b, a in zip(before, reversed(after), strict=True)], dim)


def _prod_x(ops, g, x, z, dim, keepdim):
    others = products_of_others(ops, x, z, dim, keepdim)
    return (g if dim is None else restore(ops, g, (dim,), keepdim)) * others


def _cumprod_x(ops, g, x, z, dim):
    if not (x == 0).any():
        return ops.flip(ops.cumsum(ops.flip(g * z, (dim,)), dim), (dim,)) / x
    parts, gradients = slices(ops, x, dim), slices(ops, g, dim)
    before = [ops.zeros_like(parts[0]) + 1]
    for part in parts[:-1]:
        before.append(before[-1] * part)
    later = [gradients[-1]]
    for part, gradient in zip(parts[:0:-1], gradients[-2::-1], strict=True):
        later.append(gradient + part * later[-1])
    return ops.cat([b * a for b, a in zip(before, reversed(later), strict=True)], dim)


def shares(ops, x, z, dim, keepdim):
    """Each element's share of the sum of exponentials."""
    return ops.exp(x - restore(ops, z, dim, keepdim))


def _logsumexp_x(ops, g, x, z, dim, keepdim):
    return restore(ops, g, dim, keepdim) * shares(ops, x, z, dim, keepdim)


def erf_slope(ops, x):
    return 1.1283791670955126 * ops.exp(-x * x)


def transposed(ops, x):
    return ops.transpose(x, -2, -1)


def _addmm_y(ops, g, w, alpha):
    return alpha * ops.matmul(g, transposed(ops, w))


def _addmm_w(ops, g, y, alpha):
    return alpha * ops.matmul(transposed(ops, y), g)


def _equal_share(ops, g, x, y, z, dim, index):
    """What an operand equal to the extreme gets where several may be."""
    own, others = x == z, y == ops.gather(z, dim, index)
    one = ops.zeros_like(g) + 1
    count = ops.where(own, one, ops.zeros_like(g))
    found = ops.where(
        others, ops.gather(one, dim, index), ops.zeros_like(ops.gather(g, dim, index))
    )
    return own, others, g / (count + ops.scatter_add(found, dim, index, g.shape))


def _extreme_x(ops, g, x, y, z, dim, index):
    own, _, share = _equal_share(ops, g, x, y, z, dim, index)
    return ops.where(own, share, ops.zeros_like(g))


def _extreme_y(ops, g, x, y, z, dim, index):
    _, others, share = _equal_share(ops, g, x, y, z, dim, index)
    return ops.where(
        others, ops.gather(share, dim, index), ops.zeros_like(ops.gather(g, dim, index))
    )


def _masked_source(ops, g, y_shape, mask):
    """The first elements of the source went to the places of the mask, in order."""
    count = 1
    for size in y_shape:
        count *= size
    written = ops.index(g, (mask,))
    return ops.reshape(ops.index_put(written, (slice(0, int(mask.sum())),), (count,)), y_shape)


def _gathered_x(ops, g, x_shape, dim, index):
    return ops.scatter_add(g, dim, index, x_shape)


def _running_x(ops, g, x, dim, index):
    return ops.scatter_add(g, dim, index, x.shape)


def shares_so_far(ops, x, z, dim):
    """For each element, in `dim`, its share of each running sum of exponentials, in `dim + 1`."""
    size = x.shape[dim]
    after = [1] * (len(x.shape) - dim - 1)
    counted = np.tri(size, dtype=bool).T.reshape(size, size, *after)
    distance = ops.unsqueeze(x, dim + 1) - ops.unsqueeze(z, dim)
    return ops.where(
        counted,
        ops.exp(ops.where(counted, distance, ops.zeros_like(distance))),
        ops.zeros_like(distance),
    )


def _logcumsumexp_x(ops, g, x, z, dim):
    if len(x.shape) == 0:
        return g
    return ops.sum(ops.unsqueeze(g, dim) * shares_so_far(ops, x, z, dim), (dim + 1,))


def _middle(ops, x, z):
    """Which elements equal the median; all NaN do where it is one."""
    return (x == z) | (ops.isnan(x) & ops.isnan(z))


def _median_x(ops, g, x, z):
    ties = _middle(ops, x, z)
    return g * ties / ops.sum(ties, None)


def cross(ops, x, y, dim):
    """The vector product along `dim`."""

    def turned(v, by):
        return ops.roll(v, (-by,), (dim,))

    return turned(x, 1) * turned(y, 2) - turned(x, 2) * turned(y, 1)


def _written_x(ops, g, key):
    """`g` with zeros where something else was written."""
    return g - ops.index_put(ops.index(g, key), key, g.shape)


ARRAY_VJPS = {
    "cross": (
        lambda ops, g, y, dim: cross(ops, y, g, dim),
        lambda ops, g, x, dim: cross(ops, g, x, dim),
    ),
    "running_extreme": (_running_x,),
    "logcumsumexp": (_logcumsumexp_x,),
    "nansum": (
        lambda ops, g, x, dim, keepdim: ops.where(
            ops.isnan(x),
            ops.zeros_like(restore(ops, g, dim, keepdim)),
            restore(ops, g, dim, keepdim),
        ),
    ),
    "scatter_extreme": (_extreme_x, _extreme_y),
    "scatter_product": (
        lambda ops, g, x, z: g * z / x,
        lambda ops, g, y, z, dim, index: ops.gather(g * z, dim, index) / y,
    ),
    "added_at": (lambda ops, g: g, lambda ops, g, key, alpha: alpha * ops.index(g, key)),
    "index_fill": (_written_x,),
    "masked_scatter": (lambda ops, g, mask: ops.where(mask, ops.zeros_like(g), g), _masked_source),
    "addmm": (lambda ops, g, beta: g * beta, _addmm_y, _addmm_w),
    "addmv": (
        lambda ops, g, beta: g * beta,
        lambda ops, g, w, alpha: alpha * (ops.unsqueeze(g, 1) * w),
        _addmm_w,
    ),
    "rsqrt": (lambda ops, g, z: -g * z * z * z / 2,),
    "erf": (lambda ops, g, x: g * erf_slope(ops, x),),
    "erfc": (lambda ops, g, x: -g * erf_slope(ops, x),),
    "var": (_var_x,),
    "std": (_std_x,),
    "prod": (_prod_x,),
    "cumprod": (_cumprod_x,),
    "logsumexp": (_logsumexp_x,),
    "ordered": (_gathered_x,),
    "median": (_median_x,),
    "repeat": (_repeat_x,),
    "roll": (lambda ops, g, shifts, dims: ops.roll(g, tuple(-each for each in shifts), dims),),
    "selected": (index_x,),
    "chosen": (lambda ops, g, x, key: ops.index_add(g, key, x.shape),),
    "index_added": (lambda ops, g: g, lambda ops, g, y, key, alpha: alpha * ops.index(g, key)),
    "index_copied": (_written_x, lambda ops, g, y, key: ops.index(g, key)),
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
