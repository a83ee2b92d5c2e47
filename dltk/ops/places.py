"""Checks of the indices that name places in a tensor."""

from __future__ import annotations

from typing import Any

import numpy as np

from dltk.core import dtypes
from dltk.core.tensor import Tensor, wrap_dim


def index_of(index: Any, name: str) -> np.ndarray:
    """The elements of an index, which must be a Tensor."""
    if not isinstance(index, Tensor):
        raise TypeError(f"{name}(): argument 'index' must be Tensor, not {type(index).__name__}")
    return index._raw


def vector_places(input: Tensor, dim: int, index: Tensor, name: str) -> tuple[int, np.ndarray]:
    """The dimension, and the places along it that a vector of indices names."""
    axis, places = wrap_dim(dim, input.ndim), index_of(index, name)
    if index.dtype not in (dtypes.int32, dtypes.int64):
        raise RuntimeError(f"{name}(): Expected dtype int32 or int64 for index, got {index.dtype}")
    if index.ndim > 1:
        raise IndexError(
            f"{name}(): Index is supposed to be a vector, got shape {list(index._raw.shape)}"
        )
    size = input._raw.shape[axis] if input.ndim else 1
    places = np.atleast_1d(places)
    wrong = (places < -size) | (places >= size)
    if wrong.any():
        raise (RuntimeError if name == "index_add" else IndexError)(
            f"{name}(): index {places[wrong][0]} is out of range for dimension {axis} with size "
            f"{size}"
        )
    return axis, np.where(places < 0, places + size, places)


def scatter_places(input: Tensor, dim: int, index: Tensor, src: Any) -> tuple[int, np.ndarray]:
    """The dimension and the index of a scatter, after torch's checks."""
    axis, places = wrap_dim(dim, input.ndim), index_of(index, "scatter")
    if index.dtype is not dtypes.int64:
        raise RuntimeError(f"scatter(): Expected dtype int64 for index, got {index.dtype}")
    if not places.size:
        return axis, np.zeros((0,) * input.ndim, np.int64)
    if index.ndim != input.ndim or (isinstance(src, Tensor) and src.ndim != index.ndim):
        raise RuntimeError(
            "Index tensor must have the same number of dimensions as self tensor and src tensor, "
            f"got shapes {list(places.shape)} and {list(input._raw.shape)}"
        )
    for d, size in enumerate(places.shape):
        if (d != axis and size > input._raw.shape[d]) or (
            isinstance(src, Tensor) and size > src._raw.shape[d]
        ):
            raise RuntimeError(
                f"Expected index {list(places.shape)} to be no larger than self "
                f"{list(input._raw.shape)} apart from dimension {axis} and to be no larger than src"
            )
    size = input._raw.shape[axis] if input.ndim else 1
    wrong = (places < 0) | (places >= size)
    if wrong.any():
        raise RuntimeError(
            f"index {int(places[wrong].flat[0])} is out of bounds for dimension {axis} with size "
            f"{size}"
        )
    return axis, places


def region_of(src: Tensor, places: np.ndarray) -> Tensor:
    """The part of `src` that an index of this shape writes."""
    if src._raw.shape == places.shape:
        return src
    for dim, size in enumerate(places.shape):
        src = src.narrow(dim, 0, size)
    return src
