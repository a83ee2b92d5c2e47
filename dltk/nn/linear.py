"""Lab 4: the linear layer."""

import math

from dltk.nn import functional, init
from dltk.nn.module import Module
from dltk.nn.parameter import Parameter
from dltk.ops.create import empty


def linear(ops, x, weight, bias=None):
    """x Wᵀ + b: x (…, in), `weight` (out, in), `bias` (out), result (…, out).

    It runs on raw arrays; `ops` has functions of torch's names. Its derivative is given.
    """
    result = ops.matmul(x, ops.transpose(weight, 0, 1))
    if bias is not None:
        result += bias
    return result


class Linear(Module):
    """x Wᵀ + b with `weight` (out, in) and `bias` (out), which is `None` with `bias=False`.

    Both start uniform on ±1/√in: the weight is drawn first.
    """

    def __init__(self, in_features, out_features, bias=True, device=None, dtype=None):
        """File both parameters, and draw their values by `reset_parameters`.

        Given: `empty(*sizes, device=device, dtype=dtype)`, memory for a Parameter. With
        `bias=False` the name `bias` is kept: `register_parameter("bias", None)`.
        """
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        self.weight = Parameter(empty(out_features, in_features, device=device, dtype=dtype))
        if bias:
            self.bias = Parameter(empty(out_features, device=device, dtype=dtype))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self):
        """Draw the initial values, in place.

        `init.kaiming_uniform_(weight, a)` is uniform on ±√(6 / ((1 + a²) · in)), and is what torch
        calls, so that its weights agree to the last bit; `init.uniform_(bias, low, high)`.
        """
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            bound = 1 / math.sqrt(self.in_features) if self.in_features > 0 else 0
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input):
        """`input` (…, in); `functional.linear` runs `linear` on tensors, as one operation."""
        return functional.linear(input, self.weight, self.bias)

    def extra_repr(self):
        """Given."""
        return (
            f"in_features={self.in_features}, out_features={self.out_features}, "
            f"bias={self.bias is not None}"
        )
