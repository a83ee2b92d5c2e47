"""Where dltk and torch are known to differ, and why."""

from __future__ import annotations

import fnmatch
from typing import Any

KNOWN_DIFFERENCES: dict[tuple[str, str, str], str] = {
    # The class of error where several things are wrong at once: torch looks at them in an order
    # of its own, which differs from one operation to the next.
    ("sizes", "baddbmm addbmm", "a number*|a dimension less"): "torch looks up a dimension first",
    ("sizes", "scatter scatter_add scatter_reduce", "a dimension less, operand 1"): (
        "torch looks up a dimension of the source before it counts them"
    ),
    (
        "sizes",
        "index_copy",
        "no rows, operand 0|one element*|a number, operand 0|a dimension more",
    ): ("torch compares the shapes of the slices before it looks at the places"),
    ("sizes", "index_put", "one element, operand 0|a dimension more*"): (
        "torch compares the shapes of the slices before it looks at the places"
    ),
    ("sizes", "index_fill index_select", "no rows|a number"): "the class of an index out of range",
    ("sizes", "index_add", "no rows, operand 0|a number*"): (
        "torch does not look at the places where nothing is written"
    ),
    ("sizes", "take_along_dim", "one row|one element|a number"): (
        "torch repeats a single row, as if places were not checked"
    ),
    ("sizes", "narrow_copy", "no columns|a number|a dimension less"): (
        "the class of a place out of range"
    ),
    ("sizes", "cholesky", "no rows|no columns"): "torch's older function lets empty matrices pass",
    ("sizes", "linalg.norm linalg.matrix_norm", "no rows|no columns"): "torch says 0 for nothing",
    ("sizes", "cov", "no columns"): "0 observations: torch has NaN, the formula 0 / -1",
    ("sizes", "broadcast_tensors", "one *"): "the stride of a dimension of size 1 added in front",
    ("dtypes", "cholesky", "int*|uint8|bool"): "torch's older function has another class",
    ("dtypes", "linalg.solve", "float16 and int64"): "two errors at once",
    (
        "dtypes",
        "searchsorted",
        "bool and int8",
    ): "torch promotes boundaries first",
    ("dtypes", "cov", "bool"): "torch subtracts booleans",
    ("dtypes", "addr", "bool and int8"): "the dtype of a product with the number 1",
    ("layouts", "addbmm", "columns first*"): "the strides of a sum of a batch",
    ("layouts", "kron", "columns first*"): "torch's kron fails on what is not row-major",
    ("layouts", "put", "columns first*"): "the strides of a flat tensor put back into its shape",
    ("layouts", "select_scatter slice_scatter diagonal_scatter", "every second*"): (
        "torch keeps the gaps between elements"
    ),
    (
        "forms",
        "unravel_index",
        "function|recorded",
    ): "torch's are columns of one tensor",
    ("out", "lerp clamp", "float32"): "one overload casts, the other does not",
    ("out", "where", "*"): "torch has no out= for a number as operand",
    ("out", "median nanmedian", "*"): "torch has no out= for the median of all elements",
    ("out", "nanmean", "int64"): "the class of error of a sum",
    ("out", "cumsum cumprod", "int64"): "torch cuts to integers here",
    ("out", "histc", "with a gradient"): "torch does not look at out= of what has no derivative",
    ("out", "cholesky", "float32"): "torch's older function casts",
    ("out", "inverse linalg.inv linalg.cholesky linalg.solve nonzero", "empty"): (
        "torch resizes to columns first"
    ),
    ("out", "narrow_copy", "columns first"): "torch resizes to row-major",
    ("writes", "linalg.svdvals linalg.matrix_norm", "*operand*|*result*"): (
        "torch keeps the singular vectors, dltk the matrix"
    ),
    ("derivatives", "cholesky", "tangents"): "torch's older function has no forward mode",
    ("writes", "kron", "*operand*"): "torch multiplies copies, which nobody writes to",
    ("writes", "slogdet linalg.slogdet", "*result*"): "sign and logarithm have a node each",
    ("writes", "combinations nanmedian put", "*"): "built from other operations, which keep others",
    ("in place", "logical_*", "a leaf"): "torch does not look at a leaf that gets no derivative",
    ("in place", "cumsum cumprod", "bool"): "the class of error",
    ("in place", "addmv baddbmm addbmm tril triu index_fill index_put masked_fill", "a s*"): (
        "torch writes several elements into one cell, or resizes"
    ),
}


def reason(test: str, call: Any, label: str) -> str | None:
    """Why the variation `label` of `call` differs in `test`, if it is known to."""
    for (where, calls, labels), why in KNOWN_DIFFERENCES.items():
        if (
            where == test
            and any(fnmatch.fnmatchcase(call.name, each) for each in calls.split())
            and any(fnmatch.fnmatchcase(label, each) for each in labels.split("|"))
        ):
            return why
    return None
