"""Dropout with torch's arguments, of elements and of whole channels, and as modules."""

from __future__ import annotations

import warnings
from typing import Any

from dltk.core.inplace import in_place
from dltk.core.tensor import Tensor
from dltk.nn import dropout as plain
from dltk.nn.module import Module


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Each element 0 with probability `p`, else x / (1 - p). As `torch.nn.functional.dropout`.

    Raises:
        ValueError: `p` is not between 0 and 1.
        RuntimeError: the input has integers, which cannot hold x / (1 - p).
    """
    _check(input, p, training, "dropout")
    return _run(plain.dropout, input, p, training, inplace)


def dropout2d(
    input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
) -> Tensor:
    """As `dropout`, for each channel of `input` (N, C, …) as a whole.

    As `torch.nn.functional.dropout2d`.
    """
    _check(input, p, training, "dropout2d")
    if training and p > 0 and input.ndim < 2:
        raise RuntimeError(
            f"dropout2d: expected an input of at least 2 dimensions, got {list(input.shape)}"
        )
    if input.ndim not in (3, 4):
        warnings.warn(
            f"dropout2d: received a {input.ndim}-D input, where (N, C, H, W) is expected",
            stacklevel=2,
        )
    if input.ndim == 3:
        warnings.warn(
            "dropout2d: a 3-D input is taken for (N, C, L), so that channels are its second "
            "dimension",
            stacklevel=2,
        )
    return _run(_drop_channels, input, p, training, inplace)


def _drop_channels(input: Tensor, p: float, training: bool) -> Tensor:
    if p == 0 or not training:
        return input
    channels = input.new_ones(*input.shape[:2], *(1,) * (input.ndim - 2))
    return input * plain.dropout(channels, p, training)


def _run(function: Any, input: Tensor, p: float, training: bool, inplace: bool) -> Tensor:
    if inplace and training and p > 0:
        return in_place(function, input, p, training)
    return function(input, p, training)


def _check_probability(p: float) -> None:
    if p < 0 or p > 1:
        raise ValueError(f"dropout probability p has to be between 0 and 1, but got {p}")


def _check(input: Any, p: float, training: bool, name: str) -> None:
    _check_probability(p)
    if not isinstance(input, Tensor):
        raise TypeError(f"{name}(): argument 'input' must be Tensor, not {type(input).__name__}")
    if training and 0 < p < 1 and not input.dtype.is_floating_point:
        raise RuntimeError(
            f"{name}: expected input of a floating-point dtype, got {input.dtype}, to which a "
            "result of floating point can't be cast"
        )


class _Dropout(Module):
    def __init__(self, p: float = 0.5, inplace: bool = False):
        super().__init__()
        _check_probability(p)
        self.p = p
        self.inplace = inplace

    def extra_repr(self) -> str:
        return f"p={self.p}, inplace={self.inplace}"


class Dropout(_Dropout):
    """As `torch.nn.Dropout`."""

    def forward(self, input: Tensor) -> Tensor:
        return dropout(input, self.p, self.training, self.inplace)


class Dropout2d(_Dropout):
    """As `torch.nn.Dropout2d`."""

    def forward(self, input: Tensor) -> Tensor:
        return dropout2d(input, self.p, self.training, self.inplace)
