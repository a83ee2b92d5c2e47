"""Lab 3: vector-Jacobian products, one rule for each operand of each operation.

A rule gets the adjoint `g` of the result z and gives the adjoint of one operand:

    g · ∂z/∂x

Its other parameters are what the node saved, and nothing else is saved: the operands `x` and `y`,
the result `z`, a shape, or the operation's own arguments. Rules are written with operators and with
the functions of `ops`, which have torch's names. So one rule serves raw arrays and, when the
backward pass is itself recorded, tensors. A pointwise rule may give the shape of the result: where
an operand was broadcast, `unbroadcast` is applied to what the rule gives.

In `ops` there are, element by element: `exp`, `log`, `sin`, `cos`, `tanh`, `sqrt`, `abs`, `sign`,
`maximum`, `where`, `zeros_like`. For arrays: `sum`, `mean`, `matmul`, `unsqueeze`,
`transpose`, `permute`, `reshape`, `narrow`, and `expand(x, shape)`, which repeats `x` along its
sizes of 1. A docstring below names the others where a rule needs them.
"""


def neg_x(ops, g):
    """z = -x. Given, as an example."""
    return -g


def add_x(ops, g):
    """z = x + y. Given, as an example."""
    return g


def add_y(ops, g):
    """z = x + y. Given, as an example."""
    return g


def sub_x(ops, g):
    """z = x - y"""
    # BEGIN SOLUTION lab3.rules
    return g
    # END SOLUTION


def sub_y(ops, g):
    """z = x - y"""
    # BEGIN SOLUTION lab3.rules
    return -g
    # END SOLUTION


def mul_x(ops, g, y):
    """z = x y"""
    # BEGIN SOLUTION lab3.rules
    return g * y
    # END SOLUTION


def mul_y(ops, g, x):
    """z = x y"""
    # BEGIN SOLUTION lab3.rules
    return g * x
    # END SOLUTION


def div_x(ops, g, y):
    """z = x / y"""
    # BEGIN SOLUTION lab3.rules
    return g / y
    # END SOLUTION


def div_y(ops, g, x, y):
    """z = x / y"""
    # BEGIN SOLUTION lab3.rules
    return -g * (x / y) / y
    # END SOLUTION


def log_x(ops, g, x):
    """z = ln x"""
    # BEGIN SOLUTION lab3.rules
    return g / x
    # END SOLUTION


def exp_x(ops, g, z):
    """z = eˣ"""
    # BEGIN SOLUTION lab3.rules
    return g * z
    # END SOLUTION


def sin_x(ops, g, x):
    """z = sin x"""
    # BEGIN SOLUTION lab3.rules
    return g * ops.cos(x)
    # END SOLUTION


def cos_x(ops, g, x):
    """z = cos x"""
    # BEGIN SOLUTION lab3.rules
    return -g * ops.sin(x)
    # END SOLUTION


def tanh_x(ops, g, z):
    """z = tanh x"""
    # BEGIN SOLUTION lab3.rules
    return g * (1 - z * z)
    # END SOLUTION


def sqrt_x(ops, g, z):
    """z = √x"""
    # BEGIN SOLUTION lab3.rules
    return g / (2 * z)
    # END SOLUTION


def pow_x(ops, g, x, y):
    """z = xʸ; 0 where y is 0, also at x = 0."""
    # BEGIN SOLUTION lab3.rules
    return ops.where(y == 0, 0, g * y * x ** (y - 1))
    # END SOLUTION


def pow_y(ops, g, x, y, z):
    """z = xʸ; 0 at x = 0 where y is 0 or more."""
    # BEGIN SOLUTION lab3.rules
    return ops.where((x == 0) & (y >= 0), 0, g * z * ops.log(x))
    # END SOLUTION


def relu_x(ops, g, z):
    """z = max(x, 0); torch's choice at the kink is 0."""
    # BEGIN SOLUTION lab3.rules
    return ops.where(z <= 0, 0, g)
    # END SOLUTION


def abs_x(ops, g, x):
    """z = |x|; torch's choice at the kink is 0."""
    # BEGIN SOLUTION lab3.rules
    return g * ops.sign(x)
    # END SOLUTION


def maximum_x(ops, g, x, y):
    """z = max(x, y), elementwise; a tie is shared: half to each side."""
    # BEGIN SOLUTION lab3.rules
    return ops.where(x == y, g / 2, ops.where(x < y, 0, g))
    # END SOLUTION


def maximum_y(ops, g, x, y):
    """z = max(x, y), elementwise; a tie is shared: half to each side."""
    # BEGIN SOLUTION lab3.rules
    return ops.where(x == y, g / 2, ops.where(y < x, 0, g))
    # END SOLUTION


