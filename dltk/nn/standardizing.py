"""Standardizing as one operation with scale and shift: what layer and group normalization run on.

Standardizing is z = s (x - mean) with s = 1 / √(variance + eps). Its derivative in direction t is

    s (t - mean(t) - z mean(t z))

which is symmetric in what goes in and comes out, so it serves both modes.
"""

from __future__ import annotations

from dltk.autograd.vjp_rules import unbroadcast
from dltk.core.dispatch import apply
from dltk.core.primitive import Kept, Primitive
from dltk.core.tensor import Tensor
from dltk.nn.given_rules import give
from dltk.nn.normalization import standardize


def standardized(
    input: Tensor,
    weight: Tensor,
    bias: Tensor,
    folded: tuple[int, ...],
    dim: tuple[int, ...],
    wide: tuple[int, ...],
    eps: float,
    node: str,
) -> Tensor:
    """`input` in the shape `folded`, standardized over `dim`, then scaled and shifted.

    wide: the shape in which weight and bias are broadcast against the input.
    node: the name of the graph node.
    """
    params: tuple = (folded, dim, wide, eps, node, Kept())
    return apply(_standardized, (input, weight, bias), params, input.dtype)


def _kernel(ops, x, weight, bias, folded, dim, wide, eps, node, kept):
    kept[:] = standardize(ops, ops.reshape(x, folded), dim, eps)
    result = ops.reshape(kept[0], x.shape) * ops.reshape(weight, wide)
    result += ops.reshape(bias, wide)
    return result


def _again(ops, x, folded, dim, eps, kept):
    """z and s: for arrays what the kernel kept; for tensors once more, to be differentiated."""
    if isinstance(x, Tensor):
        return standardize(ops, ops.reshape(x, folded), dim, eps)
    return kept


def _derivative(ops, t, x, folded, dim, eps, kept):
    z, scale = _again(ops, x, folded, dim, eps, kept)
    t = ops.reshape(t, folded)
    centered = t - ops.mean(t, dim, True) - z * ops.mean(t * z, dim, True)
    return ops.reshape(centered * scale, x.shape)


def _vjp_x(ops, g, x, weight, folded, dim, wide, eps, kept):
    return _derivative(ops, g * ops.reshape(weight, wide), x, folded, dim, eps, kept)


def _vjp_weight(ops, g, x, weight_shape, folded, dim, wide, eps, kept):
    z, _ = _again(ops, x, folded, dim, eps, kept)
    return ops.reshape(unbroadcast(ops, g * ops.reshape(z, x.shape), wide), weight_shape)


def _vjp_bias(ops, g, bias_shape, wide):
    return ops.reshape(unbroadcast(ops, g, wide), bias_shape)


def _jvp_x(ops, t, x, weight, folded, dim, wide, eps, kept):
    return _derivative(ops, t, x, folded, dim, eps, kept) * ops.reshape(weight, wide)


def _jvp_weight(ops, t, x, folded, dim, wide, eps, kept):
    z, _ = _again(ops, x, folded, dim, eps, kept)
    return ops.reshape(z, x.shape) * ops.reshape(t, wide)


def _jvp_bias(ops, t, x_shape, wide):
    return ops.expand(ops.reshape(t, wide), x_shape)


_standardized = Primitive(
    "standardized",
    "x weight bias",
    _kernel,
    lambda folded, dim, wide, eps, node, kept: node,
    "folded dim wide eps node kept",
)
give(
    _standardized,
    vjps=(_vjp_x, _vjp_weight, _vjp_bias),
    jvps=(_jvp_x, _jvp_weight, _jvp_bias),
)
