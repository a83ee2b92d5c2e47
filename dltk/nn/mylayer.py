"""Lab 4: a layer that no library has."""

import math

from dltk.nn import init
from dltk.nn.module import Module
from dltk.nn.parameter import Parameter
from dltk.ops.create import empty
from dltk.ops.matrix import matmul
from dltk.ops.pointwise import sqrt


class MyLayer(Module):
    """√(x² + b) W with `weight` W (in, out) and `bias` b (in); √(x²) W with `bias=False`.

    The weight starts uniform on ±1/√in and is drawn first. The bias starts uniform on [0, 1/√in):
    a negative one would put a negative number under the root.
    """

    def __init__(self, in_features, out_features, bias=True):
        """File both parameters; with `bias=False` the name `bias` is kept for `None`."""
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        bound = 1 / math.sqrt(in_features)
        self.weight = Parameter(init.uniform_(empty(in_features, out_features), -bound, bound))
        self.register_parameter(
            "bias", Parameter(init.uniform_(empty(in_features), 0, bound)) if bias else None
        )

    def forward(self, input):
        """`input` (…, in); the result is (…, out)."""
        squares = input * input
        if self.bias is not None:
            squares = squares + self.bias
        return matmul(sqrt(squares), self.weight)

    def extra_repr(self):
        """What stands between the parentheses when the layer is printed, in torch's form:

        `in_features=3, out_features=2, bias=True`
        """
        sizes = f"in_features={self.in_features}, out_features={self.out_features}"
        return f"{sizes}, bias={self.bias is not None}"
