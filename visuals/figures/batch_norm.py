"""Batch normalization of one channel: by the batch in training, by running statistics after it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from visuals.visual import Prediction, Table, Visual

PREDICT = Prediction(
    "In training mode you move the batch mates of a number to the right and leave the number "
    "itself alone. What does its normalized value do?",
    ("It stays: the number did not change", "It goes up", "It goes down"),
    answer=2,
    because="The batch's mean moves to the right, and the number is measured from the mean.",
)


def batch_norm(
    batch: Any,
    *,
    running_mean: float = 0.0,
    running_var: float = 1.0,
    weight: float = 1.0,
    bias: float = 0.0,
    eps: float = 1e-5,
    momentum: float = 0.1,
    predict: Prediction | None = PREDICT,
) -> Visual:
    """One number and its batch mates before and after batch normalization, in both modes.

    Args:
        batch: the numbers of one channel; the first is the one the figure looks at.
        running_mean, running_var: the running statistics when the figure opens.
        weight, bias, eps, momentum: as in `nn.BatchNorm1d`.
    """
    numbers = [float(each) for each in (batch.tolist() if hasattr(batch, "tolist") else batch)]
    if len(numbers) < 2:
        raise ValueError(f"a batch has two numbers or more here, got {len(numbers)}")
    mean, var = statistics(numbers)
    trained = normalized(numbers, mean, var, weight, bias, eps)
    evaluated = normalized(numbers, running_mean, running_var, weight, bias, eps)
    return Visual(
        "batch_norm",
        data={
            "batch": numbers,
            "running": [float(running_mean), float(running_var)],
            "weight": float(weight),
            "bias": float(bias),
            "eps": eps,
            "momentum": momentum,
        },
        title="Whose mean and variance normalize this number?",
        description="Two number lines. The upper one shows the numbers of a batch, the lower one "
        "what batch normalization makes of each, joined by lines. In training mode the batch's own "
        "mean and variance are used, in evaluation mode the running ones. Controls move the batch "
        "mates, and a button lets the running statistics follow.",
        table=Table(
            ("number", "in training mode", "in evaluation mode"),
            list(zip(numbers, trained, evaluated, strict=True)),
        ),
        predict=predict,
    )


def statistics(numbers: Sequence[float]) -> tuple[float, float]:
    """Mean and biased variance: the sum of squares divided by how many there are."""
    mean = sum(numbers) / len(numbers)
    return mean, sum((each - mean) ** 2 for each in numbers) / len(numbers)


def normalized(
    numbers: Sequence[float], mean: float, var: float, weight: float, bias: float, eps: float
) -> list[float]:
    """What batch normalization gives with this mean and this variance."""
    scale = weight / math.sqrt(var + eps)
    return [(each - mean) * scale + bias for each in numbers]
