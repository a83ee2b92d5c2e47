"""Lab 4: activation functions that neither overflow nor give a gradient of NaN, and softmax.

The first four run on tensors and are differentiated as they are written. Both branches of `where`
are differentiated: what would overflow in the branch that is not taken gives 0 · inf = NaN, so its
argument is kept in range first.

The others run on raw arrays; `ops` has functions of torch's names, such as `ops.exp(x)` and
`ops.sum(x, dim, keepdim)`. Their derivatives are given.
"""

import math

from dltk.ops.choice import where
from dltk.ops.pointwise import exp, expm1, log1p, relu, sigmoid
from dltk.ops.ternary import clamp


def leaky_relu(input, negative_slope=0.01):
    """x where x > 0, else `negative_slope` · x."""
    return where(input > 0, input, negative_slope * input)


def elu(input, alpha=1.0):
    """x where x > 0, else `alpha` · (eˣ - 1)."""
    return where(input > 0, input, alpha * expm1(clamp(input, max=0)))


def softplus(input, beta=1.0, threshold=20.0):
    """ln(1 + e^(βx)) / β, and x itself where βx > `threshold`."""
    scaled = input * beta
    minus_size = where(scaled > 0, -scaled, scaled)
    smooth = (relu(scaled) + log1p(exp(minus_size))) / beta
    return where(scaled > threshold, input, smooth)


def silu(input):
    """x · sigmoid(x)."""
    return input * sigmoid(input)


def gelu(ops, x, approximate):
    """x · Φ(x), the normal distribution function; with `approximate="tanh"` a formula near it."""
    if approximate == "tanh":
        scale = math.sqrt(2 / math.pi)
        return 0.5 * x * (1 + ops.tanh(x * (scale + scale * 0.044715 * (x * x))))
    return 0.5 * x * (1 + ops.erf(x * math.sqrt(0.5)))


def softmax(ops, x, dim):
    """eˣ / Σ eˣ along `dim`; a shift by the largest x changes nothing and keeps eˣ in range."""
    powers = ops.exp(x - ops.amax(x, dim, True))
    return powers / ops.sum(powers, dim, True)


def log_softmax(ops, x, dim):
    """ln softmax(x) along `dim`, computed without the softmax, which may be 0."""
    shifted = x - ops.amax(x, dim, True)
    return shifted - ops.log(ops.sum(ops.exp(shifted), dim, True))
