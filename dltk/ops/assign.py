"""Assigning to parts of a tensor: `t[index] = value` and `copy_`."""

from __future__ import annotations

from typing import Any

import numpy as np

from dltk.backends import cpu
from dltk.backends.use import use
from dltk.core import dtypes
from dltk.core.dispatch import finish
from dltk.core.inplace import in_place
from dltk.core.located import located
from dltk.core.operands import element, is_number, laid_out_like, stretched
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor, wrap
from dltk.ops.index import advanced, basic, is_basic, items_of

_copy = Primitive(
    "copy",
    "x y",
    lambda ops, x, y: ops.expand(ops.cast(y, x), x.shape) + ops.zeros(x.shape, x),
    "CopyBackwards",
)


def set_item(input: Tensor, index: Any, value: Any) -> None:
    """`t[index] = value`, in place."""
    items = items_of(index)
    source = value if isinstance(value, Tensor) else None
    if source is None:
        if not is_number(value):
            title = dtypes.TITLES[input.dtype.name]
            raise TypeError(f"can't assign a {type(value).__name__} to a dltk.{title}Tensor")
        if input.dtype.category == dtypes.INTEGER:
            value = element(value, input.dtype)
        source = wrap(np.asarray(value).astype(input.dtype.numpy), input.dtype)
    if all(is_basic(item) for item in items):
        target = basic(input, items)
        while source.ndim > target.ndim and source._raw.shape[0] == 1:
            source = source.squeeze(0)
        copy_(target, source)
        return
    viewed, key = advanced(input, items)
    if use.elsewhere and not isinstance(value, Tensor):
        source = source.to(input.device)
    while source.ndim > viewed._raw[key].ndim and source._raw.shape[0] == 1:
        source = source.squeeze(0)
    in_place(index_put_into, viewed, source, key)


def _put(ops, x, y, key, node):
    result = ops.xp.array(x)
    result[key] = y
    return result


put_at = Primitive("index_put", "x y", _put, lambda key, node: node, "key node")


@located
def index_put_into(target: Tensor, source: Tensor, key: tuple) -> Tensor:
    """`target` with `source` at `key`, as a new tensor."""
    if source.dtype is not target.dtype:
        if source.ndim:
            raise RuntimeError(
                "Index put requires the source and destination dtypes match, got "
                f"{dtypes.TITLES[target.dtype.name]} for the destination and "
                f"{dtypes.TITLES[source.dtype.name]} for the source."
            )
        source = source.to(target.dtype)
    try:
        params = (key, "IndexPutBackward0")
        raw = np.asarray(put_at.kernel(cpu.ops, target._raw, source._raw, *params))
        return finish(put_at, (target, source), params, laid_out_like(target, raw, target.dtype))
    except (ValueError, TypeError) as error:
        raise RuntimeError(
            f"shape mismatch: value tensor of shape {list(source._raw.shape)} cannot be broadcast "
            "to indexing result"
        ) from error


def copy_(target: Tensor, source: Tensor, non_blocking: bool = False) -> Tensor:
    """Write the elements of `source`, broadcast and converted. As `torch.Tensor.copy_`."""
    if use.elsewhere:
        source = source.to(target.device)

    def copied(x: Tensor, y: Tensor) -> Tensor:
        if y._raw.shape != x._raw.shape:
            if y.ndim > x.ndim:
                raise RuntimeError(
                    f"output with shape {list(x._raw.shape)} doesn't match the broadcast shape "
                    f"{list(y._raw.shape)}"
                )
            raw = stretched(y, tuple(x._raw.shape))
        else:
            raw = y._raw
        result = wrap(raw.astype(x.dtype.numpy), x.dtype)
        return finish(_copy, (x, y), (), result)

    return in_place(copied, target, source)
