"""Jacobian-vector products of linear algebra, in the form of `jvp_rules`."""

from dltk.autograd.array_vjps import transposed
from dltk.autograd.matrix_vjps import cofactors, gaps, outside


def _inner(ops, t, x):
    """The trace of x⁻¹ t."""
    return ops.sum(transposed(ops, ops.inv(x)) * t, (-2, -1))


def _solve_x(ops, t, x, z, vector):
    moved = ops.matmul(t, ops.unsqueeze(z, -1) if vector else z)
    return -ops.solve(x, ops.squeeze(moved, -1) if vector else moved, vector)


def _cholesky_x(ops, t, z):
    inverse = ops.inv(z)
    inner = ops.matmul(ops.matmul(inverse, t), transposed(ops, inverse))
    return ops.matmul(z, ops.tril(inner, -1) + ops.triu(ops.tril(inner, 0), 0) / 2)


def _rotated(ops, t, x):
    """The tangent between the singular vectors."""
    return ops.matmul(ops.matmul(transposed(ops, ops.svd_left(x)), t), ops.svd_right(x))


def _svdvals_x(ops, t, x):
    return ops.sum(ops.svd_left(x) * ops.matmul(t, ops.svd_right(x)), (-2,))


def _svd_left_x(ops, t, x, z):
    s = ops.svdvals(x)
    columns = ops.unsqueeze(s, -2)
    change = _rotated(ops, t, x) * columns
    within = ops.matmul(z, (change + transposed(ops, change)) * gaps(ops, s))
    return within + outside(ops, z, ops.matmul(t, ops.svd_right(x))) / columns


def _svd_right_x(ops, t, x, z):
    s = ops.svdvals(x)
    change = ops.unsqueeze(s, -1) * _rotated(ops, t, x)
    within = ops.matmul(z, (change + transposed(ops, change)) * gaps(ops, s))
    turned = ops.matmul(transposed(ops, t), ops.svd_left(x))
    return within + outside(ops, z, turned) / ops.unsqueeze(s, -2)


MATRIX_JVPS = {
    "sign_of_det": (lambda ops, t, z: ops.zeros_like(z),),
    "det": (lambda ops, t, x, z: ops.sum(cofactors(ops, x, z) * t, (-2, -1)),),
    "logdet": (lambda ops, t, x: _inner(ops, t, x),),
    "inv": (lambda ops, t, z: -ops.matmul(ops.matmul(z, t), z),),
    "solve": (_solve_x, lambda ops, t, x, vector: ops.solve(x, t, vector)),
    "cholesky": (_cholesky_x,),
    "svdvals": (_svdvals_x,),
    "svd_left": (_svd_left_x,),
    "svd_right": (_svd_right_x,),
}
