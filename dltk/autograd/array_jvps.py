"""Jacobian-vector products of what rearranges, sorts and reduces, in the form of `jvp_rules`."""

from dltk.autograd.array_vjps import (
    _without,
    cross,
    erf_slope,
    products_of_others,
    shares,
    shares_so_far,
    slices,
    spread,
)
from dltk.autograd.jvp_rules import amax_x, index_x


def _var_x(ops, t, x, x_shape, dim, correction, keepdim):
    return ops.sum(t * spread(ops, x, x_shape, dim, correction), dim, keepdim)


def _std_x(ops, t, x, x_shape, z, dim, correction, keepdim):
    change = _var_x(ops, t, x, x_shape, dim, correction, keepdim)
    return ops.where(z == 0, ops.zeros_like(z), change / (2 * (z + (z == 0))))


def _prod_x(ops, t, x, z, dim, keepdim):
    return ops.sum(t * products_of_others(ops, x, z, dim, keepdim), dim, keepdim)


def _cumprod_x(ops, t, x, z, dim):
    if not (x == 0).any():
        return z * ops.cumsum(t / x, dim)
    parts, changes = slices(ops, x, dim), slices(ops, t, dim)
    product, change = parts[0], changes[0]
    found = [change]
    for part, own in zip(parts[1:], changes[1:], strict=True):
        change, product = change * part + product * own, product * part
        found.append(change)
    return ops.cat(found, dim)


def _logsumexp_x(ops, t, x, z, dim, keepdim):
    return ops.sum(t * shares(ops, x, z, dim, keepdim), dim, keepdim)


def _addmm_y(ops, t, w, alpha):
    return alpha * ops.matmul(t, w)


def _addmm_w(ops, t, y, alpha):
    return alpha * ops.matmul(y, t)


def _extreme_x(ops, t, x, y, z, dim, index):
    own, _, count = _ties(ops, x, y, z, dim, index)
    return ops.where(own, t / count, ops.zeros_like(t))


def _extreme_y(ops, t, x, y, z, dim, index):
    _, others, count = _ties(ops, x, y, z, dim, index)
    return ops.scatter_add(ops.where(others, t, ops.zeros_like(t)), dim, index, z.shape) / count


def _ties(ops, x, y, z, dim, index):
    own, others = x == z, y == ops.gather(z, dim, index)
    one = ops.zeros_like(z) + 1
    found = ops.where(others, ops.zeros_like(y) + 1, ops.zeros_like(y))
    count = ops.where(own, one, ops.zeros_like(one)) + ops.scatter_add(found, dim, index, z.shape)
    return own, others, count


def _masked_source(ops, t, x_shape, mask):
    written = ops.index(ops.reshape(t, (-1,)), (slice(0, int(mask.sum())),))
    return ops.index_put(written, (mask,), x_shape)


def _logcumsumexp_x(ops, t, x, z, dim):
    if len(x.shape) == 0:
        return t
    return ops.sum(ops.unsqueeze(t, dim + 1) * shares_so_far(ops, x, z, dim), (dim,))


ARRAY_JVPS = {
    "cross": (
        lambda ops, t, y, dim: cross(ops, t, y, dim),
        lambda ops, t, x, dim: cross(ops, x, t, dim),
    ),
    "running_extreme": (lambda ops, t, dim, index: ops.gather(t, dim, index),),
    "logcumsumexp": (_logcumsumexp_x,),
    "nansum": (
        lambda ops, t, x, dim, keepdim: ops.sum(
            ops.where(ops.isnan(x), ops.zeros_like(t), t), dim, keepdim
        ),
    ),
    "scatter_extreme": (_extreme_x, _extreme_y),
    "scatter_product": (
        lambda ops, t, x, z: t * z / x,
        lambda ops, t, y, z, dim, index: z * ops.scatter_add(t / y, dim, index, z.shape),
    ),
    "added_at": (
        lambda ops, t: t,
        lambda ops, t, x_shape, key, alpha: ops.index_add(alpha * t, key, x_shape),
    ),
    "index_fill": (lambda ops, t, key: t - ops.index_put(ops.index(t, key), key, t.shape),),
    "masked_scatter": (lambda ops, t, mask: ops.where(mask, ops.zeros_like(t), t), _masked_source),
    "addmm": (lambda ops, t, beta: t * beta, _addmm_y, _addmm_w),
    "addmv": (lambda ops, t, beta: t * beta, _addmm_y, _addmm_w),
    "rsqrt": (lambda ops, t, z: -t * z * z * z / 2,),
    "erf": (lambda ops, t, x: t * erf_slope(ops, x),),
    "erfc": (lambda ops, t, x: -t * erf_slope(ops, x),),
    "var": (_var_x,),
    "std": (_std_x,),
    "prod": (_prod_x,),
    "cumprod": (_cumprod_x,),
    "logsumexp": (_logsumexp_x,),
    "ordered": (lambda ops, t, dim, index: ops.gather(t, dim, index),),
    "median": (amax_x,),
    "repeat": (lambda ops, t, repeats: ops.repeat(t, repeats),),
    "roll": (lambda ops, t, shifts, dims: ops.roll(t, shifts, dims),),
    "selected": (index_x,),
    "chosen": (index_x,),
    "index_added": (
        lambda ops, t: t,
        lambda ops, t, x_shape, key, alpha: ops.index_add(alpha * t, key, x_shape),
    ),
    "index_copied": (
        lambda ops, t, key: t - ops.index_put(ops.index(t, key), key, t.shape),
        lambda ops, t, x_shape, key: ops.index_put(t, key, x_shape),
    ),
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
