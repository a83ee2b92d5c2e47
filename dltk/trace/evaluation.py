"""The forward trace of a function at a point, with the tangents of one direction or without."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from dltk.trace.rows import Row
from dltk.trace.run import Source, as_tensors, observed
from dltk.trace.table import Shown, Table, forward_table


class EvaluationTrace(Shown):
    """The rows of a run; `trace["v3"]` and `trace[-1]` are rows of it."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __getitem__(self, key: int | str) -> Row:
        if isinstance(key, int):
            return self.rows[key]
        for row in self.rows:
            if row.name == key:
                return row
        raise KeyError(f"no row {key!r}; there are {', '.join(row.name for row in self.rows)}")

    @property
    def value(self) -> np.ndarray:
        """The value of the last row."""
        return self.rows[-1].value

    @property
    def tangent(self) -> np.ndarray | None:
        """The tangent of the last row."""
        return self.rows[-1].tangent

    def table(self) -> Table:
        return forward_table(self.rows)


def evaluate(
    source: Source,
    function: Callable,
    primals: Sequence[Any],
    tangents: Sequence[Any] | None = None,
    names: Sequence[str] | None = None,
) -> EvaluationTrace:
    """Run `function` on `primals` and record a row for each operation.

    primals: tensors, or numbers, which become float64. tangents: as many, of the same shapes.
    """
    primals = as_tensors(source.lib, primals)
    if tangents is not None:
        if len(tangents) != len(primals):
            raise ValueError(
                f"{len(primals)} primals need {len(primals)} tangents, got {len(tangents)}"
            )
        tangents = as_tensors(source.lib, tangents)
    return EvaluationTrace(observed(source, function, primals, tangents, names).trace.rows)
