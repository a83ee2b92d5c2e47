"""Questions about a tensor, and questions about each of its elements that are asked less often."""

from __future__ import annotations

from typing import Any

import numpy as np

from dltk.core import dtypes
from dltk.core.located import located
from dltk.core.tensor import Tensor, wrap
from dltk.ops.compare import predicate
from dltk.ops.out import takes_out

__all__ = [
    "is_complex", "is_floating_point", "is_inference", "is_nonzero", "is_same_size", "is_signed",
    "isin", "isneginf", "isposinf", "isreal",
]  # fmt: skip


def is_floating_point(input: Tensor) -> bool:
    """Whether the elements are floating-point numbers. As `torch.is_floating_point`."""
    return input.dtype.is_floating_point


def is_complex(input: Tensor) -> bool:
    """False: complex numbers are not in dltk's scope. As `torch.is_complex`."""
    return False


def is_signed(input: Tensor) -> bool:
    """Whether the dtype has negative numbers. As `torch.Tensor.is_signed`."""
    return input.dtype.is_signed


def is_inference(input: Tensor) -> bool:
    """Whether the tensor was made in inference mode. As `torch.is_inference`."""
    return input._is_inference


def is_nonzero(input: Tensor) -> bool:
    """Whether the only element is not zero. As `torch.is_nonzero`.

    Raises:
        RuntimeError: the tensor has not one element.
    """
    return bool(input)


def is_same_size(input: Tensor, other: Tensor) -> bool:
    """Whether the shapes are the same."""
    return input._raw.shape == other._raw.shape


@takes_out(elementwise=True)
def isposinf(input: Tensor) -> Tensor:
    """Whether each element is +∞. As `torch.isposinf`."""
    return predicate(input, lambda x: x == np.inf)


@takes_out(elementwise=True)
def isneginf(input: Tensor) -> Tensor:
    """Whether each element is -∞. As `torch.isneginf`."""
    return predicate(input, lambda x: x == -np.inf)


@located
def isreal(input: Tensor) -> Tensor:
    """Whether each element is a real number, as all of dltk's are. As `torch.isreal`."""
    return predicate(input, lambda x: np.ones(x.shape, bool))


@takes_out
def isin(
    elements: Any, test_elements: Any, *, assume_unique: bool = False, invert: bool = False
) -> Tensor:
    """Whether each element is among `test_elements`. As `torch.isin`."""
    first, second = (
        each._raw if isinstance(each, Tensor) else each for each in (elements, test_elements)
    )
    for each in (elements, test_elements):
        if isinstance(each, Tensor) and each.dtype is dtypes.bool_:
            raise RuntimeError("Unsupported input type encountered for isin(): Bool")
    return wrap(np.asarray(np.isin(first, second, invert=invert)), dtypes.bool_)
