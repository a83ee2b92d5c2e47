"""Linear algebra: what torch has under `torch.linalg`."""

# Matrices are called A and B, as torch calls them: the names can be given as keywords.
# ruff: noqa: N803

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from dltk.backends import cpu, registry
from dltk.backends.use import use
from dltk.core.dispatch import finish
from dltk.core.dtypes import TITLES
from dltk.core.operands import placed
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor, wrap_dims
from dltk.layout.strides import contiguous_strides
from dltk.ops import create, norms, products, reduce
from dltk.ops.matrix import matmul
from dltk.ops.out import takes_out

_det = Primitive("det", "x", lambda ops, x: ops.xp.linalg.det(x), "LinalgDetBackward0")
_logdet = Primitive(
    "logdet", "x", lambda ops, x: ops.xp.linalg.slogdet(x)[1], "LinalgSlogdetBackward0"
)
_sign_of_det = Primitive(
    "sign_of_det", "x", lambda ops, x: ops.xp.linalg.slogdet(x)[0], "LinalgSlogdetBackward0"
)
_inv = Primitive("inv", "x", lambda ops, x: ops.inv(x), "LinalgInvExBackward0")
_solve = Primitive(
    "solve",
    "x y",
    lambda ops, x, y, vector: ops.solve(x, y, vector),
    "LinalgSolveExBackward0",
    "vector",
)
_cholesky = Primitive(
    "cholesky", "x", lambda ops, x: ops.xp.linalg.cholesky(x), "LinalgCholeskyExBackward0"
)


_svdvals = Primitive("svdvals", "x", lambda ops, x: ops.svdvals(x), "LinalgSvdBackward0")
_svd_left = Primitive("svd_left", "x", lambda ops, x: ops.svd_left(x), "LinalgSvdBackward0")
_svd_right = Primitive("svd_right", "x", lambda ops, x: ops.svd_right(x), "LinalgSvdBackward0")


class SignAndLogarithm(NamedTuple):
    """What `slogdet` returns."""

    sign: Tensor
    logabsdet: Tensor


def _check_square(input: Tensor, name: str) -> None:
    if not isinstance(input, Tensor):
        raise TypeError(f"{name}(): argument 'A' must be Tensor, not {type(input).__name__}")
    _check_shape(input, name)
    if not input.dtype.is_floating_point or input.dtype.itemsize < 4:
        low = input.dtype.is_floating_point and name not in ("inv", "slogdet")
        raise (NotImplementedError if low else RuntimeError)(
            f"linalg.{name}: Expected a floating point tensor of 32 or 64 bits as input. "
            f"Got {TITLES[input.dtype.name]}"
        )


def _check_shape(input: Tensor, name: str) -> None:
    shape = list(input._raw.shape)
    if len(shape) < 2:
        raise RuntimeError(
            f"linalg.{name}: The input tensor A must have at least 2 dimensions, got {shape}"
        )
    if shape[-1] != shape[-2]:
        raise RuntimeError(f"linalg.{name}: A must be batches of square matrices, got {shape}")


def _computed(
    primitive: Primitive, inputs: tuple[Tensor, ...], name: str, params: tuple = (), columns=True
) -> Tensor:
    """`primitive` on `inputs`; matrices lie column by column in memory, as LAPACK's do."""
    raws = [each._raw for each in inputs]
    try:
        if use.elsewhere:
            raw = registry.run(primitive.kernel, raws, params)
        else:
            raw = primitive.kernel(cpu.ops, *raws, *params)
    except np.linalg.LinAlgError as error:
        raise RuntimeError(f"linalg.{name}: {error}") from error
    dtype = inputs[0].dtype
    shape = tuple(raw.shape)
    strides = None
    if columns and len(shape) >= 2:
        *batch, first, second = contiguous_strides((*shape[:-2], shape[-1], shape[-2]))
        strides = (*batch, second, first)
    return finish(primitive, inputs, params, placed(raw, strides, dtype))


@takes_out
def det(A: Tensor) -> Tensor:
    """The determinant of square matrices. As `torch.linalg.det`."""
    _check_square(A, "det")
    return _computed(_det, (A,), "det", columns=False)


