"""The activation functions with all of torch's arguments, and as modules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dltk.core import dtypes
from dltk.core.inplace import in_place
from dltk.core.tensor import Tensor, wrap_dim
from dltk.nn import activation_functions as plain
from dltk.nn import one_node
from dltk.nn.module import Module
from dltk.nn.naming import named
from dltk.ops import pointwise
from dltk.ops.choice import where
from dltk.ops.pointwise import sigmoid, tanh


def _run(function: Callable, input: Tensor, inplace: bool, *args: Any) -> Tensor:
    _check_floating(input, function.__name__)
    return in_place(function, input, *args) if inplace else function(input, *args)


def _check_floating(input: Tensor, name: str) -> None:
    if not isinstance(input, Tensor):
        raise TypeError(f"{name}(): argument 'input' must be Tensor, not {type(input).__name__}")
    if not input.dtype.is_floating_point:
        raise NotImplementedError(
            f"\"{name}_cpu\" not implemented for '{dtypes.TITLES[input.dtype.name]}'"
        )


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """max(x, 0). As `torch.nn.functional.relu`."""
    return input.relu_() if inplace else pointwise.relu(input)


@named("LeakyReluBackward0")
def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """x where x > 0, else `negative_slope` · x. As `torch.nn.functional.leaky_relu`."""
    return _run(plain.leaky_relu, input, inplace, negative_slope)


@named("EluBackward0")
def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """x where x > 0, else `alpha` · (eˣ - 1). As `torch.nn.functional.elu`."""
    return _run(plain.elu, input, inplace, alpha)


def gelu(input: Tensor, approximate: str = "none") -> Tensor:
    """x · Φ(x), exact or with `approximate="tanh"`. As `torch.nn.functional.gelu`."""
    if approximate not in ("none", "tanh"):
        raise RuntimeError("approximate argument must be either none or tanh.")
    return _run(one_node.gelu, input, False, approximate)


@named("SiluBackward0")
def silu(input: Tensor, inplace: bool = False) -> Tensor:
    """x · sigmoid(x). As `torch.nn.functional.silu`."""
    return _run(plain.silu, input, inplace)


@named("SoftplusBackward0")
def softplus(input: Tensor, beta: float = 1.0, threshold: float = 20.0) -> Tensor:
    """ln(1 + e^(βx)) / β. As `torch.nn.functional.softplus`."""
    return _run(plain.softplus, input, False, beta, threshold)


@named("HardtanhBackward0")
def hardtanh(
    input: Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False
) -> Tensor:
    """x kept within the bounds, at which the slope is 0. As `torch.nn.functional.hardtanh`.

    Raises:
        ValueError: `min_val` is above `max_val`.
    """
    if min_val > max_val:
        raise ValueError("min_val cannot be greater than max_val")
    if not input.dtype.is_floating_point:
        min_val, max_val = int(min_val), int(max_val)
    if inplace:
        return in_place(_hardtanh, input, min_val, max_val)
    return _hardtanh(input, min_val, max_val)


def _hardtanh(input: Any, min_val: float, max_val: float) -> Tensor:
    bounded_above = where(input >= max_val, max_val, input)
    return where(input <= min_val, min_val, bounded_above)


def softmax(input: Tensor, dim: int | None = None, dtype: Any = None) -> Tensor:
    """eˣ / Σ eˣ along `dim`. As `torch.nn.functional.softmax`."""
    return _normalized(one_node.softmax, input, dim, dtype)


def log_softmax(input: Tensor, dim: int | None = None, dtype: Any = None) -> Tensor:
    """The logarithm of softmax. As `torch.nn.functional.log_softmax`."""
    return _normalized(one_node.log_softmax, input, dim, dtype)


def _normalized(function: Callable, input: Tensor, dim: int | None, dtype: Any) -> Tensor:
    if dtype is not None:
        input = input.to(dtype)
    _check_floating(input, function.__name__)
    if dim is None:
        # What torch takes, with a warning, where none is given.
        dim = 0 if input.ndim in (0, 1, 3) else 1
    dim = wrap_dim(dim, input.ndim)
    if input.numel() == 0:
        return input.clone()
    if input.ndim == 0:
        return function(input.unsqueeze(0), dim).squeeze(0)
    return function(input, dim)


class _InPlace(Module):
    def __init__(self, inplace: bool = False):
        super().__init__()
        self.inplace = inplace

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""


class ReLU(_InPlace):
    """As `torch.nn.ReLU`."""

    def forward(self, input: Tensor) -> Tensor:
        return relu(input, self.inplace)


class SiLU(_InPlace):
    """As `torch.nn.SiLU`."""

    def forward(self, input: Tensor) -> Tensor:
        return silu(input, self.inplace)


class LeakyReLU(_InPlace):
    """As `torch.nn.LeakyReLU`."""

    def __init__(self, negative_slope: float = 1e-2, inplace: bool = False):
        super().__init__(inplace)
        self.negative_slope = negative_slope

    def forward(self, input: Tensor) -> Tensor:
        return leaky_relu(input, self.negative_slope, self.inplace)

    def extra_repr(self) -> str:
        return f"negative_slope={self.negative_slope}" + (", inplace=True" * self.inplace)


class ELU(_InPlace):
    """As `torch.nn.ELU`."""

    def __init__(self, alpha: float = 1.0, inplace: bool = False):
        super().__init__(inplace)
        self.alpha = alpha

    def forward(self, input: Tensor) -> Tensor:
        return elu(input, self.alpha, self.inplace)

    def extra_repr(self) -> str:
        return f"alpha={self.alpha}" + (", inplace=True" * self.inplace)


class Hardtanh(_InPlace):
    """As `torch.nn.Hardtanh`."""

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False):
        super().__init__(inplace)
        if max_val <= min_val:
            raise AssertionError(f"max_val must be larger than min_val, got {max_val}, {min_val}")
        self.min_val, self.max_val = min_val, max_val

    def forward(self, input: Tensor) -> Tensor:
        return hardtanh(input, self.min_val, self.max_val, self.inplace)

    def extra_repr(self) -> str:
        bounds = f"min_val={self.min_val}, max_val={self.max_val}"
        return bounds + (", inplace=True" * self.inplace)


class GELU(Module):
    """As `torch.nn.GELU`."""

    def __init__(self, approximate: str = "none"):
        super().__init__()
        self.approximate = approximate

    def forward(self, input: Tensor) -> Tensor:
        return gelu(input, self.approximate)

    def extra_repr(self) -> str:
        return f"approximate={self.approximate!r}"


class Softplus(Module):
    """As `torch.nn.Softplus`."""

    def __init__(self, beta: float = 1.0, threshold: float = 20.0):
        super().__init__()
        self.beta, self.threshold = beta, threshold

    def forward(self, input: Tensor) -> Tensor:
        return softplus(input, self.beta, self.threshold)

    def extra_repr(self) -> str:
        return f"beta={self.beta}, threshold={self.threshold}"


class Sigmoid(Module):
    """As `torch.nn.Sigmoid`."""

    def forward(self, input: Tensor) -> Tensor:
        return sigmoid(input)


class Tanh(Module):
    """As `torch.nn.Tanh`."""

    def forward(self, input: Tensor) -> Tensor:
        return tanh(input)


class Softmax(Module):
    """As `torch.nn.Softmax`."""

    def __init__(self, dim: int | None = None):
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        return softmax(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class LogSoftmax(Module):
    """As `torch.nn.LogSoftmax`."""

    def __init__(self, dim: int | None = None):
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        return log_softmax(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"
