"""What every framework is given: the point, the digits, the first weights, the squares."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np

POINT = (2.0, 5.0)
SQUARES = (2.0, 100.0)
STEPS, BATCH, RATE = 20, 64, 0.5
SIZES = (64, 32, 10)


def write(path: Path) -> dict[str, object]:
    """Write the inputs as an .npz that the oldest NumPy reads, and describe them."""
    # Takes two seconds to import, which a misspelled name need not wait for.
    from sklearn.datasets import load_digits

    digits = load_digits()
    count = STEPS * BATCH
    draw = np.random.RandomState(0)
    first, second = (
        {
            "w": _uniform(draw, (outputs, inputs), inputs),
            "b": _uniform(draw, (outputs,), inputs),
        }
        for inputs, outputs in pairwise(SIZES)
    )
    np.savez(
        path,
        point=np.array(POINT),
        squares=np.array(SQUARES),
        images=(digits.data[:count] / 16).astype(np.float32),
        labels=digits.target[:count].astype(np.int64),
        w1=first["w"],
        b1=first["b"],
        w2=second["w"],
        b2=second["b"],
        rate=np.array(RATE),
        batch=np.array(BATCH),
    )
    return {
        "point": list(POINT),
        "squares": list(SQUARES),
        "network": list(SIZES),
        "steps": STEPS,
        "batch": BATCH,
        "rate": RATE,
    }


def _uniform(draw: np.random.RandomState, shape: tuple[int, ...], inputs: int) -> np.ndarray:
    bound = 1 / np.sqrt(inputs)
    return draw.uniform(-bound, bound, shape).astype(np.float32)
