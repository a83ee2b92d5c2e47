"""The gradient of a broadcast operand, folded back to the operand's own shape."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from visuals.visual import Prediction, Table, Visual

MOST_DIMENSIONS, LONGEST = 3, 6
PREDICT = Prediction(
    "An operand was repeated along a dimension. What is its gradient, from those of the copies?",
    ("their mean", "their sum", "the first one: the copies are equal"),
    answer=1,
    because="Moving the operand moves every copy, and all those effects add.",
)


def unbroadcast(
    gradient: Any, shape: Sequence[int], *, predict: Prediction | None = PREDICT
) -> Visual:
    """How the gradient of a result becomes that of an operand which was broadcast to it.

    Args:
        gradient: what arrived: a tensor, an array or nested lists, of up to three dimensions.
        shape: of the operand.

    Raises:
        ValueError: the operand cannot be broadcast to the gradient's shape, or that is too large
            to be drawn.
    """
    values = np.array(gradient.tolist() if hasattr(gradient, "tolist") else gradient, dtype=float)
    shape = tuple(shape)
    _refuse_unless_drawn(values.shape, shape)
    rows = [
        (str(index), " + ".join(f"{x:g}" for x in parts), float(sum(parts)))
        for index, parts in shares(values, shape).items()
    ]
    return Visual(
        "unbroadcast",
        {
            "values": values.ravel().tolist(),
            "from": list(values.shape),
            "to": list(shape),
            "most": MOST_DIMENSIONS,
            "longest": LONGEST,
        },
        title="Whose gradient is it?",
        description=(
            "A grid of the gradient that arrived and, beside it, the same grid folded step by "
            "step until it has the operand's shape. For a chosen element of the operand, all "
            "cells that are added into it are marked, and their sum is written out."
        ),
        table=Table(("element of the operand", "shares", "gradient"), rows),
        predict=predict,
    )


def shares(values: np.ndarray, shape: tuple[int, ...]) -> dict[tuple[int, ...], list[float]]:
    """For each element of the operand, the gradients of all of its copies."""
    missing = values.ndim - len(shape)
    found: dict[tuple[int, ...], list[float]] = {
        index: [] for index in itertools.product(*map(range, shape))
    }
    for place, value in np.ndenumerate(values):
        own = place[missing:]
        found[tuple(0 if size == 1 else i for i, size in zip(own, shape, strict=True))].append(
            float(value)
        )
    return found


def _refuse_unless_drawn(result: tuple[int, ...], operand: tuple[int, ...]) -> None:
    if len(result) > MOST_DIMENSIONS or any(not 1 <= size <= LONGEST for size in result):
        raise ValueError(
            f"the figure draws up to {MOST_DIMENSIONS} dimensions of 1 to {LONGEST}, not {result}"
        )
    pairs = zip(reversed(operand), reversed(result), strict=False)
    if len(operand) > len(result) or any(own not in (1, size) for own, size in pairs):
        raise ValueError(f"an operand of shape {operand} is not broadcast to {result}")
