"""What transforms ask of pictures, and any function as a transform."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dltk.core.tensor import Tensor


class Lambda:
    """Any function as a transform; `TypeError` if it is none."""

    def __init__(self, lambd: Callable):
        if not callable(lambd):
            raise TypeError(f"Argument lambd should be callable, got {type(lambd).__name__}")
        self.lambd = lambd

    def __call__(self, picture: Any) -> Any:
        return self.lambd(picture)


def pixels_of(picture: Any) -> np.ndarray:
    """A copy of a picture as an array of HxWxC; one of HxW has one channel.

    Raises:
        TypeError: not an array or a picture that becomes one.
        ValueError: not 2 or 3 dimensions.
    """
    if isinstance(picture, Tensor) or not hasattr(picture, "__array__"):
        raise TypeError(f"a picture should be an ndarray, got {type(picture).__name__}")
    pixels = np.array(picture)
    if pixels.ndim not in (2, 3):
        raise ValueError(f"a picture has 2 or 3 dimensions, got {pixels.ndim}")
    return pixels[:, :, None] if pixels.ndim == 2 else pixels


def check_normalizable(picture: Any, std: Any) -> None:
    """Refuse what cannot be normalized.

    Raises:
        TypeError: not a tensor of floats.
        ValueError: fewer than 3 dimensions, or a `std` of 0.
    """
    if not isinstance(picture, Tensor) or not picture.is_floating_point():
        raise TypeError("Normalize needs a tensor of floats; put ToTensor before it")
    if picture.ndim < 3:
        raise ValueError(f"expected a tensor of (..., C, H, W), got {tuple(picture.shape)}")
    if (std == 0).any():
        raise ValueError("std holds a 0, by which nothing can be divided")
