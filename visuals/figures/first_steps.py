"""The lengths of the first steps of optimizers under gradients of very different sizes."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from visuals.surfaces import optimizers
from visuals.visual import Prediction, Table, Visual

NAMES = ("SGD", "momentum", "RMSprop", "Adam")
UNCORRECTED = "Adam, uncorrected"
PREDICT = Prediction(
    "The learning rate is 0.1. One weight has the gradient 0.001, another one 1000. How much "
    "longer is Adam's first step for the second weight?",
    ("a million times", "about 30 times", "not at all"),
    2,
    "Adam divides the gradient by its own size: the first step is the learning rate.",
)


def lengths(lib: Any, name: str, gradient: float, lr: float, count: int) -> list[float]:
    """How far `lib`'s optimizer moves in each of its first steps, if the gradient stays."""
    w = lib.zeros(1, dtype=lib.float64, requires_grad=True)
    optimizer = optimizers(lib, lr, 0.9)[name]([w])
    places = [0.0]
    for _ in range(count):
        w.grad = lib.full((1,), float(gradient), dtype=lib.float64)
        optimizer.step()
        places.append(w.item())
    return [before - after for before, after in itertools.pairwise(places)]


def first_steps(
    lib: Any,
    *,
    lr: float = 0.1,
    gradients: Sequence[float] = (1e-3, 1.0, 1e3),
    count: int = 20,
    predict: Prediction | None = PREDICT,
) -> Visual:
    """How long a step is, for each optimizer, gradient and number of the step.

    Args:
        lib: `dltk` or `torch`, whose optimizers make the recorded steps.
        gradients: each stays the same during its run.
        count: of steps.
    """
    recorded = {
        name: [lengths(lib, name, gradient, lr, count) for gradient in gradients] for name in NAMES
    }
    rows = [
        (name, f"{gradient:g}", *recorded[name][k][:3])
        for name in NAMES
        for k, gradient in enumerate(gradients)
    ]
    return Visual(
        "first_steps",
        data={
            "names": [*NAMES, UNCORRECTED],
            "lr": lr,
            "gradients": list(gradients),
            "count": count,
            "recorded": recorded,
        },
        title="How long is a step?",
        description="The length of a step against the gradient, and against the number of the "
        "step, on logarithmic axes. SGD's step grows in proportion to the gradient; the lines of "
        "RMSprop and Adam are level. Sliders set the gradient, the step and the learning rate.",
        table=Table(("optimizer", "gradient", "step 1", "step 2", "step 3"), rows),
        predict=predict,
        scripts=("strokes", "optimizers"),
    )
