"""Vector-Jacobian products of linear algebra, in the form of `vjp_rules`."""

import numpy as np

from dltk.autograd.array_vjps import transposed


def cofactors(ops, x, z):
    """The derivative of the determinant `z`: its own multiple of the inverse, turned.

    A singular matrix has cofactors but no inverse; they come from products alone (Faddeev and
    Le Verrier), which takes as many of them as the matrix has rows.
    """
    if not (z == 0).any():
        return wide(ops, z) * transposed(ops, ops.inv(x))
    size = x.shape[-1]
    unit = np.eye(size, dtype=np.float32)
    adjugate = 0 * x + unit
    for count in range(1, size):
        product = ops.matmul(x, adjugate)
        trace = wide(ops, ops.sum(product * unit, (-2, -1)))
        adjugate = product - trace / count * unit
    return transposed(ops, adjugate) * (1 if size % 2 else -1)


def wide(ops, g):
    """A number for each matrix, as a matrix of one element."""
    return ops.unsqueeze(ops.unsqueeze(g, -1), -1)


def _inv_x(ops, g, z):
    turned = transposed(ops, z)
    return -ops.matmul(ops.matmul(turned, g), turned)


def _solve_x(ops, g, x, z, vector):
    change = ops.solve(transposed(ops, x), g, vector)
    if vector:
        return -ops.unsqueeze(change, -1) * ops.unsqueeze(z, -2)
    return -ops.matmul(change, transposed(ops, z))


def _solve_y(ops, g, x, vector):
    return ops.solve(transposed(ops, x), g, vector)


def _cholesky_x(ops, g, z):
    inner = ops.matmul(transposed(ops, z), g)
    lower = ops.tril(inner, -1)
    symmetric = (lower + transposed(ops, lower) + ops.triu(ops.tril(inner, 0), 0)) / 2
    inverse = ops.inv(z)
    return ops.matmul(ops.matmul(transposed(ops, inverse), symmetric), inverse)


def gaps(ops, s):
    """1 / (sⱼ² - sᵢ²) for each pair of singular values, 0 for a value and itself."""
    squares = s * s
    distance = ops.unsqueeze(squares, -2) - ops.unsqueeze(squares, -1)
    unit = ops.triu(ops.tril(ops.zeros(2 * s.shape[-1:], s) + 1, 0), 0)
    return (1 - unit) / (distance + unit)


def outside(ops, basis, x):
    """What is left of the columns of `x` without those that `basis` spans."""
    return x - ops.matmul(basis, ops.matmul(transposed(ops, basis), x))


def _skew(ops, basis, g):
    inner = ops.matmul(transposed(ops, basis), g)
    return inner - transposed(ops, inner)


def _svdvals_x(ops, g, x):
    left, right = ops.svd_left(x), ops.svd_right(x)
    return ops.matmul(left * ops.unsqueeze(g, -2), transposed(ops, right))


def _svd_left_x(ops, g, x, z):
    s, right = ops.svdvals(x), ops.svd_right(x)
    columns = ops.unsqueeze(s, -2)
    inner = ops.matmul(z, _skew(ops, z, g) * gaps(ops, s) * columns)
    return ops.matmul(inner + outside(ops, z, g) / columns, transposed(ops, right))


def _svd_right_x(ops, g, x, z):
    s, left = ops.svdvals(x), ops.svd_left(x)
    rows = ops.unsqueeze(s, -1)
    inner = ops.matmul(rows * (_skew(ops, z, g) * gaps(ops, s)), transposed(ops, z))
    return ops.matmul(left, inner + transposed(ops, outside(ops, z, g)) / rows)


MATRIX_VJPS = {
    "sign_of_det": (lambda ops, g, x: ops.zeros_like(x),),
    "det": (lambda ops, g, x, z: wide(ops, g) * cofactors(ops, x, z),),
    "logdet": (lambda ops, g, x: wide(ops, g) * transposed(ops, ops.inv(x)),),
    "inv": (_inv_x,),
    "solve": (_solve_x, _solve_y),
    "cholesky": (_cholesky_x,),
    "svdvals": (_svdvals_x,),
    "svd_left": (_svd_left_x,),
    "svd_right": (_svd_right_x,),
}
