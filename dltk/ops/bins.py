"""Where values lie among boundaries, and how many lie between them."""

from __future__ import annotations

from typing import Any

import numpy as np

from dltk.core import dtypes
from dltk.core.tensor import Tensor, wrap
from dltk.ops.out import takes_out
from dltk.ops.pointwise import refuse_booleans

__all__ = ["bucketize", "histc", "searchsorted"]


@takes_out
def searchsorted(
    sorted_sequence: Tensor,
    input: Any,
    *,
    out_int32: bool = False,
    right: bool = False,
    side: str | None = None,
) -> Tensor:
    """Where each value would be put into a sorted line. As `torch.searchsorted`."""
    if side is not None and side not in ("left", "right"):
        raise RuntimeError(f"searchsorted(): side must be 'left' or 'right' but got {side}")
    values = np.asarray(input._raw if isinstance(input, Tensor) else input)
    lines = sorted_sequence._raw
    refuse_booleans(sorted_sequence.dtype, "searchsorted")
    if lines.ndim == 0:
        raise RuntimeError("searchsorted(): boundaries tensor should have positive dimension")
    chosen: Any = "right" if right or side == "right" else "left"
    dtype = dtypes.int32 if out_int32 else dtypes.int64
    if lines.ndim == 1:
        return wrap(np.asarray(np.searchsorted(lines, values, chosen), dtype.numpy), dtype)
    if lines.shape[:-1] != values.shape[:-1]:
        raise RuntimeError(
            "searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions "
            f"of boundaries tensor and input value tensor must match, but we got boundaries tensor "
            f"{list(lines.shape)} and input value tensor {list(values.shape)}"
        )
    places = np.empty(values.shape, dtype.numpy)
    for position in np.ndindex(values.shape[:-1]):
        places[position] = np.searchsorted(lines[position], values[position], chosen)
    return wrap(places, dtype)


@takes_out
def bucketize(
    input: Any, boundaries: Tensor, *, out_int32: bool = False, right: bool = False
) -> Tensor:
    """The number of the interval that each value lies in. As `torch.bucketize`."""
    if boundaries.ndim != 1:
        raise RuntimeError(
            f"bucketize(): boundaries tensor must be 1 dimension, but got dim({boundaries.ndim})"
        )
    return searchsorted(boundaries, input, out_int32=out_int32, right=right)


@takes_out
def histc(input: Tensor, bins: int = 100, min: float = 0, max: float = 0) -> Tensor:
    """How many elements lie in each of `bins` intervals of equal width. As `torch.histc`."""
    if not input.dtype.is_floating_point:
        raise NotImplementedError(f'"histogram_cpu" not implemented for {input.dtype}')
    if bins <= 0:
        raise RuntimeError(f"bins must be > 0, got {bins}")
    raw = input._raw.reshape(-1)
    low, high = (raw.min(), raw.max()) if min == max and raw.size else (min, max)
    if low == high:
        low, high = low - 1, high + 1
    if low > high:
        raise RuntimeError(f"max must be larger than min, got {low} and {high}")
    counts, _ = np.histogram(raw, bins, (float(low), float(high)))
    return wrap(counts.astype(input.dtype.numpy), input.dtype)
