"""Norms of the elements of a tensor."""

from __future__ import annotations

from typing import Any

import numpy as np

from dltk.core import dtypes
from dltk.core.dispatch import finish
from dltk.core.located import located
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor, wrap, wrap_dims
from dltk.ops.reduce import amax, amin, sum

__all__ = ["norm"]

_norm = Primitive(
    "norm",
    "x",
    lambda ops, x, dim, keepdim, order: (ops.abs(x) ** order).sum(dim, keepdims=keepdim),
    "LinalgVectorNormBackward0",
    "dim keepdim order",
)


@located
def norm(input: Tensor, p: float | str = 2, dim=None, keepdim: bool = False) -> Tensor:
    """The p-norm of all elements, or along `dim`. As `torch.norm`."""
    if not input.dtype.is_floating_point:
        raise RuntimeError(
            "linalg.vector_norm: Expected a floating point or complex tensor as input. Got "
            f"{dtypes.TITLES[input.dtype.name]}"
        )
    order = 2.0 if p == "fro" else float(p)
    dim = None if dim == () or dim == [] else dim
    if order < 0 or order == float("inf"):
        _check_not_empty(input, order, dim)
    size = input.abs()
    if order == float("inf"):
        return amax(size, () if dim is None else dim, keepdim)
    if order == float("-inf"):
        return amin(size, () if dim is None else dim, keepdim)
    if order == 1:
        return sum(size, dim, keepdim)
    return apply_norm(input, order, dim, keepdim)


def _check_not_empty(input: Tensor, order: float, dim: Any) -> None:
    if not all(input._raw.shape[d] for d in wrap_dims(dim, input._raw.ndim)):
        raise RuntimeError(
            f"linalg.vector_norm cannot compute the {order:g} norm on an empty tensor because the "
            f"operation does not have an identity: shape {list(input._raw.shape)}, dim {dim}"
        )


def apply_norm(input: Tensor, order: float, dim, keepdim: bool) -> Tensor:
    dims = wrap_dims(dim, input._raw.ndim)
    # Squares of float16 numbers soon exceed the dtype, though their root does not.
    size = np.abs(input._raw).astype(np.result_type(input._raw, np.float32), copy=False)
    if order == 0:
        raw = np.sum(size != 0, axis=dims, keepdims=keepdim)
    else:
        raw = np.sum(size**order, axis=dims, keepdims=keepdim) ** (1 / order)
    result = wrap(np.asarray(raw, input.dtype.numpy)[()], input.dtype)
    return finish(_norm, (input,), (dims, keepdim, order), result)
