"""Rows of the operation table: running extremes, counts, quantiles, and other arrangements."""

from __future__ import annotations

import numpy as np
from operation_table import (
    BATCH,
    EMPTY,
    INTEGERS,
    MATRIX,
    NUMBER,
    OPERATIONS,
    ROW,
    SIGNED,
    TIED,
    operation,
)

__all__ = ["OPERATIONS"]

HOLES = np.array([[0.5, np.nan, 2.0, 1.0], [np.nan, -1.0, 0.0, 3.0]])
RUNS = np.array([1, 1, 2, 2, 2, 1])

for name in ("cummax", "cummin"):
    operation(name, lambda lib, x, name=name: tuple(getattr(x, name)(1)), SIGNED)
    operation(f"{name} with ties", lambda lib, x, name=name: tuple(getattr(lib, name)(x, 0)), TIED)
    operation(f"{name} of holes", lambda lib, x, name=name: tuple(getattr(x, name)(1)), HOLES)
    operation(f"{name} of a number", lambda lib, x, name=name: tuple(getattr(x, name)(0)), NUMBER)
    operation(f"{name} of integers", lambda lib, x, name=name: tuple(getattr(x, name)(0)), INTEGERS)
operation("logcumsumexp", lambda lib, x: x.logcumsumexp(1), SIGNED)
operation("logcumsumexp far apart", lambda lib, x: (x * 1000).logcumsumexp(0), SIGNED,
          # Torch loses the share of what is much smaller than the largest element.
          without="tangents second")  # fmt: skip
operation("diff", lambda lib, x: x.diff(), SIGNED)
operation("diff twice", lambda lib, x: lib.diff(x, 2, 0), SIGNED)
operation("diff with ends", lambda lib, x: x.diff(prepend=x[:, :1], append=x[:, :2]), SIGNED,
          without="node")  # fmt: skip
operation("diff of integers", lambda lib, x: x.diff(), INTEGERS)
operation("diff of booleans", lambda lib, x: (x > 0).diff(), SIGNED)
operation("diff of a number", lambda lib, x: x.diff(), NUMBER)

operation("nansum", lambda lib, x: x.nansum(1), HOLES)
operation("nansum of all", lambda lib, x: lib.nansum(x), HOLES)
operation("nansum kept", lambda lib, x: x.nansum(0, True), HOLES)
operation("nanmean", lambda lib, x: x.nanmean(0), HOLES)
operation("nanmean of all", lambda lib, x: x.nanmean(), HOLES)
operation("nanmean of integers", lambda lib, x: x.nanmean(), INTEGERS)
operation("nanmedian", lambda lib, x: tuple(x.nanmedian(1)), HOLES)
operation("nanmedian of all", lambda lib, x: x.nanmedian(), HOLES, without="node")
operation("median of holes", lambda lib, x: x.median(), HOLES)
operation("median of holes along a dimension", lambda lib, x: tuple(x.median(1)), HOLES)
operation("count_nonzero", lambda lib, x: x.count_nonzero(), HOLES)
operation("count_nonzero along a dimension", lambda lib, x: lib.count_nonzero(x, 0), INTEGERS)
operation("aminmax", lambda lib, x: tuple(x.aminmax(dim=1)), SIGNED, without="node")
operation("aminmax of all", lambda lib, x: tuple(lib.aminmax(x)), SIGNED, without="node")
operation("aminmax of nothing", lambda lib, x: tuple(x.aminmax()), EMPTY)
operation("std_mean", lambda lib, x: lib.std_mean(x, 1), BATCH, without="node")
operation("kthvalue", lambda lib, x: tuple(x.kthvalue(2)), SIGNED)
operation("kthvalue kept", lambda lib, x: tuple(lib.kthvalue(x, 3, 0, True)), SIGNED)
operation("kthvalue of too many", lambda lib, x: tuple(x.kthvalue(9)), SIGNED)
operation("mode", lambda lib, x: tuple(x.mode()), TIED)
operation("mode kept", lambda lib, x: tuple(lib.mode(x, 0, True)), SIGNED)
operation("mode of integers", lambda lib, x: tuple(x.mode()), RUNS)
operation("quantile", lambda lib, x: x.quantile(0.3), SIGNED, without="node")
operation("quantiles along a dimension", lambda lib, x: lib.quantile(
    x, lib.tensor([0.1, 0.5, 1.0], dtype=x.dtype), 1), SIGNED, without="node strides")  # fmt: skip
