"""The bilinear layer: each output is a quadratic form of two inputs."""

from __future__ import annotations

import math
from typing import Any

from dltk.core.tensor import Tensor
from dltk.nn import init
from dltk.nn.affine import linear
from dltk.nn.module import Module
from dltk.nn.parameter import Parameter
from dltk.ops.create import empty


def bilinear(input1: Any, input2: Any, weight: Any, bias: Any = None) -> Tensor:
    """x₁ᵀ W x₂ + b: (…, in1), (…, in2) and `weight` (out, in1, in2) give (…, out).

    Raises:
        RuntimeError: the leading dimensions or the features do not fit.
    """
    if (
        input1.shape[:-1] != input2.shape[:-1]
        or (input1.shape[-1], input2.shape[-1]) != weight.shape[1:]
    ):
        raise RuntimeError(
            "bilinear(): inputs (…, in1) and (…, in2) must agree in their leading dimensions and "
            f"with the weight (out, in1, in2), got {input1.shape}, {input2.shape} and weight "
            f"{weight.shape}"
        )
    products = input1.unsqueeze(-1) * input2.unsqueeze(-2)
    return linear(products.flatten(-2), weight.flatten(1), bias)


class Bilinear(Module):
    """x₁ᵀ W x₂ + b with `weight` (out, in1, in2). As `torch.nn.Bilinear`."""

    def __init__(
        self,
        in1_features: int,
        in2_features: int,
        out_features: int,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ):
        super().__init__()
        if in1_features <= 0:
            raise ValueError(f"in1_features must be > 0, but got {in1_features}")
        sizes = in1_features, in2_features, out_features
        self.in1_features, self.in2_features, self.out_features = sizes
        self.weight = Parameter(
            empty(out_features, in1_features, in2_features, device=device, dtype=dtype)
        )
        self.register_parameter(
            "bias", Parameter(empty(out_features, device=device, dtype=dtype)) if bias else None
        )
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the initial values: uniform on ±1/√in1."""
        bound = 1 / math.sqrt(self.in1_features)
        for each in self.parameters():
            init.uniform_(each, -bound, bound)

    def forward(self, input1: Tensor, input2: Tensor) -> Tensor:
        return bilinear(input1, input2, self.weight, self.bias)

    def extra_repr(self) -> str:
        return (
            f"in1_features={self.in1_features}, in2_features={self.in2_features}, "
            f"out_features={self.out_features}, bias={self.bias is not None}"
        )
