"""Rows of the operation table: determinants, inverses, systems, norms, and einsum."""

from __future__ import annotations

import numpy as np
from operation_table import BATCH, COLUMN, INTEGERS, MATRIX, OTHER, ROW, operation

numbers = np.random.RandomState(22)
SQUARE = numbers.normal(size=(3, 3)) + 2 * np.eye(3)
SQUARES = numbers.normal(size=(2, 3, 3)) + 2 * np.eye(3)
SINGULAR = np.ones((3, 3))

for name, array in {"a matrix": SQUARE, "a batch": SQUARES}.items():
    operation(f"det of {name}", lambda lib, x: lib.linalg.det(x), array)
    operation(f"inv of {name}", lambda lib, x: lib.linalg.inv(x), array)
    operation(f"slogdet of {name}", lambda lib, x: lib.linalg.slogdet(x)[1], array)
    operation(f"sign of slogdet of {name}", lambda lib, x: lib.linalg.slogdet(x.detach())[0], array)
    operation(f"solve of {name}", lambda lib, x: lib.linalg.solve(x, x.mT[..., :2]), array)
    operation(f"solve of {name} and vectors", lambda lib, x: lib.linalg.solve(x, x[..., 0]), array)
    operation(
        f"cholesky of {name}",
        lambda lib, x: lib.linalg.cholesky(x @ x.mT + lib.eye(3, dtype=x.dtype)),
        array,
    )
operation("solve of two", lambda lib, x, y: lib.linalg.solve(x, y), SQUARE, MATRIX)
operation("inv of no square", lambda lib, x: lib.linalg.inv(x), MATRIX)
operation("inv of a vector", lambda lib, x: lib.linalg.inv(x), ROW)
operation("inv of a singular matrix", lambda lib, x: lib.linalg.inv(x), SINGULAR)
operation("inv of float32", lambda lib, x: x.inverse(), SQUARE.astype(np.float32))
operation("det of integers", lambda lib, x: lib.linalg.det(lib.outer(x, x)), INTEGERS)
operation("cholesky of an indefinite matrix", lambda lib, x: lib.linalg.cholesky(x), -SQUARE)
operation("solve of shapes that differ", lambda lib, x, y: lib.linalg.solve(x, y), SQUARE, ROW)

operation("linalg.norm", lambda lib, x: lib.linalg.norm(x), BATCH)
operation("linalg.norm of a vector", lambda lib, x: lib.linalg.norm(x, 3), ROW)
operation("linalg.norm of order 1", lambda lib, x: lib.linalg.norm(x, 1, 0), SQUARE)
operation("linalg.norm of order 0", lambda lib, x: lib.linalg.norm(x.detach(), 0, 0), SQUARE)
for order in ("fro", 1, -1, float("inf"), float("-inf")):
    operation(
        f"linalg.norm {order} of a matrix",
        lambda lib, x, order=order: lib.linalg.norm(x, order),
        SQUARE,
        without="node",
    )
operation("linalg.norm of matrices", lambda lib, x: lib.linalg.norm(x, "fro", (1, 2)), SQUARES)

for equation, *arrays in [
    ("ij,kj->ik", MATRIX, OTHER),
    ("ij,ij->", MATRIX, OTHER),
    ("ij,ij", MATRIX, OTHER),
    ("ij,j", MATRIX, ROW),
    ("ji", MATRIX),
    ("ij->j", MATRIX),
    ("ii->i", SQUARE),
    ("ii", SQUARE),
    ("i,j->ij", ROW, ROW),
    ("bij,ij->b", BATCH, MATRIX),
    ("bij, bkj -> bik", BATCH, BATCH),
    ("...ij,...kj->...ik", BATCH, MATRIX),
    ("ij,j,ik->k", MATRIX, ROW, OTHER),
    ("ij,ij->ij", MATRIX, COLUMN),
    ("ij->ijk", MATRIX),
    ("ij,jk->ik", MATRIX, OTHER),
    ("ijk->ij", MATRIX),
]:
    operation(
        f"einsum {equation}",
        lambda lib, *tensors, equation=equation: lib.einsum(equation, *tensors),
        *arrays,
        without="node strides",
    )


TALL = numbers.normal(size=(4, 3))
for order in (2, -2, "nuc"):
    for name, array in (("a matrix", SQUARE), ("a tall one", TALL), ("a wide one", TALL.T.copy())):
        operation(
            f"linalg.norm {order} of {name}",
            lambda lib, x, order=order: lib.linalg.norm(x, order),
            array,
        )
    operation(
        f"linalg.matrix_norm {order} of a batch, kept",
        lambda lib, x, order=order: lib.linalg.matrix_norm(x, order, keepdim=True),
        SQUARES,
        without="node",
    )
operation("svdvals", lambda lib, x: lib.linalg.svdvals(x), SQUARES)
operation("norm 2 of integers", lambda lib, x: lib.linalg.matrix_norm(x[None], 2), INTEGERS)
operation("norm 2 over other dimensions", lambda lib, x: lib.linalg.matrix_norm(x, 2, (0, 2)),
          SQUARES, without="node")  # fmt: skip
