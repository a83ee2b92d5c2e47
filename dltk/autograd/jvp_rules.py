"""Lab 2: Jacobian-vector products, one rule for each operand of each operation.

A rule gets the tangent `t` of one operand and gives what that contributes to the result's tangent:

    ∂z/∂x · t

Its other parameters are the operands `x` and `y`, the result `z`, shapes, or the operation's own
arguments. `propagate` sums the contributions. Rules are written with operators and with the
functions of `ops`, which have torch's names.
"""


def neg_x(ops, t):
    """z = -x"""
    return -t


def add_x(ops, t):
    """z = x + y"""
    return t


def add_y(ops, t):
    """z = x + y"""
    return t


def sub_x(ops, t):
    """z = x - y"""
    return t


def sub_y(ops, t):
    """z = x - y"""
    return -t


def mul_x(ops, t, y):
    """z = x y"""
    return t * y


def mul_y(ops, t, x):
    """z = x y"""
    return x * t


def div_x(ops, t, y):
    """z = x / y"""
    return t / y


def div_y(ops, t, y, z):
    """z = x / y"""
    return -z * t / y


def log_x(ops, t, x):
    """z = ln x"""
    return t / x


def exp_x(ops, t, z):
    """z = eˣ"""
    return z * t


def sin_x(ops, t, x):
    """z = sin x"""
    return ops.cos(x) * t


def cos_x(ops, t, x):
    """z = cos x"""
    return -ops.sin(x) * t


def tanh_x(ops, t, z):
    """z = tanh x"""
    return (1 - z * z) * t


def sqrt_x(ops, t, z):
    """z = √x"""
    return t / (2 * z)


def pow_x(ops, t, x, y):
    """z = xʸ; 0 where y is 0, also at x = 0."""
    return ops.where(y == 0, 0, t * y * x ** (y - 1))


def pow_y(ops, t, x, y, z):
    """z = xʸ; 0 at x = 0 where y is 0 or more."""
    return ops.where((x == 0) & (y >= 0), 0, t * z * ops.log(x))


def relu_x(ops, t, z):
    """z = max(x, 0); torch's choice at the kink is 0."""
    return ops.where(z <= 0, 0, t)


def abs_x(ops, t, x):
    """z = |x|; torch's choice at the kink is 0."""
    return t * ops.sign(x)


def maximum_x(ops, t, x, y):
    """z = max(x, y), elementwise; a tie is shared: half of each side."""
    return ops.where(x == y, t / 2, ops.where(x < y, 0, t))


def maximum_y(ops, t, x, y):
    """z = max(x, y), elementwise; a tie is shared: half of each side."""
    return ops.where(x == y, t / 2, ops.where(y < x, 0, t))


def sum_x(ops, t, dim, keepdim):
    """z = Σ x over the dimensions `dim`, a tuple."""
    return ops.sum(t, dim, keepdim)


def mean_x(ops, t, dim, keepdim):
    """z = mean of x over the dimensions `dim`, a tuple."""
    return ops.mean(t, dim, keepdim)


def matmul_x(ops, t, y):
    """z = x y for matrices or batches of matrices."""
    return ops.matmul(t, y)


def matmul_y(ops, t, x):
    """z = x y for matrices or batches of matrices."""
    return ops.matmul(x, t)


def transpose_x(ops, t, dim0, dim1):
    """z is x with dimensions `dim0` and `dim1` exchanged."""
    return ops.transpose(t, dim0, dim1)


def reshape_x(ops, t, shape):
    """z is x in another shape."""
    return ops.reshape(t, shape)


def index_x(ops, t, key):
    """z = x[key]."""
    return ops.index(t, key)


def cat_x(ops, t):
    """z is several tensors one after the other; their tangents are joined in the same way."""
    return t


def amax_x(ops, t, x, z, dim, keepdim):
    """z = max of x over the dimensions `dim`; tied elements contribute evenly."""
    for d in () if keepdim else sorted(dim):
        z = ops.unsqueeze(z, d)
    ties = x == z
    return ops.sum(t * ties, dim, keepdim) / ops.sum(ties, dim, keepdim)


def max_dim_x(ops, t, indices, dim, keepdim):
    """z = max of x along `dim`, found at `indices`."""
    if keepdim:
        return ops.gather(t, dim, indices)
    return ops.squeeze(ops.gather(t, dim, ops.unsqueeze(indices, dim)), dim)
