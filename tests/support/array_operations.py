"""Rows of the operation table: what rearranges elements, and diagonals, triangles, windows."""

from __future__ import annotations

import numpy as np
from operation_table import (
    BATCH,
    INTEGERS,
    MATRIX,
    NUMBER,
    OPERATIONS,
    OTHER,
    ROW,
    operation,
)

__all__ = ["OPERATIONS"]

SQUARE = np.random.RandomState(21).uniform(0.2, 0.9, (3, 3))
PLACES = np.array([[0, 2, 1, 0], [2, 2, 0, 1]])

for suffix, prepare in {"": lambda x: x, " of a transposed matrix": lambda x: x.t()}.items():

    def of_matrix(name, program, suffix=suffix, prepare=prepare, without=""):
        operation(name + suffix, lambda lib, x: program(lib, prepare(x)), MATRIX, without=without)

    of_matrix("repeat", lambda lib, x: x.repeat(2, 3))
    of_matrix("repeat with a new dimension", lambda lib, x: x.repeat(2, 1, 3))
    of_matrix("repeat nothing", lambda lib, x: x.repeat(0, 1))
    of_matrix("repeat with too few counts", lambda lib, x: x.repeat(2))
    of_matrix("tile", lambda lib, x: lib.tile(x, (2,)))
    of_matrix("repeat_interleave", lambda lib, x: x.repeat_interleave(2, 1))
    of_matrix("repeat_interleave all", lambda lib, x: x.repeat_interleave(3))
    of_matrix(
        "repeat_interleave by counts",
        lambda lib, x: lib.repeat_interleave(x[:3, :3], lib.tensor([2, 0, 1]), dim=1),
    )
    of_matrix("flip", lambda lib, x: x.flip(0, 1))
    of_matrix("flip of a list", lambda lib, x: lib.flip(x, [1]))
    of_matrix("fliplr", lambda lib, x: lib.fliplr(x))
    of_matrix("flip twice the same", lambda lib, x: x.flip(0, 0))
    of_matrix("roll", lambda lib, x: x.roll(2))
    of_matrix("roll along a dimension", lambda lib, x: x.roll(-1, 1))
    of_matrix("roll along two dimensions", lambda lib, x: x.roll((1, 2), (0, 1)))
    of_matrix("roll refused", lambda lib, x: x.roll((1, 2), 0))
    of_matrix("swapaxes", lambda lib, x: x.swapaxes(0, -1))
    of_matrix("swapdims", lambda lib, x: lib.swapdims(x, 0, 1))
    of_matrix("broadcast_tensors", lambda lib, x: lib.broadcast_tensors(x, x[:1])[1])
    of_matrix("squeeze_", lambda lib, x: (x * 1).unsqueeze_(0).squeeze_(0), without="node")
    of_matrix("take", lambda lib, x: x.take(lib.tensor([[0, 5], [-1, 5]])))
    of_matrix("take refused", lambda lib, x: x.take(lib.tensor([99])))
    of_matrix("index_select of an index too large", lambda lib, x: x.index_select(0, lib.tensor(9)))
    of_matrix("masked_select", lambda lib, x: x.masked_select(x > 0.5))
    # Torch stretches the operand out of sight.
    of_matrix(
        "masked_select broadcast", lambda lib, x: x[0].masked_select(x > 0.5), without="edges"
    )
    of_matrix("split in sizes", lambda lib, x: x.split([1, 2], 0)[1] if len(x) == 3 else x * 1)
    of_matrix("tril", lambda lib, x: x.tril())
    of_matrix("tril below", lambda lib, x: x.tril(-1))
    of_matrix("triu above", lambda lib, x: lib.triu(x, 1))
    of_matrix("tril_", lambda lib, x: (x * 1).tril_())
    of_matrix("diagonal", lambda lib, x: x.diagonal())
    of_matrix("diagonal above", lambda lib, x: x.diagonal(1))
    of_matrix("diagonal beyond", lambda lib, x: x.diagonal(7))
    of_matrix("diagonal of one dimension", lambda lib, x: x.diagonal(0, 1, 1))
    of_matrix("diag of a matrix", lambda lib, x: x.diag())
    of_matrix("diag of a matrix, above", lambda lib, x: x.diag(2))
    of_matrix("diag of a matrix, below", lambda lib, x: lib.diag(x, -1))
    of_matrix("trace", lambda lib, x: x.trace())
    of_matrix("trace as a function", lambda lib, x: lib.trace(x))
    of_matrix("unfold", lambda lib, x: x.unfold(1, 2, 1))
    of_matrix("unfold in steps", lambda lib, x: x.unfold(0, 2, 2))
    of_matrix("unfold too far", lambda lib, x: x.unfold(1, 9, 1))
    of_matrix("unfold without steps", lambda lib, x: x.unfold(1, 2, 0))

operation("diag of a vector", lambda lib, x: x.diag(), ROW)
operation("diag of a vector, below", lambda lib, x: x.diag(-2), ROW)
operation("diag of a batch", lambda lib, x: x.diag(), BATCH)
operation("diagonal of a batch", lambda lib, x: x.diagonal(1, 2, 0), BATCH)
operation("tril of a batch", lambda lib, x: x.tril(), BATCH)
operation("tril of a vector", lambda lib, x: x.tril(), ROW)
operation("trace of a batch", lambda lib, x: x.trace(), BATCH)
operation("trace of integers", lambda lib, x: lib.outer(x, x).trace(), INTEGERS)
operation("flip of integers", lambda lib, x: x.flip(0), INTEGERS)
operation("repeat of a 0-d tensor", lambda lib, x: x.repeat(3), NUMBER)
operation("repeat_interleave of integers", lambda lib, x: x.repeat_interleave(2), INTEGERS)
operation("tril_indices", lambda lib, x: lib.tril_indices(3, 4, 1), NUMBER)
operation("triu_indices", lambda lib, x: lib.triu_indices(3, 4, -1), NUMBER)


FIRST = OTHER[:1]


def scattered(name, program, *arrays):
    def run(lib, *tensors):
        return program(lib, lib.tensor(PLACES[:1]), *tensors)

    operation(name, run, *arrays)


scattered("scatter", lambda lib, i, x, y: x.scatter(0, i, y), MATRIX, FIRST)
scattered("scatter of a number", lambda lib, i, x: lib.scatter(x, 0, i, 2.5), MATRIX)
scattered("scatter value=", lambda lib, i, x: x.scatter(0, i, value=1), MATRIX)
scattered("scatter_", lambda lib, i, x, y: (x * 1).scatter_(0, i, y), MATRIX, FIRST)
scattered("scatter_add_", lambda lib, i, x, y: (x * 1).scatter_add_(0, i, y), MATRIX, FIRST)
scattered("scatter along 1", lambda lib, i, x, y: x.scatter(1, i[:, :3], y), MATRIX, OTHER[:1, :3])
scattered("scatter out of range", lambda lib, i, x, y: x.scatter(0, i + 9, y), MATRIX, FIRST)
scattered("scatter of two dtypes", lambda lib, i, x, y: x.scatter(0, i, y), MATRIX, INTEGERS[None])
scattered("scatter of float places", lambda lib, i, x, y: x.scatter(0, i * 1.0, y), MATRIX, FIRST)
operation(
    "scatter_add with repeated places",
    lambda lib, x, y: x.scatter_add(0, lib.tensor(PLACES), y),
    MATRIX,
    OTHER[:2],
)
