"""The activation functions of lab 4 that torch records as one operation.

The lab's function is the kernel; the derivative is a rule, as for every operation.
"""

from __future__ import annotations

import math

from dltk.core.dispatch import apply
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor
from dltk.nn import activation_functions, gelu_slope
from dltk.nn.given_rules import give


def _softmax_x(ops, g, z, dim):
    return z * (g - ops.sum(g * z, dim, True))


_softmax = Primitive("softmax", "x", activation_functions.softmax, "SoftmaxBackward0", "dim")
give(_softmax, (_softmax_x,), (_softmax_x,))


def softmax(input: Tensor, dim: int) -> Tensor:
    """The softmax of a lab as one node."""
    return apply(_softmax, (input,), (dim,), input.dtype)


_log_softmax = Primitive(
    "log_softmax",
    "x",
    activation_functions.log_softmax,
    "LogSoftmaxBackward0",
    "dim",
)
give(
    _log_softmax,
    (lambda ops, g, z, dim: g - ops.exp(z) * ops.sum(g, dim, True),),
    (lambda ops, t, z, dim: t - ops.sum(ops.exp(z) * t, dim, True),),
)


def log_softmax(input: Tensor, dim: int) -> Tensor:
    """The log-softmax of a lab as one node."""
    return apply(_log_softmax, (input,), (dim,), input.dtype)


_GELU = math.sqrt(2 / math.pi), 0.044715


def _gelu_slope(ops, x, approximate):
    """The derivative of gelu: Φ(x) + x φ(x), or that of the formula with tanh."""
    if approximate == "tanh":
        scale, cubic = _GELU
        squared = x * x
        bend = ops.tanh(x * (scale + (scale * cubic) * squared))
        inner = scale + (3 * scale * cubic) * squared
        return 0.5 * (1 + bend) * (1 + (1 - bend) * (x * inner))
    density = ops.exp(-0.5 * (x * x)) * (1 / math.sqrt(2 * math.pi))
    return 0.5 * (1 + ops.erf(x * math.sqrt(0.5))) + x * density


def _gelu_x(ops, g, x, approximate):
    if approximate == "tanh" and not isinstance(x, Tensor):
        return gelu_slope.times_slope(ops.xp, g, x)
    return g * _gelu_slope(ops, x, approximate)


_gelu = Primitive("gelu", "x", activation_functions.gelu, "GeluBackward0", "approximate")
give(_gelu, (_gelu_x,), (_gelu_x,))


def gelu(input: Tensor, approximate: str) -> Tensor:
    """The GELU of a lab as one node."""
    return apply(_gelu, (input,), (approximate,), input.dtype)
