"""The linear layer as one operation of the graph."""

from __future__ import annotations

import math
from typing import Any

from dltk.core import dtypes
from dltk.core.dispatch import apply
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor
from dltk.nn import linear as lab
from dltk.nn.given_rules import give
from dltk.ops.matrix import matmul
from dltk.ops.pointwise import plus


def _rows(ops: Any, x: Any) -> Any:
    """x with its leading dimensions as one: a matrix."""
    *leading, width = x.shape
    return x if len(leading) == 1 else ops.reshape(x, (math.prod(leading), width))


def _linear_x(ops, g, x_shape, weight):
    return ops.reshape(ops.matmul(_rows(ops, g), weight), x_shape)


def _linear_weight(ops, g, x):
    return ops.matmul(ops.transpose(_rows(ops, g), 0, 1), _rows(ops, x))


def _linear_x_tangent(ops, t, weight):
    return ops.matmul(t, ops.transpose(weight, 0, 1))


def _linear_weight_tangent(ops, t, x):
    return ops.matmul(x, ops.transpose(t, 0, 1))


_linear = Primitive(
    "linear",
    "x weight",
    lambda ops, x, weight, node: lab.linear(ops, x, weight),
    lambda node: node,
    "node",
)
give(_linear, (_linear_x, _linear_weight), (_linear_x_tangent, _linear_weight_tangent))

_affine = Primitive(
    "affine",
    "x weight bias",
    lambda ops, x, weight, bias, node: lab.linear(ops, x, weight, bias),
    lambda node: node,
    "node",
)
give(
    _affine,
    (_linear_x, _linear_weight, lambda ops, g: g),
    (_linear_x_tangent, _linear_weight_tangent, lambda ops, t: t),
)


def linear(input: Tensor, weight: Any, bias: Tensor | None = None) -> Tensor:
    """x Wᵀ + b for x (…, in), W (out, in) and b (out). As `torch.nn.functional.linear`.

    Raises:
        RuntimeError: the last dimension of `input` is not that of `weight`, the bias does not
            broadcast to the result, or dtypes differ.
    """
    _check(input, weight, bias)
    if weight.ndim == 1 or input.dtype.category != dtypes.FLOAT:
        result = matmul(input, weight.t())
        return result if bias is None else plus(result, bias)
    # The outermost of torch's nodes; there, more dimensions than two are views of a matrix.
    matrix = input.ndim == 2
    if bias is None:
        name = "MmBackward0" if matrix else "UnsafeViewBackward0"
        return apply(_linear, (input, weight), (name,), input.dtype)
    name = "AddmmBackward0" if matrix else "ViewBackward0"
    return apply(_affine, (input, weight, bias), (name,), input.dtype)


def _check(input: Any, weight: Any, bias: Any) -> None:
    for name, each in (("input", input), ("weight", weight), ("bias", bias)):
        if not isinstance(each, Tensor) and (each is not None or name != "bias"):
            raise TypeError(
                f"linear(): argument '{name}' must be Tensor, not {type(each).__name__}"
            )
    shape, matrix = input._raw.shape, weight._raw.shape
    if not shape or len(matrix) not in (1, 2):
        raise RuntimeError(
            f"linear() expects an input of shape (…, in) and a weight of shape (out, in), "
            f"got {list(shape)} and {list(matrix)}"
        )
    if shape[-1] != matrix[-1]:
        rows = input._raw.size // max(shape[-1], 1)
        raise RuntimeError(
            f"mat1 and mat2 shapes cannot be multiplied ({rows}x{shape[-1]} and "
            f"{'x'.join(map(str, reversed(matrix)))}): an input of shape {list(shape)} does not "
            f"fit a weight of shape {list(matrix)}"
        )
    for name, each in (("weight", weight), ("bias", bias)):
        if each is not None and each.dtype is not input.dtype:
            raise RuntimeError(
                f"linear(): input and {name} must have the same dtype, "
                f"but got {input.dtype} and {each.dtype}"
            )
    if bias is not None and bias._raw.shape not in (matrix[:1], (), (1,), (1, matrix[0])):
        raise RuntimeError(
            f"linear(): a bias of shape {list(bias._raw.shape)} does not fit a weight of shape "
            f"{list(matrix)}"
        )
