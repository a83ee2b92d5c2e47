"""Weights as small integers: a scale, a zero point, and the error they leave."""

from typing import Any

import numpy as np

from visuals.visual import Prediction, Table, Visual

SHOWN_AT_MOST = 400
PREDICT = Prediction(
    "4 bits instead of 32 make the weights 8 times smaller. What happens to the rounding error "
    "when 8 bits become 4?",
    ("it doubles", "it grows by a factor of about 16", "it grows by a factor of about 256"),
    answer=1,
    because="16 levels instead of 256 over the same range: each step is about 16 times as wide.",
)


def quantize(weights: Any, bits: int, scale: float, zero_point: int) -> np.ndarray:
    """`weights` as integers of `bits` bits: round(w / scale) + zero_point, kept in range."""
    steps = np.round(np.asarray(weights, dtype=np.float64) / scale) + zero_point
    return np.clip(steps, 0, 2**bits - 1).astype(np.int64)


def scale_and_zero_point(weights: Any, bits: int) -> tuple[float, int]:
    """The step and the integer that stands for 0, so that the levels span the weights and 0."""
    values = np.asarray(weights, dtype=np.float64)
    low, high = min(values.min(), 0.0), max(values.max(), 0.0)
    scale = (high - low) / (2**bits - 1)
    return float(scale), round(-low / scale)


def quantization(weights: Any, *, predict: Prediction | None = PREDICT) -> Visual:
    """The staircase of a quantized array, with bits, scale and zero point to drag.

    weights: a tensor or an array with at least two different numbers; at most 400 of them, evenly
    chosen from the sorted ones, are drawn.
    """
    values = np.sort(np.asarray(getattr(weights, "tolist", lambda: weights)(), dtype=float).ravel())
    if len(values) < 2 or values[0] == values[-1]:
        raise ValueError("quantization needs an array with at least two different numbers")
    chosen = np.linspace(0, len(values) - 1, min(len(values), SHOWN_AT_MOST)).round().astype(int)
    rows = []
    for bits in (8, 6, 4, 3, 2):
        scale, zero_point = scale_and_zero_point(values, bits)
        back = (quantize(values, bits, scale, zero_point) - zero_point) * scale
        rows.append((bits, scale, zero_point, float(np.sqrt(np.mean((back - values) ** 2)))))
    return Visual(
        "quantization",
        data={"weights": values[chosen].tolist(), "count": len(values)},
        title="What is left of a weight that has to be one of a few integers?",
        description=(
            "Weights from small to large on the horizontal axis, the value that comes back from "
            "the integer on the vertical axis. The points form a staircase along the diagonal: "
            "the fewer the bits, the wider its steps; outside of the levels it is flat."
        ),
        table=Table(("bits", "scale", "zero point", "root mean square error"), rows),
        predict=predict,
    )