@takes_out
def slogdet(A: Tensor) -> SignAndLogarithm:
    """The sign and the logarithm of the determinant's size. As `torch.linalg.slogdet`."""
    _check_square(A, "slogdet")
    sign = _computed(_sign_of_det, (A,), "slogdet", columns=False)
    return SignAndLogarithm(sign, _computed(_logdet, (A,), "slogdet", columns=False))


@takes_out
def inv(A: Tensor) -> Tensor:
    """The inverse of square matrices; `RuntimeError` where there is none. As `torch.linalg.inv`."""
    _check_square(A, "inv")
    return _computed(_inv, (A,), "inv")


@takes_out
def solve(A: Tensor, B: Tensor, *, left: bool = True) -> Tensor:
    """X with A X = B, or X A = B where not `left`. As `torch.linalg.solve`."""
    _check_square(A, "solve")
    if not left:
        return solve(A.mT, B.mT).mT
    if B.dtype is not A.dtype:
        raise RuntimeError(f"linalg.solve: Expected A and B of one dtype, got {A.dtype}, {B.dtype}")
    if B.ndim == 0:
        raise RuntimeError(f"linalg.solve: B must have at least 1 dimension, got {list(B.shape)}")
    vector = B.ndim == 1 or (B.ndim == A.ndim - 1 and B._raw.shape == A._raw.shape[:-1])
    rows = B._raw.shape[-1 if vector else -2]
    if rows != A._raw.shape[-1]:
        raise RuntimeError(
            f"linalg.solve: Incompatible shapes of A and B for the equation AX = B "
            f"({list(A._raw.shape)} and {list(B._raw.shape)})"
        )
    return _computed(_solve, (A, B), "solve", (vector,))


@takes_out
def cholesky(A: Tensor, *, upper: bool = False) -> Tensor:
    """The lower triangle L with A = L Lᵀ; A must be positive definite. As `torch.linalg.cholesky`.

    Raises:
        RuntimeError: A is not positive definite.
    """
    _check_square(A, "cholesky")
    result = _computed(_cholesky, (A,), "cholesky")
    return result.mT if upper else result


@takes_out
def norm(A: Tensor, ord: Any = None, dim: Any = None, keepdim: bool = False) -> Tensor:
    """The norm of a vector or of matrices. As `torch.linalg.norm`."""
    if not A.dtype.is_floating_point:
        raise RuntimeError(f"linalg.vector_norm: Expected a floating point tensor, got {A.dtype}")
    dims = (dim,) if isinstance(dim, int) else dim
    count = A.ndim if dims is None else len(dims)
    if ord is not None and dims is None and count > 2:
        raise RuntimeError("linalg.norm: If dim is not specified but ord is, A must be 1D or 2D")
    if ord is None or count == 1:
        if isinstance(ord, str):
            raise RuntimeError(f"linalg.norm: a vector has no norm {ord!r}")
        return vector_norm(A, 2 if ord is None else ord, dims, keepdim)
    return matrix_norm(A, ord, (0, 1) if dims is None else dims, keepdim)


@takes_out
def vector_norm(x: Tensor, ord: float = 2, dim: Any = None, keepdim: bool = False) -> Tensor:
    """The norm of all elements, or of those along `dim`. As `torch.linalg.vector_norm`."""
    if not x.dtype.is_floating_point:
        raise RuntimeError(
            "linalg.vector_norm: Expected a floating point or complex tensor as input. Got "
            f"{TITLES[x.dtype.name]}"
        )
    if ord <= 0 or ord == float("inf"):
        return norms.norm(x, ord, dim, keepdim)
    return norms.apply_norm(x, float(ord), dim, keepdim)


