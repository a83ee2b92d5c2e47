"""Products of vectors, matrices and batches of matrices."""

from __future__ import annotations

from dltk.core import dtypes
from dltk.core.dispatch import apply
from dltk.core.inplace import into
from dltk.core.primitive import Primitive
from dltk.core.storage import numel
from dltk.core.tensor import Tensor
from dltk.layout.broadcast import broadcast_shapes
from dltk.ops.out import require_dtype, takes_out

_matmul = Primitive(
    "matmul",
    "x y",
    lambda ops, x, y, node: ops.matmul(x, y),
    lambda node: node,
    "node",
)
_mv = Primitive("mv", "x y", lambda ops, x, y: ops.matmul(x, y), "MvBackward0")
_dot = Primitive("dot", "x y", lambda ops, x, y: ops.matmul(x, y), "DotBackward0")


def _check(x: Tensor, y: Tensor, inner: bool, text: str) -> None:
    if not isinstance(x, Tensor) or not isinstance(y, Tensor):
        other = y if isinstance(x, Tensor) else x
        raise TypeError(f"expected a Tensor, got {type(other).__name__}")
    if x.ndim == 3 and x.dtype is dtypes.bool_:
        raise NotImplementedError("\"baddbmm\" not implemented for 'Bool'")
    if x.dtype is not y.dtype:
        raise RuntimeError(
            f"expected m1 and m2 to have the same dtype, but got: "
            f"{dtypes.TITLES[x.dtype.name].lower()} != {dtypes.TITLES[y.dtype.name].lower()}"
        )
    if x.dtype is dtypes.bool_:
        raise NotImplementedError("\"addmm_impl_cpu_\" not implemented for 'Bool'")
    if not inner:
        raise RuntimeError(text)


def _shapes(x: Tensor, y: Tensor) -> str:
    first, second = ("x".join(map(str, each._raw.shape)) for each in (x, y))
    return f"mat1 and mat2 shapes cannot be multiplied ({first} and {second})"


def _written(out: Tensor, result: Tensor) -> Tensor:
    require_dtype(out, result.dtype)
    return into(out, result)


def mm(input: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The product of two matrices, (n, k) and (k, m). As `torch.mm`."""
    if input.ndim != 2 or mat2.ndim != 2:
        raise RuntimeError(f"self must be a matrix: mm got {input.ndim} and {mat2.ndim} dimensions")
    _check(input, mat2, input._raw.shape[1] == mat2._raw.shape[0], _shapes(input, mat2))
    result = apply(_matmul, (input, mat2), ("MmBackward0",), input.dtype)
    return result if out is None else _written(out, result)


@takes_out
def bmm(input: Tensor, mat2: Tensor) -> Tensor:
    """The products of two batches of matrices, (b, n, k) and (b, k, m). As `torch.bmm`."""
    if input.ndim != 3 or mat2.ndim != 3:
        raise RuntimeError("batch1 must be a 3D tensor")
    (b, _, k), (b2, k2, _) = input._raw.shape, mat2._raw.shape
    _check(
        input,
        mat2,
        b == b2 and k == k2,
        f"Expected size for first two dimensions of batch2 tensor to be: [{b}, {k}] but got: "
        f"[{b2}, {k2}].",
    )
    return apply(_matmul, (input, mat2), ("BmmBackward0",), input.dtype)


@takes_out
def mv(input: Tensor, vec: Tensor) -> Tensor:
    """A matrix times a vector, (n, k) and (k). As `torch.mv`."""
    if input.ndim == 0:
        raise IndexError("mv(): expected a matrix, got a tensor without dimensions")
    if input.ndim != 2 or vec.ndim != 1:
        raise RuntimeError("vector + matrix @ vector expected, got other dimensions")
    fits = input._raw.shape[1] == vec._raw.shape[0]
    _check(
        input,
        vec,
        fits,
        f"size mismatch, got input ({input._raw.shape[0]}), mat "
        f"({input._raw.shape[0]}x{input._raw.shape[1]}), vec ({vec._raw.shape[0]})",
    )
    return apply(_mv, (input, vec), (), input.dtype)


@takes_out
def dot(input: Tensor, tensor: Tensor) -> Tensor:
    """Σ xᵢ yᵢ of two vectors. As `torch.dot`."""
    if input.ndim != 1 or tensor.ndim != 1:
        raise RuntimeError(f"1D tensors expected, but got {input.ndim}D and {tensor.ndim}D tensors")
    _check(
        input,
        tensor,
        input._raw.shape == tensor._raw.shape,
        f"inconsistent tensor size, expected tensor [{input._raw.size}] and src "
        f"[{tensor._raw.size}] to have the same number of elements",
    )
    return apply(_dot, (input, tensor), (), input.dtype)


def matmul(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The matrix product; a vector counts as a row on the left, as a column on the right.

    Leading dimensions are batches and broadcast. As `torch.matmul`.
    """
    result = _matmul_any(input, other)
    return result if out is None else _written(out, result)


def _matmul_any(x: Tensor, y: Tensor) -> Tensor:
    for each in (x, y):
        if not isinstance(each, Tensor):
            raise TypeError(f"matmul(): arguments must be Tensors, not {type(each).__name__}")
    if x.ndim == 0 or y.ndim == 0:
        raise RuntimeError(
            f"both arguments to matmul need to be at least 1D, but they are {x.ndim}D and {y.ndim}D"
        )
    if x.ndim == 1 and y.ndim == 1:
        return dot(x, y)
    if x.ndim == 2 and y.ndim == 1:
        return mv(x, y)
    if x.ndim == 1 and y.ndim == 2:
        return mm(x.unsqueeze(0), y).squeeze(0)
    if x.ndim == 2 and y.ndim == 2:
        return mm(x, y)
    if y.ndim <= 2 and x.ndim >= 3:
        rows = x.reshape(numel(x._raw.shape[:-1]), x._raw.shape[-1])
        flat = mv(rows, y) if y.ndim == 1 else mm(rows, y)
        return flat.reshape(*x._raw.shape[:-1], *y._raw.shape[1:])
    return _batched(x, y)


def _batched(x: Tensor, y: Tensor) -> Tensor:
    """One node: batches that are views are multiplied where they lie, and broadcast by strides."""
    left = x.unsqueeze(0) if x.ndim == 1 else x
    first, second = left._raw.shape, y._raw.shape
    if first[:-2] != second[:-2]:
        broadcast_shapes(first[:-2], second[:-2])
    _check(
        left,
        y,
        first[-1] == second[-2],
        f"Expected the last dimension of {list(first)} to be that before the last of "
        f"{list(second)}",
    )
    result = apply(_matmul, (left, y), ("UnsafeViewBackward0",), x.dtype)
    return result.squeeze(-2) if x.ndim == 1 else result


@takes_out(casts=True)
def outer(input: Tensor, vec2: Tensor) -> Tensor:
    """xᵢ yⱼ of two vectors. As `torch.outer`."""
    for name, each in (("input", input), ("vec2", vec2)):
        if each.ndim != 1:
            raise RuntimeError(
                f"outer: Expected 1-D argument {name}, but got {each.ndim}-D of shape "
                f"{list(each.shape)}"
            )
    return input.reshape(input.numel(), 1) * vec2
