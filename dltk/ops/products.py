"""Sums and products of matrices that are built from one or two matrix products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dltk.core import dtypes
from dltk.core.dispatch import apply
from dltk.core.operands import is_number, plain_number
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor, wrap_dim, wrap_dims
from dltk.layout.broadcast import broadcast_shapes
from dltk.ops.compare import logical_and, logical_or
from dltk.ops.matrix import bmm, dot, matmul, mm, outer
from dltk.ops.out import takes_out
from dltk.ops.pointwise import mul, plus

__all__ = [
    "addbmm", "addmm", "addmv", "addr", "baddbmm", "chain_matmul", "cross", "ger", "inner", "kron",
    "tensordot", "vdot",
]  # fmt: skip


def _plus_product(ops, x, y, w, beta, alpha, node):
    product = ops.matmul(y, w)
    if alpha != 1:
        product = alpha * product
    # With a beta of 0 the operand counts for nothing, NaN included.
    return product if beta == 0 else product + (x if beta == 1 else beta * x)


_addmm = Primitive(
    "addmm",
    "x y w",
    _plus_product,
    lambda beta, alpha, node: node,
    "beta alpha node",
)
_addmv = Primitive("addmv", "x y w", _plus_product, "AddmvBackward0", "beta alpha node")


def _vector_product(ops, x, y, dim):
    return ops.xp.ascontiguousarray(ops.xp.cross(x, y, axis=dim))


_cross = Primitive("cross", "x y", _vector_product, "LinalgCrossBackward0", "dim")


def _checked(name: str, ndims: tuple[int, int], *operands: Any) -> None:
    for each in operands:
        if not isinstance(each, Tensor):
            raise TypeError(f"{name}(): expected a Tensor, got {type(each).__name__}")
    _, first, second = operands
    if (first.ndim, second.ndim) != ndims:
        raise RuntimeError(
            f"{name}: expected operands of {ndims[0]} and {ndims[1]} dimensions, got shapes "
            f"{list(first.shape)} and {list(second.shape)}"
        )
    kinds = [each.dtype for each in operands]
    if any(kind is not kinds[0] for kind in kinds):
        raise RuntimeError(f"{name}: expected operands of one dtype, got {kinds}")
    if kinds[0] is dtypes.bool_:
        raise NotImplementedError(f"\"{name}_impl_cpu_\" not implemented for 'Bool'")
    if first.shape[-1] != second.shape[0 if second.ndim < 3 else 1]:
        raise RuntimeError(
            f"mat1 and mat2 shapes cannot be multiplied ({list(first.shape)} and "
            f"{list(second.shape)})"
        )


def _factors(name: str, input: Tensor, beta: Any, alpha: Any) -> tuple:
    for each in (beta, alpha):
        if not is_number(each):
            raise TypeError(f"{name}(): beta and alpha must be numbers, got {type(each).__name__}")
        if name == "addr" and isinstance(each, float) and not input.dtype.is_floating_point:
            raise RuntimeError(
                "For integral input tensors, argument beta must not be a floating point number, "
                f"got {each}"
            )
    if not input.dtype.is_floating_point:
        return int(beta), int(alpha)
    return plain_number(beta), plain_number(alpha)


def _sum_of(
    name: str, primitive: Primitive, node: str, input: Tensor, first: Tensor, second: Tensor,
    shape: tuple[int, ...], beta: Any, alpha: Any,
) -> Tensor:  # fmt: skip
    if broadcast_shapes(tuple(input._raw.shape), shape) != shape:
        raise RuntimeError(
            f"{name}: the shape {list(input.shape)} of the summand does not broadcast to "
            f"{list(shape)}"
        )
    params = (*_factors(name, input, beta, alpha), node)
    return apply(primitive, (input, first, second), params, input.dtype)


@takes_out
def addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """beta · x + alpha · A B. As `torch.addmm`."""
    _checked("addmm", (2, 2), input, mat1, mat2)
    shape = (mat1._raw.shape[0], mat2._raw.shape[1])
    return _sum_of("addmm", _addmm, "AddmmBackward0", input, mat1, mat2, shape, beta, alpha)


@takes_out
def addmv(input: Tensor, mat: Tensor, vec: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """beta · x + alpha · A v. As `torch.addmv`."""
    _checked("addmv", (2, 1), input, mat, vec)
    shape = (mat._raw.shape[0],)
    return _sum_of("addmv", _addmv, "AddmvBackward0", input, mat, vec, shape, beta, alpha)


@takes_out
def baddbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Any = 1, alpha: Any = 1
) -> Tensor:
    """beta · x + alpha · A B for batches of matrices. As `torch.baddbmm`."""
    _checked("baddbmm", (3, 3), input, batch1, batch2)
    if batch1.shape[0] != batch2.shape[0]:
        raise RuntimeError(
            f"Expected size for first two dimensions of batch2 tensor to be: {batch1.shape[0]}, "
            f"got: {batch2.shape[0]}"
        )
    shape = (*batch1._raw.shape[:2], batch2._raw.shape[2])
    return _sum_of("baddbmm", _addmm, "BaddbmmBackward0", input, batch1, batch2, shape, beta, alpha)


@takes_out
def addbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Any = 1, alpha: Any = 1
) -> Tensor:
    """beta · x + alpha · Σ A B over a batch of matrices. As `torch.addbmm`."""
    _checked("addbmm", (3, 3), input, batch1, batch2)
    shape = (batch1.shape[1], batch2.shape[2])
    if broadcast_shapes(tuple(input._raw.shape), shape) != shape:
        raise RuntimeError(
            f"addbmm: the shape {list(input.shape)} of the summand does not broadcast to "
            f"{list(shape)}"
        )
    factor, scale = _factors("addbmm", input, beta, alpha)
    return plus(mul(input, factor), mul(bmm(batch1, batch2).sum(0, dtype=input.dtype), scale))


@takes_out(casts=True)
def addr(input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """beta · x + alpha · v wᵀ of two vectors. As `torch.addr`."""
    for each in (vec1, vec2):
        if each.ndim != 1:
            raise RuntimeError(f"addr: expected a vector, got a tensor of {each.ndim} dimensions")
    shape = (vec1.numel(), vec2.numel())
    if broadcast_shapes(tuple(input._raw.shape), shape) != shape:
        raise RuntimeError(
            f"addr: the shape {list(input.shape)} of the summand does not broadcast to "
            f"{list(shape)}"
        )
    if all(each.dtype is dtypes.bool_ for each in (input, vec1, vec2)):
        return logical_or(input, logical_and(vec1.unsqueeze(1), vec2))
    factor, scale = _factors("addr", input, beta, alpha)
    return plus(mul(input, factor), mul(mul(vec1.unsqueeze(1), vec2), scale))


@takes_out
def inner(input: Tensor, other: Tensor) -> Tensor:
    """Σ x y over the last dimension of both, for each pair of the others. As `torch.inner`."""
    if input.ndim == 0 or other.ndim == 0:
        return mul(input, other)
    if input.shape[-1] != other.shape[-1]:
        raise RuntimeError(
            "inner() the last dimension must match on both input tensors but got shapes "
            f"{list(input.shape)} and {list(other.shape)}"
        )
    return tensordot(input, other, ([-1], [-1]))


@takes_out
def vdot(input: Tensor, other: Tensor) -> Tensor:
    """Σ xᵢ yᵢ of two vectors; for real numbers `dot`. As `torch.vdot`."""
    return dot(input, other)


@takes_out(casts=True)
def ger(input: Tensor, vec2: Tensor) -> Tensor:
    """xᵢ yⱼ of two vectors. As `torch.ger`."""
    return outer(input, vec2)


@takes_out
def tensordot(a: Tensor, b: Tensor, dims: Any = 2) -> Tensor:
    """Σ a b over pairs of dimensions: `dims` of them, or two lists. As `torch.tensordot`."""
    if isinstance(dims, Tensor):
        dims = dims.tolist()
    if isinstance(dims, int):
        if dims < 0:
            raise RuntimeError(f"tensordot expects dims >= 0, but got dims={dims}")
        if dims > min(a.ndim, b.ndim):
            raise RuntimeError(
                f"tensordot expects dims < ndim_a or ndim_b, but got dims={dims} for shapes "
                f"{list(a.shape)} and {list(b.shape)}"
            )
        dims = (range(a.ndim - dims, a.ndim), range(dims))
    first = wrap_dims(tuple(dims[0]), a.ndim)
    second = wrap_dims(tuple(dims[1]), b.ndim)
    for d, other in zip(first, second, strict=False):
        if a.shape[d] == 1 != b.shape[other]:
            b = b.sum(other, keepdim=True)
        elif b.shape[other] == 1 != a.shape[d]:
            a = a.sum(d, keepdim=True)
    sizes, others = [a.shape[d] for d in first], [b.shape[d] for d in second]
    if sizes != others:
        raise RuntimeError(
            f"contracted dimensions need to match, but first has sizes {sizes} in dims "
            f"{list(first)} and second has sizes {others} in dims {list(second)}"
        )
    rows = [d for d in range(a.ndim) if d not in first]
    columns = [d for d in range(b.ndim) if d not in second]
    depth = 1
    for size in sizes:
        depth *= size
    shape = [a.shape[d] for d in rows] + [b.shape[d] for d in columns]
    if not shape:
        turned = b.permute(*[second[first.index(d)] for d in range(a.ndim)])
        return dot(a.reshape(-1), turned.reshape(-1)).reshape(())
    left = a.permute(*rows, *first).reshape(_count(a, rows), depth)
    right = b.permute(*second, *columns).reshape(depth, _count(b, columns))
    return mm(left, right).reshape(shape)


def _count(tensor: Tensor, dims: list[int]) -> int:
    count = 1
    for d in dims:
        count *= tensor.shape[d]
    return count


@takes_out(casts=True)
def kron(input: Tensor, other: Tensor) -> Tensor:
    """Each element times the whole other tensor: Kronecker's product. As `torch.kron`."""
    ndim = max(input.ndim, other.ndim)
    first = [1] * (ndim - input.ndim) + list(input.shape)
    second = [1] * (ndim - other.ndim) + list(other.shape)
    apart = [size for each in first for size in (each, 1)]
    inside = [size for each in second for size in (1, each)]
    product = input.reshape(apart) * other.reshape(inside)
    return product.reshape([a * b for a, b in zip(first, second, strict=True)])


