"""Variances, products and logarithms of sums: reductions with derivatives of their own."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from dltk.core import dtypes
from dltk.core.dispatch import apply
from dltk.core.dtypes import DType, get_default_dtype
from dltk.core.inplace import into
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor, wrap, wrap_dim, wrap_dims
from dltk.ops.out import takes_out


def _variance(ops, x, dim, correction, keepdim, node):
    count = builtins.max(_count(x.shape, dim) - correction, 0)
    deviation = x - ops.mean(x, dim, True)
    return ops.sum(deviation * deviation, dim, keepdim) / x.dtype.type(count)


def _root_of_variance(ops, x, *how):
    # Squares of float16 numbers soon exceed the dtype, though their root does not.
    wide = x.astype(ops.xp.result_type(x, ops.xp.float32), copy=False)
    return ops.sqrt(_variance(ops, wide, *how)).astype(x.dtype)


def _count(shape: tuple[int, ...], dims: tuple[int, ...]) -> int:
    count = 1
    for d in dims:
        count *= shape[d]
    return count


_var = Primitive(
    "var",
    "x",
    _variance,
    lambda dim, correction, keepdim, node: node,
    "dim correction keepdim node",
)
_std = Primitive(
    "std",
    "x",
    _root_of_variance,
    "StdBackward0",
    "dim correction keepdim node",
)
_prod = Primitive(
    "prod",
    "x",
    lambda ops, x, dim, keepdim: ops.xp.prod(x, axis=dim, keepdims=keepdim),
    lambda dim, keepdim: "ProdBackward0" if dim is None else "ProdBackward1",
    "dim keepdim",
)
_cumprod = Primitive(
    "cumprod", "x", lambda ops, x, dim: ops.xp.cumprod(x, axis=dim), "CumprodBackward0", "dim"
)


def _log_of_sum(ops, x, dim, keepdim):
    shift = ops.xp.maximum.reduce(x, axis=dim, keepdims=True, initial=-ops.xp.inf)
    shift = ops.where(ops.isfinite(shift), shift, ops.xp.zeros_like(shift))
    total = ops.log(ops.sum(ops.exp(x - shift), dim, True)) + shift
    return total if keepdim else ops.sum(total, dim)


_logsumexp = Primitive("logsumexp", "x", _log_of_sum, "LogsumexpBackward0", "dim keepdim")


def _spread(
    primitive: Primitive, input: Tensor, dim: Any, unbiased: Any, keepdim: bool, correction: Any,
    node: str,
) -> Tensor:  # fmt: skip
    if not isinstance(input, Tensor):
        raise TypeError(f"argument 'input' must be Tensor, not {type(input).__name__}")
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    if unbiased is not None and correction is not None:
        raise TypeError(f"{primitive.name}() takes `unbiased` or `correction`, not both")
    if not input.dtype.is_floating_point:
        raise RuntimeError("std and var only support floating point and complex dtypes")
    if correction is None:
        correction = 1 if unbiased is None else int(unbiased)
    dims = wrap_dims(None if dim == () or dim == [] else dim, input.ndim)
    return apply(primitive, (input,), (dims, correction, keepdim, node), input.dtype)


def var(
    input: Tensor, dim: Any = None, unbiased: bool | None = None, keepdim: bool = False, *,
    correction: float | None = None, out: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """The mean squared distance from the mean; `correction` 1 is unbiased. As `torch.var`."""
    result = _spread(_var, input, dim, unbiased, keepdim, correction, "VarBackward0")
    return result if out is None else into(out, result)


def std(
    input: Tensor, dim: Any = None, unbiased: bool | None = None, keepdim: bool = False, *,
    correction: float | None = None, out: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """The root of `var`. As `torch.std`."""
    result = _spread(_std, input, dim, unbiased, keepdim, correction, "StdBackward0")
    return result if out is None else into(out, result)


def var_mean(
    input: Tensor, dim: Any = None, unbiased: bool | None = None, keepdim: bool = False, *,
    correction: float | None = None,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """The variance and the mean. As `torch.var_mean`."""
    variance = _spread(_var, input, dim, unbiased, keepdim, correction, "VarMeanBackward0")
    chosen = None if isinstance(dim, bool) or dim == () else dim
    return variance, input.mean(chosen, keepdim)


@takes_out
def prod(
    input: Tensor, dim: int | None = None, keepdim: bool = False, *, dtype: DType | None = None
) -> Tensor:
    """The product of the elements; integers give int64. As `torch.prod`."""
    if dtype is not None:
        input = input.to(dtype)
    elif not input.dtype.is_floating_point:
        input = input.to(dtypes.int64)
    axis = None if dim is None else wrap_dim(dim, input.ndim)
    if axis is not None and input.ndim == 0:
        input, axis, keepdim = input.reshape(1), 0, False
    return apply(_prod, (input,), (axis, keepdim), input.dtype)


@takes_out(casts=True)
def cumprod(input: Tensor, dim: int, *, dtype: DType | None = None) -> Tensor:
    """The running product along `dim`; integers give int64. As `torch.cumprod`."""
    if dtype is not None:
        input = input.to(dtype)
    elif not input.dtype.is_floating_point:
        input = input.to(dtypes.int64)
    axis = wrap_dim(dim, input.ndim)
    if input.ndim == 0:
        return input.clone()
    return apply(_cumprod, (input,), (axis,), input.dtype)


def logsumexp(
    input: Tensor, dim: Any, keepdim: bool = False, *, out: Tensor | None = None
) -> Tensor:
    """ln Σ eˣ, shifted by the largest element so that nothing overflows. As `torch.logsumexp`."""
    if not input.dtype.is_floating_point:
        input = input.to(get_default_dtype())
    if dim == () and input.ndim:
        raise RuntimeError(f"logsumexp(): no dimension is given for shape {list(input.shape)}")
    dims = wrap_dims(dim, input.ndim)
    result = apply(_logsumexp, (input,), (dims, keepdim), input.dtype)
    return result if out is None else into(out, result)


def bincount(input: Tensor, weights: Tensor | None = None, minlength: int = 0) -> Tensor:
    """How often each number from 0 on occurs, or its weights' sum. As `torch.bincount`."""
    raw = input._raw
    if input.dtype.is_floating_point:
        raise NotImplementedError(f'"bincount_cpu" not implemented for {input.dtype}')
    if input.ndim != 1 or input.dtype.category != dtypes.INTEGER or (raw.size and raw.min() < 0):
        raise RuntimeError("bincount only supports 1-d non-negative integral inputs.")
    if minlength < 0:
        raise RuntimeError("minlength should be >= 0")
    if weights is None:
        return wrap(np.bincount(raw, minlength=minlength).astype(np.int64), dtypes.int64)
    if weights._raw.shape != raw.shape:
        raise RuntimeError("weights should be 1-d and have the same length as input")
    dtype = weights.dtype if weights.dtype is dtypes.float32 else dtypes.float64
    summed = np.bincount(raw, weights._raw, minlength)
    return wrap(summed.astype(dtype.numpy), dtype)
