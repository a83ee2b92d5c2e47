"""Optimizers that race on a surface, and runs of a reader's own training."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from visuals.surfaces import SURFACES, Surface, descent, height, optimizers
from visuals.visual import Prediction, Table, Visual

RATES = (
    0.001, 0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.075, 0.08, 0.085,
    0.09, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0, 1.05, 1.1, 1.5,
)  # fmt: skip
NAMES = ("SGD", "momentum", "Nesterov", "RMSprop", "Adam")
PREDICT = Prediction(
    "All start at the same point with the same learning rate, 0.05. Whose loss is lowest "
    "after 60 steps?",
    ("plain SGD", "SGD with momentum", "Nesterov's momentum", "RMSprop", "Adam"),
    None,
    "Then move the learning rate: the order changes.",
)


def race(
    lib: Any,
    surface: str = "ravine",
    *,
    names: Sequence[str] = NAMES,
    lr: float = 0.05,
    momentum: float = 0.9,
    start: Sequence[float] | None = None,
    steps: int = 60,
    predict: Prediction | None = PREDICT,
) -> Visual:
    """Paths and losses of optimizers from one start, for any learning rate and momentum.

    Args:
        lib: `dltk` or `torch`, whose optimizers make the recorded runs.
        surface: a name of `visuals.surfaces.SURFACES`, or a formula such as `"x**2 + sin(3*y)"`.
        names: of the optimizers, at most six.

    Raises:
        ValueError: `surface` is neither a name nor a formula.
    """
    known = dict(SURFACES)
    if surface not in known:
        known["own"], surface = Surface(surface, surface), "own"
    if start is not None:
        shape = known[surface]
        known[surface] = Surface(shape.label, shape.formula, shape.x, shape.y, (start[0], start[1]))
    chosen = known[surface]
    made = optimizers(lib, lr, momentum)
    recorded = {
        name: descent(lib, chosen.formula, chosen.start, made[name], steps) for name in names
    }
    rows = []
    for name, points in recorded.items():
        x, y = (lib.tensor(v, dtype=lib.float64) for v in points[-1])
        loss = height(lib, chosen.formula, x, y).item()
        shown = [value if abs(value) < 1e6 else f"{value:.3e}" for value in (*points[-1], loss)]
        rows.append((name, len(points) - 1, *shown))
    return Visual(
        "race",
        data={
            "surfaces": {name: vars(each) for name, each in known.items()},
            "order": list(known),
            "surface": surface,
            "optimizers": list(names),
            "lr": lr,
            "momentum": momentum,
            "rates": sorted({*RATES, lr}),
            "steps": steps,
            "recorded": recorded,
        },
        title="Who is first down?",
        description=f"Lines of equal height of {chosen.formula} with the paths of "
        f"{', '.join(names)} from the point {chosen.start}, and their losses against the step. "
        "Sliders set the learning rate, the momentum and the step.",
        table=Table(("optimizer", "steps", "x", "y", "loss"), rows),
        predict=predict,
        scripts=("strokes", "optimizers", "formula", "contours", "race_runs"),
    )


def race_of_runs(
    runs: Mapping[str, Sequence[float]],
    *,
    ylabel: str = "loss",
    title: str = "Who is first down on the reader's own model?",
    predict: Prediction | None = None,
) -> Visual:
    """Losses that were recorded in training, a run for each name, to compare step by step.

    Args:
        predict: by default the figure asks whose loss is lowest after a fifth of the steps.

    Raises:
        ValueError: no runs, or a run without losses.
    """
    if not runs or not all(len(losses) for losses in runs.values()):
        raise ValueError("race_of_runs needs runs, each with one loss or more")
    finite = {
        name: [float(loss) if math.isfinite(loss) else None for loss in losses]
        for name, losses in runs.items()
    }
    rows = [(name, len(losses), losses[0], losses[-1]) for name, losses in runs.items()]
    if predict is None and len(runs) > 1:
        predict = _who_leads_early(finite)
    return Visual(
        "race",
        data={"runs": finite, "names": list(runs), "ylabel": ylabel},
        title=title,
        description=f"The {ylabel} against the step on a logarithmic axis, one line with a dash "
        f"of its own for each of {', '.join(runs)}. Sliders set the step and a running mean.",
        table=Table(("run", "steps", f"first {ylabel}", f"last {ylabel}"), rows),
        predict=predict,
        scripts=("strokes", "optimizers", "formula", "contours", "race_runs"),
    )


def _who_leads_early(runs: Mapping[str, Sequence[float | None]]) -> Prediction:
    at = min(len(losses) for losses in runs.values()) // 5
    names = tuple(runs)

    def loss(name: str) -> float:
        found = runs[name][at]
        return math.inf if found is None else found

    return Prediction(
        f"Whose loss is lowest after {at} steps, a fifth of the run?",
        names,
        names.index(min(names, key=loss)),
        "Move the step back to see it.",
    )
