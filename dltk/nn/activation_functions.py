"""Lab 4: activation functions that neither overflow nor give a gradient of NaN, and softmax.

Both branches of `where` are differentiated. What would overflow in the branch that is not taken
gives 0 · inf = NaN, so its argument is kept in range first.
"""

import math

from dltk.ops import pointwise
from dltk.ops.pointwise import exp, expm1, log1p, relu, sigmoid, tanh, where
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


def gelu(input, approximate="none"):
    """x · Φ(x), the normal distribution function; with `approximate="tanh"` a formula near it."""
    if approximate == "tanh":
        cube = input * input * input
        return 0.5 * input * (1 + tanh(math.sqrt(2 / math.pi) * (input + 0.044715 * cube)))
    return 0.5 * input * (1 + pointwise.erf(input * math.sqrt(0.5)))


def softmax(input, dim):
    """eˣ / Σ eˣ along `dim`; a shift by the largest x changes nothing and keeps eˣ in range."""
    powers = exp(input - input.detach().amax(dim, keepdim=True))
    return powers / powers.sum(dim, keepdim=True)


def log_softmax(input, dim):
    """ln softmax(x) along `dim`, computed without the softmax, which may be 0."""
    shifted = input - input.detach().amax(dim, keepdim=True)
    return shifted - exp(shifted).sum(dim, keepdim=True).log()