@takes_out
def matrix_norm(A: Tensor, ord: Any = "fro", dim: Any = (-2, -1), keepdim: bool = False) -> Tensor:
    """The norm of matrices: `"fro"`, `"nuc"`, 1, -1, 2, -2, inf or -inf. As in `torch.linalg`."""
    if A.ndim < 2:
        raise RuntimeError(
            "linalg.matrix_norm: The input tensor A must have at least 2 dimensions, got "
            f"{list(A.shape)}"
        )
    if not A.dtype.is_floating_point:
        raise RuntimeError(
            "linalg.matrix_norm: Expected a floating point or complex tensor as input. Got "
            f"{TITLES[A.dtype.name]}"
        )
    rows, columns = wrap_dims(tuple(dim), A.ndim)
    if ord == "fro":
        return vector_norm(A, 2, (rows, columns), keepdim)
    if ord in (2, -2, "nuc"):
        return _spectral_norm(A, ord, rows, columns, keepdim)
    if ord not in (1, -1, float("inf"), float("-inf")):
        raise RuntimeError(f"linalg.matrix_norm: Order {ord} not supported.")
    summed, kept = (rows, columns) if abs(ord) == 1 else (columns, rows)
    sums = vector_norm(A, 1, summed, True)
    found = (reduce.amax if ord > 0 else reduce.amin)(sums, kept, True)
    return found if keepdim else found.squeeze((rows, columns))


def _spectral_norm(A: Tensor, ord: Any, rows: int, columns: int, keepdim: bool) -> Tensor:
    """The largest singular value, the smallest (-2), or the sum of all (`"nuc"`)."""
    if A.dtype.itemsize < 4:
        raise RuntimeError(f"linalg.matrix_norm: order {ord} needs 32 or 64 bits, got {A.dtype}")
    others = [d for d in range(A.ndim) if d not in (rows, columns)]
    values = svdvals(A.permute(*others, rows, columns))
    reduction = {2: reduce.amax, -2: reduce.amin, "nuc": reduce.sum}[ord]
    found = reduction(values, -1)
    if not keepdim:
        return found
    for d in sorted((rows, columns)):
        found = found.unsqueeze(d)
    return found


@takes_out
def svdvals(A: Tensor) -> Tensor:
    """The singular values of matrices, largest first. As `torch.linalg.svdvals`."""
    _check_matrix(A, "svdvals")
    return _computed(_svdvals, (A,), "svdvals", columns=False)


def svd_left(A: Tensor) -> Tensor:
    """The left singular vectors of matrices, as columns."""
    return _computed(_svd_left, (A,), "svd", columns=False)


def svd_right(A: Tensor) -> Tensor:
    """The right singular vectors of matrices, as columns."""
    return _computed(_svd_right, (A,), "svd", columns=False)


def _check_matrix(input: Tensor, name: str) -> None:
    if input.ndim < 2:
        raise RuntimeError(
            f"linalg.{name}: The input tensor A must have at least 2 dimensions, got "
            f"{list(input.shape)}"
        )
    if not input.dtype.is_floating_point:
        raise RuntimeError(
            f"linalg.{name}: Expected a floating point tensor as input. Got "
            f"{TITLES[input.dtype.name]}"
        )
    if input.dtype.itemsize < 4:
        raise NotImplementedError(f"\"linalg_{name}_cpu\" not implemented for 'Half'")


@takes_out
def matrix_power(A: Tensor, n: int) -> Tensor:
    """Square matrices multiplied `n` times; a negative `n` inverts. As `torch.linalg`."""
    if A.dtype.is_floating_point and A.dtype.itemsize > 2:
        _check_square(A, "matrix_power")
    else:
        _check_shape(A, "matrix_power")
    if n < 0:
        return matrix_power(inv(A), -n)
    if n == 0:
        return create.eye(A.shape[-1], dtype=A.dtype, device=A.device).expand(A.shape).clone()
    result, square = None, A
    while n:
        n, odd = divmod(n, 2)
        if odd:
            result = square if result is None else matmul(result, square)
        if n:
            square = matmul(square, square)
    assert result is not None
    return result.clone() if result is A else result


@takes_out
def multi_dot(tensors: Sequence[Tensor]) -> Tensor:
    """The product of several matrices; a vector may come first or last. As `torch.linalg`."""
    if len(tensors) < 2:
        raise RuntimeError(f"multi_dot(): expected at least 2 tensors but got {len(tensors)}")
    return products.multi_dot(tensors)
