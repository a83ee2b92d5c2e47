"""Operations on raw arrays under torch's names, for kernels and derivative rules.

`ArrayOps(xp)` binds them once to an array library with NumPy's interface. The rules in
`dltk.autograd` are written against these names; `dltk.ops` has the same names for tensors, which is
how one rule serves both a plain backward pass and one that is itself recorded.
"""

import math

from dltk.backends import error_function
from dltk.backends.choosing import by_bits
from dltk.backends.extremes import extreme_of_rows, has_short_rows
from dltk.backends.sums import fits, is_row_numbers, rows_by_place, sum_by_products


class ArrayOps:
    """Torch-named operations on the arrays of `xp`, a module with NumPy's interface."""

    pi = math.pi

    def __init__(self, xp):
        self.xp = xp
        for name in [
            "exp",
            "expm1",
            "log",
            "log1p",
            "log2",
            "sin",
            "cos",
            "tan",
            "sinh",
            "cosh",
            "tanh",
            "sqrt",
            "floor",
            "ceil",
            "maximum",
            "minimum",
            "square",
            "abs",
            "isnan",
            "isinf",
            "isfinite",
            "trunc",
            "outer",
        ]:
            setattr(self, name, getattr(xp, name))
        self.asin, self.acos, self.atan = xp.arcsin, xp.arccos, xp.arctan
        self.round = xp.round
        self.zeros_like, self.ones_like = xp.zeros_like, xp.ones_like

    def erf(self, x):
        return error_function.erf(self.xp, x)

    def erfc(self, x):
        return error_function.erfc(self.xp, x)

    def sum(self, x, dim=None, keepdim=False):
        if type(dim) is int:
            dim = (dim,)
        if fits(x, dim):
            return sum_by_products(self.xp, x, dim, keepdim)
        return self.xp.add.reduce(x, axis=dim, keepdims=keepdim)

    def mean(self, x, dim=None, keepdim=False):
        if x.size == 0:
            return self.sum(x, dim, keepdim) + math.nan  # the library's mean would warn of it
        if fits(x, dim):
            count = x.shape[dim] if isinstance(dim, int) else math.prod([x.shape[d] for d in dim])
            return sum_by_products(self.xp, x, dim, keepdim) / x.dtype.type(count)
        return self.xp.mean(x, axis=dim, keepdims=keepdim)

    def matmul(self, x, y):
        if y.ndim == 2 and x.ndim > 2 and x.size and x.flags.c_contiguous:
            # The library would make a product for each matrix of x; one is a tenth faster.
            rows = self.xp.matmul(x.reshape(-1, x.shape[-1]), y)
            return rows.reshape(*x.shape[:-1], y.shape[1])
        return self.xp.matmul(x, y)

    def where(self, condition, x, y):
        chosen = by_bits(self.xp, condition, x, y)
        return self.xp.where(condition, x, y) if chosen is None else chosen

    def sign(self, x):
        # Not the library's, which is NaN for NaN; torch's is 0.
        return self.xp.subtract(x > 0, x < 0, dtype=x.dtype)

    def relu(self, x):
        # A row of zeros: with a single number the library compares one element after the other,
        # which takes three times as long.
        return self.xp.maximum(x, self.xp.zeros(x.shape[-1:], x.dtype))

    def amax(self, x, dim=None, keepdim=False):
        if has_short_rows(x, dim):
            return extreme_of_rows(self.xp, x, self.xp.argmax, self.xp.maximum, keepdim)
        return self.xp.maximum.reduce(x, axis=dim, keepdims=keepdim)

    def amin(self, x, dim=None, keepdim=False):
        if has_short_rows(x, dim):
            return extreme_of_rows(self.xp, x, self.xp.argmin, self.xp.minimum, keepdim)
        return self.xp.minimum.reduce(x, axis=dim, keepdims=keepdim)

    def reshape(self, x, shape):
        return x.reshape(shape)

    def expand(self, x, shape):
        return self.xp.broadcast_to(x, shape)

    def transpose(self, x, dim0, dim1):
        return self.xp.swapaxes(x, dim0, dim1)

    def permute(self, x, dims):
        return self.xp.transpose(x, dims)

    def unsqueeze(self, x, dim):
        return self.xp.expand_dims(x, dim)

    def squeeze(self, x, dim):
        return self.xp.squeeze(x, dim)

    def cat(self, arrays, dim=0):
        return self.xp.concatenate(arrays, axis=dim)

    def stack(self, arrays, dim=0):
        return self.xp.stack(arrays, axis=dim)

    def flip(self, x, dims):
        return self.xp.flip(x, dims) if x.ndim else x.copy()

    def cumsum(self, x, dim):
        return self.xp.cumsum(x, axis=dim, dtype=x.dtype) if x.ndim else x.copy()

    def logcumsumexp(self, x, dim):
        return self.xp.logaddexp.accumulate(x, axis=dim)

    def index(self, x, key):
        return x[key]

    def narrow(self, x, dim, start, length):
        return x[(slice(None),) * (dim % x.ndim) + (slice(start, start + length),)]

    def gather(self, x, dim, index):
        return x[self.along(dim, index)]

    def index_put(self, gradient, key, shape):
        """Zeros of `shape` with `gradient` written at the basic index `key`."""
        result = self.xp.zeros(shape, gradient.dtype)
        result[key] = gradient
        return result

    def index_add(self, gradient, key, shape):
        """Zeros of `shape` with `gradient` added at `key`; a repeated place adds up."""
        if len(shape) > 1 and is_row_numbers(key):
            return rows_by_place(self.xp, gradient, key[0], shape)
        result = self.xp.zeros(shape, gradient.dtype)
        self.xp.add.at(result, key, gradient)
        return result

    def scatter_add(self, gradient, dim, index, shape):
        """Zeros of `shape` with `gradient` added at `index` along `dim`."""
        return self.index_add(gradient, self.along(dim, index), shape)

    def along(self, dim, index):
        """The key of the places that `index` names along `dim`, and its own elsewhere."""
        if index.ndim == 0:
            return ()
        key = [
            self.xp.arange(size).reshape([-1 if d == axis else 1 for d in range(index.ndim)])
            for axis, size in enumerate(index.shape)
        ]
        key[dim] = index
        return tuple(key)

    def place_along(self, x, dim, index, shape):
        """Zeros of `shape` with `x` written at `index` along `dim`."""
        result = self.xp.zeros(shape, x.dtype)
        result[self.along(dim, index)] = x
        return result

    def repeat(self, x, repeats):
        return self.xp.tile(x, repeats)

    def roll(self, x, shifts, dims):
        return self.xp.roll(x, shifts, dims or None)

    def tril(self, x, k):
        return self.xp.tril(x, k)

    def triu(self, x, k):
        return self.xp.triu(x, k)

    def trace(self, x):
        return self.xp.trace(x)

    def diagonal(self, x, k):
        """A copy of the diagonal number `k` of a matrix."""
        return self.xp.diagonal(x, k).copy()

    def diag_embed(self, x, k):
        """A matrix with the vector `x` on its diagonal number `k`."""
        return self.xp.diag(x, k)

    def svdvals(self, x):
        return self.xp.linalg.svd(x, compute_uv=False)

    def svd_left(self, x):
        """The left singular vectors of matrices, as columns."""
        return self.xp.linalg.svd(x, full_matrices=False)[0]

    def svd_right(self, x):
        """The right singular vectors of matrices, as columns."""
        return self.transpose(self.xp.linalg.svd(x, full_matrices=False)[2], -2, -1)

    def inv(self, x):
        return self.xp.linalg.inv(x)

    def solve(self, x, y, vector):
        """z with x z = y; y holds vectors or matrices."""
        if vector:
            return self.xp.linalg.solve(x, y[..., None])[..., 0]
        return self.xp.linalg.solve(x, y)

    def zeros(self, shape, like):
        """Zeros of `shape` with the dtype of `like`."""
        return self.xp.zeros(shape, like.dtype)

    def move(self, x, device):
        """`x` in the memory of `device`."""
        from dltk.backends.registry import moved

        return moved(x, device)

    def empty_in_order(self, shape, order, like):
        """An array of `shape`, its dimensions `order` in memory from the slowest to the fastest."""
        whole = self.xp.empty([shape[d] for d in order], like.dtype)
        return whole.transpose(sorted(range(len(order)), key=order.__getitem__))

    def cast(self, x, like):
        """`x` in the dtype of `like`."""
        return x.astype(like.dtype)
