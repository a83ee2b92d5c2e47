"""The plane of learning rate and momentum of a quadratic, and the run that a point selects."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from visuals.visual import Prediction, Table, Visual

POINTS = (
    (0.01, 0.0),
    (0.04, 0.0),
    (0.079, 0.0),
    (0.081, 0.0),
    (0.04, 0.9),
    (0.1, 0.5),
    (0.15, 0.9),
)
PREDICT = Prediction(
    "Without momentum this bowl diverges for learning rates above 0.08. What does momentum 0.9 "
    "do to that limit?",
    ("it lowers it", "it leaves it at 0.08", "it nearly doubles it"),
    2,
    "The limit is 2 (1 + momentum) / curvature.",
)


def rate(curvatures: Sequence[float], lr: float, momentum: float) -> float:
    """The factor that is left of the error after each step, in the long run; above 1 it grows."""
    factors = []
    for curvature in curvatures:
        middle = 1 + momentum - lr * curvature
        under = middle * middle - 4 * momentum
        if under < 0:
            factors.append(math.sqrt(momentum))
        else:
            factors.append((abs(middle) + math.sqrt(under)) / 2)
    return max(factors)


def best_point(curvatures: Sequence[float]) -> tuple[float, float]:
    """The learning rate and the momentum with the smallest `rate` (B. Polyak, 1964)."""
    low, high = math.sqrt(min(curvatures)), math.sqrt(max(curvatures))
    return (2 / (low + high)) ** 2, ((high - low) / (high + low)) ** 2


def loss_after(
    lib: Any,
    curvatures: Sequence[float],
    start: Sequence[float],
    lr: float,
    momentum: float,
    steps: int,
) -> float:
    """The loss of the quadratic after a run of `lib.optim.SGD`."""
    w = lib.tensor([float(v) for v in start], dtype=lib.float64, requires_grad=True)
    c = lib.tensor([float(v) for v in curvatures], dtype=lib.float64)
    optimizer = lib.optim.SGD([w], lr=lr, momentum=momentum)
    for _ in range(steps):
        optimizer.zero_grad()
        (0.5 * c * w * w).sum().backward()
        optimizer.step()
    return float((0.5 * c * w * w).sum().item())


def momentum_plane(
    lib: Any,
    curvatures: Sequence[float] = (1.0, 25.0),
    *,
    start: Sequence[float] = (-2.0, 0.8),
    lr: float = 0.04,
    momentum: float = 0.0,
    steps: int = 60,
    predict: Prediction | None = PREDICT,
) -> Visual:
    """Where in the plane SGD with momentum converges on a quadratic, and how fast.

    Args:
        lib: `dltk` or `torch`, whose SGD makes the runs of the table.
        curvatures: of the quadratic along each of its axes, all positive.
        start: one coordinate for each curvature.

    Raises:
        ValueError: a curvature that is not positive, or not one coordinate for each.
    """
    if not all(curvature > 0 for curvature in curvatures) or len(start) != len(curvatures):
        raise ValueError(f"momentum_plane needs positive curvatures, got {tuple(curvatures)}")
    points = [*POINTS, best_point(curvatures)]
    rows = [
        (a, b, rate(curvatures, a, b), f"{loss_after(lib, curvatures, start, a, b, steps):.3e}")
        for a, b in points
    ]
    return Visual(
        "momentum_plane",
        data={
            "curvatures": list(curvatures),
            "start": list(start),
            "steps": steps,
            "bound": 4.4 / max(curvatures),
            "lr": lr,
            "momentum": momentum,
        },
        title="Which learning rates and momenta converge?",
        description="Left the plane of learning rate and momentum: shaded where SGD converges on "
        f"a quadratic with the curvatures {tuple(curvatures)}, the stronger the shade the faster, "
        "with a slanted border on the right. A point in it is dragged or moved by sliders; beside "
        "the plane stands the loss of the run that the point selects.",
        table=Table(
            ("learning rate", "momentum", "left after a step", f"loss after {steps} steps"), rows
        ),
        predict=predict,
        scripts=("strokes", "optimizers"),
    )