@takes_out
def cross(input: Tensor, other: Tensor, dim: int | None = None) -> Tensor:
    """The vector product along a dimension of size 3. As `torch.cross`."""
    if input.dtype is dtypes.bool_:
        raise NotImplementedError("\"cross\" not implemented for 'Bool'")
    if input.ndim != other.ndim or input.dtype is not other.dtype:
        raise RuntimeError(
            "linalg.cross: inputs must have the same number of dimensions and dtype, got "
            f"{list(input.shape)} {input.dtype} and {list(other.shape)} {other.dtype}"
        )
    if dim is None:
        threes = [d for d, size in enumerate(input.shape) if size == 3]
        if not threes:
            raise RuntimeError(f"no dimension of size 3 in input of shape {list(input.shape)}")
        dim = threes[0]
    if input.shape[dim] != 3 or other.shape[dim] != 3:
        raise RuntimeError(
            f"linalg.cross: inputs dimension {dim} must have length 3. Got {input.shape[dim]} and "
            f"{other.shape[dim]}"
        )
    axis = wrap_dim(dim, input.ndim)
    broadcast_shapes(tuple(input._raw.shape), tuple(other._raw.shape))
    return apply(_cross, (input, other), (axis,), input.dtype)


def chain_matmul(*matrices: Tensor) -> Tensor:
    """The product of several matrices. As `torch.chain_matmul`."""
    for position, each in enumerate(matrices):
        if each.ndim != 2:
            raise RuntimeError(
                f"Tensor dimension is {each.ndim}, expected 2 instead: matrix number {position} of "
                f"chain_matmul has shape {list(each.shape)}"
            )
    return multi_dot(matrices)


def multi_dot(tensors: Sequence[Tensor]) -> Tensor:
    """The product of several matrices; a vector may come first or last."""
    for position, each in enumerate(tensors):
        ends = position in (0, len(tensors) - 1)
        if each.ndim != 2 and not (ends and each.ndim == 1):
            raise RuntimeError(
                f"multi_dot(): tensor {position} must be 2D{' or 1D' if ends else ''} but got "
                f"{each.ndim}D"
            )
    result, *rest = tensors
    for each in rest:
        result = matmul(result, each)
    return result
