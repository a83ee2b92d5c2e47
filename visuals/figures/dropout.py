"""Dropout: one mask after another, and what their average does."""

from __future__ import annotations

from typing import Any

from visuals.visual import Prediction, Table, Visual

PREDICT = Prediction(
    "With p = 0.3 about 30 % of the values become 0. What happens to the others in training?",
    ("They stay as they are", "They are multiplied by 0.7", "They are divided by 0.7"),
    answer=2,
    because="So the expected value stays: 0.7 of the time x / 0.7, else 0, is x on average.",
)


def dropout(
    values: Any, p: float = 0.3, *, seed: int = 0, predict: Prediction | None = PREDICT
) -> Visual:
    """Values before and after dropout, and the average over as many masks as one likes.

    Args:
        values: a few numbers, for example activations of a layer.
        p: the probability with which a value becomes 0.
    """
    numbers = [float(each) for each in (values.tolist() if hasattr(values, "tolist") else values)]
    if not 0 <= p < 1:
        raise ValueError(f"p is a probability below 1 here, got {p}")
    scale = 1 / (1 - p)
    return Visual(
        "dropout",
        data={"values": numbers, "p": p, "seed": seed},
        title="Some values are gone: what keeps the average where it was?",
        description="Bars for a few values before dropout and after it with one random mask; "
        "dropped values are drawn as empty bars. Below, the mean of all outputs so far is drawn "
        "against the number of masks, with the mean of the values themselves as a level line.",
        table=Table(
            ("value", "dropped", "kept, in training", "expected", "in evaluation"),
            [(each, 0.0, each * scale, each, each) for each in numbers],
        ),
        predict=predict,
    )