def unbroadcast(ops, g, shape):
    """The gradient of an operand of `shape` that was broadcast to the shape of `g`.

    Given: `g` has at least as many dimensions as `shape`. Broadcasting repeated the operand, and
    the adjoint of repeating is summing: over the leading dimensions that `shape` lacks, and over
    those where `shape` has 1, which stay as 1. `ops.sum(g, dims, keepdim)` sums over a tuple with
    something in it: torch takes an empty one for all dimensions.
    """
    # BEGIN SOLUTION lab3.unbroadcast
    leading = len(g.shape) - len(shape)
    if leading:
        g = ops.sum(g, tuple(range(leading)))
    stretched = tuple(d for d, size in enumerate(shape) if size == 1 and g.shape[d] != 1)
    return ops.sum(g, stretched, True) if stretched else g
    # END SOLUTION


def sum_x(ops, g, x_shape, dim, keepdim):
    """z = Σ x over the dimensions `dim`, a tuple; they stay as 1 with `keepdim`.

    `restore(ops, g, dim, keepdim)` brings dropped dimensions of `g` back as 1.
    """
    # BEGIN SOLUTION lab3.arrays
    return ops.expand(restore(ops, g, dim, keepdim), x_shape)
    # END SOLUTION


def mean_x(ops, g, x_shape, dim, keepdim):
    """z = mean of x over the dimensions `dim`, a tuple; they stay as 1 with `keepdim`."""
    # BEGIN SOLUTION lab3.arrays
    count = 1
    for d in dim:
        count *= x_shape[d]
    return ops.expand(restore(ops, g, dim, keepdim) / count, x_shape)
    # END SOLUTION


def matmul_x(ops, g, y):
    """z = x y for matrices or batches of matrices of the same batch shape."""
    # BEGIN SOLUTION lab3.arrays
    return ops.matmul(g, ops.transpose(y, -2, -1))
    # END SOLUTION


def matmul_y(ops, g, x):
    """z = x y for matrices or batches of matrices of the same batch shape."""
    # BEGIN SOLUTION lab3.arrays
    return ops.matmul(ops.transpose(x, -2, -1), g)
    # END SOLUTION


def transpose_x(ops, g, dim0, dim1):
    """z is x with dimensions `dim0` and `dim1` exchanged."""
    # BEGIN SOLUTION lab3.arrays
    return ops.transpose(g, dim0, dim1)
    # END SOLUTION


def reshape_x(ops, g, x_shape):
    """z is x in another shape."""
    # BEGIN SOLUTION lab3.arrays
    return ops.reshape(g, x_shape)
    # END SOLUTION


def index_x(ops, g, x_shape, key):
    """z = x[key] with tensors of integers in `key`; the same place may be taken several times.

    `ops.index_put(g, key, shape)` writes g into zeros, `ops.index_add(g, key, shape)` adds it.
    """
    # BEGIN SOLUTION lab3.arrays
    return ops.index_add(g, key, x_shape)
    # END SOLUTION


def cat_x(ops, g, dim, start, length):
    """z is several tensors one after the other along `dim`; x fills `length` places from `start`.

    `ops.narrow(g, dim, start, length)` takes such a part.
    """
    # BEGIN SOLUTION lab3.arrays
    return ops.narrow(g, dim, start, length)
    # END SOLUTION


def amax_x(ops, g, x, z, dim, keepdim):
    """z = max of x over the dimensions `dim`, a tuple; ties share the gradient evenly."""
    # BEGIN SOLUTION lab3.arrays
    ties = x == restore(ops, z, dim, keepdim)
    return restore(ops, g, dim, keepdim) * ties / ops.sum(ties, dim, True)
    # END SOLUTION


def max_dim_x(ops, g, x_shape, indices, dim, keepdim):
    """z = max of x along one `dim`, found at `indices`; the whole gradient goes there.

    `ops.scatter_add(g, dim, indices, shape)` adds g at the indices into zeros of `shape`. Both
    must have the dimension `dim`: `restore(ops, g, (dim,), keepdim)`.
    """
    # BEGIN SOLUTION lab3.arrays
    g = restore(ops, g, (dim,), keepdim)
    indices = restore(ops, indices, (dim,), keepdim)
    return ops.scatter_add(g, dim, indices, x_shape)
    # END SOLUTION


def restore(ops, g, dim, keepdim):
    """`g` with the dimensions `dim` that a reduction dropped, as 1. Given."""
    if keepdim:
        return g
    for d in sorted(dim):
        g = ops.unsqueeze(g, d)
    return g
