"""Rows of the operation table: orders, products, spreads and other reductions."""

from __future__ import annotations

import numpy as np
from operation_table import BATCH, EMPTY, INTEGERS, MATRIX, NUMBER, SIGNED, TIED, operation

HOLES = np.array([[0.5, 0.0, 2.0], [1.5, -1.0, 0.5], [0.0, 3.0, 0.0]])
UNBOUNDED = np.array([[-np.inf, -np.inf], [0.5, -np.inf]])
LABELS = np.array([2, 0, 2, 5])

for name in ("var", "std"):

    def along(how, name=name):
        return lambda lib, x: how(getattr(x, name))

    operation(f"{name} of all", along(lambda f: f()), BATCH)
    operation(f"{name} biased", along(lambda f: f(unbiased=False)), BATCH)
    operation(f"{name} biased, by position", along(lambda f: f(False)), BATCH)
    operation(f"{name} along two", along(lambda f: f((0, 2), keepdim=True)), BATCH)
    operation(f"{name} all by position", along(lambda f: f(1, False, True)), BATCH)
    operation(f"{name} corrected", along(lambda f: f(1, correction=0.5)), BATCH)
    operation(f"{name} told twice", along(lambda f: f(1, unbiased=True, correction=1)), BATCH)
    operation(f"{name} of floats32", along(lambda f: f(1)), MATRIX.astype(np.float32))
    operation(f"{name} of integers", along(lambda f: f()), INTEGERS)
    operation(f"{name} of equal elements", along(lambda f: f(0, unbiased=False)), TIED * 0)
operation("var_mean", lambda lib, x: lib.var_mean(x, 1)[0], BATCH)
operation("mean of var_mean", lambda lib, x: lib.var_mean(x, 1)[1], BATCH, without="node")

operation("prod of all", lambda lib, x: x.prod(), SIGNED)
operation("prod kept", lambda lib, x: x.prod(0, True), SIGNED)
operation("prod with zeros", lambda lib, x: x.prod(1), HOLES)
operation("prod of all with zeros", lambda lib, x: x.prod(), HOLES)
operation("prod of integers", lambda lib, x: x.prod(), INTEGERS)
operation("prod of nothing", lambda lib, x: x.prod(0), EMPTY)
operation("cumprod", lambda lib, x: x.cumprod(1), SIGNED)
operation("cumprod with zeros", lambda lib, x: lib.cumprod(x, 0), HOLES)
operation("cumprod of integers", lambda lib, x: x.cumprod(0), INTEGERS)
operation("cumprod of a batch", lambda lib, x: x.cumprod(-2), BATCH)
operation("logsumexp along two", lambda lib, x: x.logsumexp((0, 2), keepdim=True), BATCH)
operation("logsumexp of -inf", lambda lib, x: x.logsumexp(1), UNBOUNDED)
operation("logsumexp of integers", lambda lib, x: x.logsumexp(0), INTEGERS)

operation("sort", lambda lib, x: tuple(x.sort()), SIGNED)
operation("sort of a batch", lambda lib, x: tuple(x.sort(1)), BATCH)
operation("sort downwards", lambda lib, x: tuple(lib.sort(x, dim=0, descending=True)), SIGNED)
operation("sort with ties", lambda lib, x: tuple(lib.sort(x, stable=True)), TIED)
operation("sort with ties, downwards", lambda lib, x: tuple(x.sort(1, True)), TIED)
operation("sort of integers", lambda lib, x: tuple(x.sort()), INTEGERS)
operation("sort of a 0-d tensor", lambda lib, x: tuple(x.sort()), NUMBER)
operation("argsort", lambda lib, x: x.argsort(0, descending=True), SIGNED)
operation("topk", lambda lib, x: tuple(x.topk(2)), SIGNED)
operation("topk, the smallest", lambda lib, x: tuple(lib.topk(x, 2, 0, largest=False)), SIGNED)
operation("topk of a batch", lambda lib, x: tuple(x.topk(1, 1)), BATCH)
operation("topk of too many", lambda lib, x: tuple(x.topk(9)), SIGNED)
operation("median", lambda lib, x: x.median(), SIGNED)
operation("median with ties", lambda lib, x: x.median(), TIED)
operation("median along a dimension", lambda lib, x: tuple(x.median(1)), SIGNED)
operation("median kept", lambda lib, x: tuple(lib.median(x, 0, keepdim=True)), SIGNED)
operation("median of integers", lambda lib, x: x.median(), INTEGERS)
operation("unique", lambda lib, x: x.detach().unique(), TIED)
operation(
    "unique with everything",
    lambda lib, x: lib.unique(x.detach(), return_inverse=True, return_counts=True),
    TIED,
)
operation("unique rows", lambda lib, x: lib.unique(x.int(), dim=0), TIED)
operation("bincount", lambda lib, x: x.bincount(), LABELS)
operation("bincount of a length", lambda lib, x: lib.bincount(x, minlength=9), LABELS)
operation("bincount of weights", lambda lib, x: x.bincount(lib.ones(4)), LABELS)
operation("bincount of floats", lambda lib, x: x.detach().bincount(), MATRIX[0])
operation("bincount of negatives", lambda lib, x: x.bincount(), INTEGERS)
