"""Rows of the operation table: writing to places that tensors of indices and masks name."""

from __future__ import annotations

import numpy as np
from operation_table import INTEGERS, MATRIX, NUMBER, OPERATIONS, OTHER, ROW, SIGNED, operation

__all__ = ["OPERATIONS"]

TWO_ROWS = OTHER[:2]
TWO_COLUMNS = OTHER[:, :2]
LINES = np.array([0, 2])
SAME_LINE = np.array([1, 1])
PLACES = np.array([[0, 2, 1, 0], [2, 2, 0, 1]])


def at(name, program, *arrays, index=LINES, without=""):
    def run(lib, *tensors):
        return program(lib, lib.tensor(index), *tensors)

    operation(name, run, *arrays, without=without)


at("index_add", lambda lib, i, x, y: x.index_add(0, i, y), MATRIX, TWO_ROWS)
at("index_add of columns", lambda lib, i, x, y: lib.index_add(x, 1, i, y), MATRIX, TWO_COLUMNS)
at("index_add to one line", lambda lib, i, x, y: x.index_add(0, i, y, alpha=2), MATRIX, TWO_ROWS,
   index=SAME_LINE)  # fmt: skip
at("index_add_", lambda lib, i, x, y: (x * 1).index_add_(0, i, y), MATRIX, TWO_ROWS)
at("index_add of wrong rows", lambda lib, i, x, y: x.index_add(0, i, y), MATRIX, OTHER)
at("index_add of a vector", lambda lib, i, x, y: x.index_add(0, i, y), MATRIX, ROW)
at("index_add out of range", lambda lib, i, x, y: x.index_add(0, i + 9, y), MATRIX, TWO_ROWS)
at("index_add of floats", lambda lib, i, x, y: x.index_add(0, i * 1.0, y), MATRIX, TWO_ROWS)
at("index_add of two dtypes", lambda lib, i, x, y: x.index_add(0, i, y.float()), MATRIX, TWO_ROWS)
at("index_add to a number", lambda lib, i, x, y: x.index_add(0, i[:1], y), NUMBER, NUMBER,
   without="node")  # fmt: skip
at("index_copy", lambda lib, i, x, y: x.index_copy(0, i, y), MATRIX, TWO_ROWS)
at("index_copy of columns", lambda lib, i, x, y: lib.index_copy(x, -1, i, y), MATRIX, TWO_COLUMNS)
at("index_copy_", lambda lib, i, x, y: (x * 1).index_copy_(0, i, y), MATRIX, TWO_ROWS)
at("index_copy of wrong rows", lambda lib, i, x, y: x.index_copy(0, i, y), MATRIX, OTHER)
at("index_fill", lambda lib, i, x: x.index_fill(0, i, 2.5), MATRIX)
at("index_fill of columns", lambda lib, i, x: lib.index_fill(x, 1, i, -1), MATRIX)
at("index_fill with a tensor", lambda lib, i, x, y: x.index_fill(0, i, y), MATRIX, NUMBER)
at("index_fill with a vector", lambda lib, i, x, y: x.index_fill(0, i, y), MATRIX, ROW)
at("index_fill_", lambda lib, i, x: (x * 1).index_fill_(0, i, 2.5), MATRIX)
at("index_put", lambda lib, i, x, y: x.index_put((i,), y), MATRIX, TWO_ROWS)
at("index_put of two", lambda lib, i, x, y: lib.index_put(x, (i, i), y), MATRIX, ROW[:2])
at("index_put added", lambda lib, i, x, y: x.index_put((i,), y, accumulate=True), MATRIX, TWO_ROWS,
   index=SAME_LINE)  # fmt: skip
at("index_put_ added", lambda lib, i, x, y: (x * 1).index_put_((i,), y, True), MATRIX, ROW,
   index=SAME_LINE)  # fmt: skip
at("put", lambda lib, i, x, y: x.put(i, y), MATRIX, ROW[:2], without="node")
at("put added", lambda lib, i, x, y: x.put(i, y, True), MATRIX, ROW[:2], index=SAME_LINE,
   without="node")  # fmt: skip
at("put of too many", lambda lib, i, x, y: x.put(i, y), MATRIX, ROW)
operation("masked_scatter", lambda lib, x, y: x.masked_scatter(x > 0.5, y), MATRIX, OTHER)
operation("masked_scatter of a row", lambda lib, x, y: x.masked_scatter(x[0] > 0.5, y), MATRIX,
          OTHER)  # fmt: skip
operation("masked_scatter_", lambda lib, x, y: (x * 1).masked_scatter_(x > 0.5, y), MATRIX, OTHER)
operation("masked_scatter of too few", lambda lib, x, y: x.masked_scatter(x > 0, y), MATRIX, ROW)
operation("masked_fill with a tensor", lambda lib, x, y: x.masked_fill(x > 0.5, y), MATRIX, NUMBER)
operation("masked_fill with a vector", lambda lib, x, y: x.masked_fill(x > 0.5, y), MATRIX, ROW)
operation("masked_fill_", lambda lib, x: (x * 1).masked_fill_(x > 0.5, 3), MATRIX)
operation("select_scatter", lambda lib, x, y: x.select_scatter(y, 0, 1), MATRIX, ROW,
          without="node")  # fmt: skip
operation("slice_scatter", lambda lib, x, y: lib.slice_scatter(x, y, 0, 1), MATRIX, TWO_ROWS,
          without="node")  # fmt: skip
operation("diagonal_scatter", lambda lib, x, y: x.diagonal_scatter(y), MATRIX, ROW[:3],
          without="node")  # fmt: skip
at("take_along_dim", lambda lib, i, x: x.take_along_dim(i[:, None], 1), SIGNED[:2])
at("take_along_dim of all", lambda lib, i, x: lib.take_along_dim(x, i), SIGNED)

for kind in ("sum", "mean", "amax", "amin", "prod"):
    for include in (True, False):
        at(
            f"scatter_reduce {kind}{'' if include else ' alone'}",
            lambda lib, i, x, y, kind=kind, include=include: x.scatter_reduce(
                0, i, y, kind, include_self=include
            ),
            MATRIX, TWO_ROWS, index=PLACES,
            # Torch's tangent of a scattered product is 0, whatever the operands are.
            without="node tangents" if kind == "prod" else "node",
        )  # fmt: skip
at("scatter_reduce with ties", lambda lib, i, x, y: x.scatter_reduce(0, i, y, "amax"), MATRIX * 0,
   TWO_ROWS * 0, index=PLACES)  # fmt: skip
at("scatter_reduce refused", lambda lib, i, x, y: x.scatter_reduce(0, i, y, "median"), MATRIX,
   TWO_ROWS, index=PLACES)  # fmt: skip
at("scatter added", lambda lib, i, x, y: x.detach().scatter(0, i, y.detach(), reduce="add"), MATRIX,
   TWO_ROWS, index=PLACES)  # fmt: skip
at("scatter multiplied", lambda lib, i, x: x.detach().scatter(0, i, 2.0, reduce="multiply"), MATRIX,
   index=PLACES)  # fmt: skip
at("scatter added with a gradient", lambda lib, i, x, y: x.scatter(0, i, y, reduce="add").sum(),
   MATRIX, TWO_ROWS, index=PLACES)  # fmt: skip
at("scatter to a number", lambda lib, i, x, y: x.scatter(0, i[0] * 0, y), NUMBER, NUMBER * 2,
   without="node")  # fmt: skip
at("scatter_reduce of integers", lambda lib, i, x: x.scatter_reduce(0, i, x[:2], "mean"),
   INTEGERS)  # fmt: skip
