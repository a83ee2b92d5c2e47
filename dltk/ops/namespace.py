"""The names that derivative rules use, for tensors: the counterpart of `backends.arrays.ArrayOps`.

Indices, masks and keys come as raw arrays, because they were arguments of a recorded operation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dltk.backends import registry
from dltk.core import dtypes
from dltk.core.dispatch import apply
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor, wrap
from dltk.ops import (
    choice,
    compare,
    join,
    linalg,
    matrix,
    rearrange,
    reduce,
    running,
    shape,
    triangular,
)
from dltk.ops import index as indexing
from dltk.ops.pointwise import (
    abs,
    acos,
    asin,
    atan,
    cos,
    cosh,
    erf,
    exp,
    expm1,
    floor,
    log,
    log1p,
    maximum,
    minimum,
    sign,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
    trunc,
)

__all__ = [
    "abs", "acos", "asin", "atan", "cos", "cosh", "erf", "exp", "expm1", "floor", "log", "log1p",
    "maximum", "minimum", "sign", "sin", "sinh", "sqrt", "tan", "tanh", "trunc",
]  # fmt: skip

_index_add = Primitive(
    "index_add",
    "x",
    lambda ops, x, key, shape: ops.index_add(x, key, shape),
    "IndexAddBackward0",
    "key shape",
)
_place = Primitive(
    "place",
    "x",
    lambda ops, x, key, shape: ops.index_put(x, key, shape),
    "IndexPutBackward0",
    "key shape",
)
_scatter_add = Primitive(
    "scatter_add",
    "x",
    lambda ops, x, dim, index, shape: ops.scatter_add(x, dim, index, shape),
    "ScatterAddBackward0",
    "dim index shape",
)
_place_along = Primitive(
    "place_along",
    "x",
    lambda ops, x, dim, index, shape: ops.place_along(x, dim, index, shape),
    "ScatterBackward0",
    "dim index shape",
)


def _raw(value: Any) -> Any:
    return value._raw if isinstance(value, Tensor) else value


def where(condition: Any, x: Any, y: Any) -> Tensor:
    if not isinstance(condition, Tensor):
        like = _raw(x if isinstance(x, Tensor) else y)
        condition = wrap(registry.placed_like(condition, like), dtypes.bool_)
    return choice.where(condition, x, y)


def sum(x: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    return reduce.sum(x, dim, keepdim)


def mean(x: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    return reduce.mean(x, dim, keepdim)


def reshape(x: Tensor, sizes: tuple[int, ...]) -> Tensor:
    return shape.reshape(x, tuple(sizes))


def expand(x: Tensor, sizes: tuple[int, ...]) -> Tensor:
    return shape.expand(x, tuple(sizes))


transpose, permute = shape.transpose, shape.permute
matmul = matrix.matmul
stack, cat, narrow = join.stack, join.cat, indexing.narrow
isnan, isinf = compare.isnan, compare.isinf
cumsum = reduce.cumsum
logcumsumexp = running.logcumsumexp


def squeeze(x: Any, dim: int) -> Any:
    return x.squeeze(dim)


def unsqueeze(x: Any, dim: int) -> Any:
    return shape.unsqueeze(x, dim) if isinstance(x, Tensor) else np.expand_dims(x, dim)


def index(x: Tensor, key: tuple) -> Tensor:
    return indexing.get_item(x, tuple(_as_index(each, x) for each in key))


def _as_index(item: Any, like: Any) -> Any:
    return wrap(registry.placed_like(item, like._raw)) if isinstance(item, np.ndarray) else item


def index_put(x: Tensor, key: tuple, sizes: tuple[int, ...]) -> Tensor:
    return apply(_place, (x,), (key, tuple(sizes)), x.dtype)


def index_add(x: Tensor, key: tuple, sizes: tuple[int, ...]) -> Tensor:
    return apply(_index_add, (x,), (key, tuple(sizes)), x.dtype)


def gather(x: Tensor, dim: int, places: Any) -> Tensor:
    if not isinstance(places, Tensor):
        places = _as_index(np.asarray(places), x)
    return indexing.gather(x, dim, places)


def scatter_add(x: Tensor, dim: int, places: Any, sizes: tuple[int, ...]) -> Tensor:
    return apply(_scatter_add, (x,), (dim, _raw(places), tuple(sizes)), x.dtype)


def place_along(x: Tensor, dim: int, places: Any, sizes: tuple[int, ...]) -> Tensor:
    return apply(_place_along, (x,), (dim, _raw(places), tuple(sizes)), x.dtype)


def solve(x: Tensor, y: Tensor, vector: bool) -> Tensor:
    return linalg.solve(x, y)


inv, svdvals = linalg.inv, linalg.svdvals
svd_left, svd_right = linalg.svd_left, linalg.svd_right
flip, roll, repeat = rearrange.flip, rearrange.roll, rearrange.repeat
tril, triu, trace = triangular.tril, triangular.triu, triangular.trace
diagonal = diag_embed = triangular.diag


def zeros_like(x: Tensor) -> Tensor:
    return zeros(x._raw.shape, x)


def zeros(sizes: tuple[int, ...], like: Tensor) -> Tensor:
    return wrap(registry.backend_of(like._raw).zeros(sizes, like.dtype.numpy), like.dtype)


def move(x: Tensor, device: Any) -> Tensor:
    return x.to(device)


def cast(x: Tensor, like: Tensor) -> Tensor:
    return x.to(like.dtype)