operation("quantile kept", lambda lib, x: x.quantile(0.5, 0, True), SIGNED, without="node strides")
operation("quantile with holes", lambda lib, x: x.detach().quantile(0.5, 1), HOLES)
for how in ("lower", "higher", "nearest", "midpoint"):
    operation(f"quantile, {how}", lambda lib, x, how=how: x.quantile(0.4, interpolation=how),
              SIGNED, without="node")  # fmt: skip
operation("msort", lambda lib, x: lib.msort(x), SIGNED)
operation("unique_consecutive", lambda lib, x: lib.unique_consecutive(
    x, return_inverse=True, return_counts=True), RUNS)  # fmt: skip
operation("searchsorted", lambda lib, x, y: lib.searchsorted(x.detach().sort()[0], y), ROW, SIGNED)
operation("searchsorted right", lambda lib, x: lib.searchsorted(
    x.sort()[0], x, right=True), RUNS)  # fmt: skip
operation("bucketize", lambda lib, x, y: lib.bucketize(x.detach(), y.detach().sort()[0]), SIGNED,
          ROW)  # fmt: skip
operation("histc", lambda lib, x: x.detach().histc(4), SIGNED)
operation("histc between", lambda lib, x: lib.histc(x.detach(), 3, -0.5, 1.0), SIGNED)
operation("cov", lambda lib, x: x.cov(), SIGNED, without="node")

for name in "argwhere ravel rot90 msort diagflat fliplr".split():  # noqa: SIM905
    operation(f"{name} of a matrix", lambda lib, x, name=name: getattr(lib, name)(x), SIGNED,
              without="node")  # fmt: skip
for times in (0, 2, 3):
    operation(f"rot90 {times} times", lambda lib, x, times=times: x.rot90(times), SIGNED,
              without="node strides")  # fmt: skip
for count in (1, 2, 3):
    for array in (NUMBER, ROW, MATRIX):
        operation(f"atleast_{count}d of {array.ndim}",
                  lambda lib, x, count=count: getattr(lib, f"atleast_{count}d")(x), array,
                  without="node")  # fmt: skip
operation("column_stack", lambda lib, x, y: lib.column_stack([y[:3], x]), MATRIX, ROW)
operation("dstack", lambda lib, x: lib.dstack([x, x * 2]), MATRIX)
operation("row_stack", lambda lib, x, y: lib.row_stack([x, y]), MATRIX, ROW)
operation("tensor_split", lambda lib, x: x.tensor_split(3, 1), MATRIX)
operation("tensor_split at places", lambda lib, x: lib.tensor_split(x, [1, 3], 1), MATRIX)
operation("hsplit", lambda lib, x: x.hsplit(2), MATRIX)
operation("vsplit refused", lambda lib, x: x.vsplit(2), MATRIX)
operation("dsplit", lambda lib, x: lib.dsplit(x, [1]), BATCH)
operation("block_diag", lambda lib, x, y: lib.block_diag(x, y), MATRIX, ROW, without="node")
operation("meshgrid", lambda lib, x, y: lib.meshgrid(x, y, indexing="ij"), ROW, ROW[:2])
operation("meshgrid as in plots", lambda lib, x, y: lib.meshgrid(x, y, indexing="xy"), ROW, ROW[:2])
operation("cartesian_prod", lambda lib, x, y: lib.cartesian_prod(x, y), ROW, ROW[:2])
operation("combinations", lambda lib, x: lib.combinations(x, 2), ROW, without="node strides")
operation("diag_embed", lambda lib, x: x.diag_embed(), MATRIX, without="node")
operation("diag_embed above", lambda lib, x: lib.diag_embed(x, 1, 0, 2), MATRIX, without="node")
operation("narrow_copy", lambda lib, x: x.detach().narrow_copy(1, 1, 2), MATRIX)
operation("unravel_index", lambda lib, x: lib.unravel_index(x, (3, 4)), INTEGERS + 4,
          without="strides")  # fmt: skip
operation("moveaxis", lambda lib, x: lib.moveaxis(x, 0, -1), BATCH)
operation("isin", lambda lib, x: lib.isin(x, lib.tensor([1, 2])), RUNS)
operation("isneginf", lambda lib, x: lib.isneginf(x.log()), MATRIX * 0)
operation("isposinf", lambda lib, x: lib.isposinf(-x.log()), MATRIX * 0)
operation("isreal", lambda lib, x: lib.isreal(x), MATRIX)
