"""The training loop as a wheel with removable parts, and runs that were recorded without them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from visuals.visual import Prediction, Table, Visual

Run = Mapping[str, Sequence[float]]
STEPS = (
    ("shuffle", "shuffle", "a new order of the samples for each epoch.",
     "neighbors in the data set stay neighbors, here all zeros first, then all ones."),
    ("train", "model.train()", "BatchNorm uses the batch's statistics, Dropout drops.",
     "the model stays in the mode in which the last evaluation left it."),
    ("zero_grad", "zero_grad()", "the gradients of the last step are taken away.",
     "backward adds to the old gradients: each step follows the sum of all gradients so far."),
    ("forward", "forward", "the outputs of the model, and the record of how they came about.", ""),
    ("loss", "loss", "one number: how far the outputs are from the targets.", ""),
    ("backward", "backward()", "a gradient beside each parameter; no parameter changes.",
     "there are no gradients, and step has nothing to go by."),
    ("step", "step()", "the optimizer changes the parameters by their gradients.",
     "gradients are computed and nothing is done with them."),
    ("eval", "model.eval()", "before measuring: running statistics, and nothing is dropped.",
     "accuracy is measured with the batch's statistics, and measuring changes the model."),
)  # fmt: skip
PREDICT = Prediction(
    "Five runs, each without one part of the loop. Which omission does the most harm to the "
    "accuracy, apart from never taking a step?",
    ("zero_grad", "train", "shuffle", "eval"),
    None,
    "Leave out one after the other and read the last accuracy.",
)


def training_loop(
    runs: Mapping[str, Run], epochs: int, *, predict: Prediction | None = PREDICT
) -> Visual:
    """The loop's parts in their order, and what training looks like without one of them.

    Args:
        runs: by the name of the part that was left out, `"nothing"` among them; each has its
            `"losses"`, one a step, and its `"accuracies"`, one an epoch.
        epochs: of each run.

    Raises:
        ValueError: there is no complete run, or a run without a part that the loop does not have.
    """
    parts = {name for name, *_ in STEPS}
    if "nothing" not in runs or not set(runs) - {"nothing"} <= parts:
        raise ValueError(f"training_loop needs a run without 'nothing' and parts of {parts}")
    recorded = {
        name: {
            kind: [float(v) if math.isfinite(v) else None for v in run[kind]]
            for kind in ("losses", "accuracies")
        }
        for name, run in runs.items()
    }
    rows = [
        (name, float(run["losses"][0]), float(run["losses"][-1]), float(run["accuracies"][-1]))
        for name, run in runs.items()
    ]
    return Visual(
        "training_loop",
        data={
            "steps": [
                dict(zip(("name", "code", "does", "without"), step, strict=True)) for step in STEPS
            ],
            "runs": recorded,
            "names": list(runs),
            "epochs": epochs,
        },
        title="What does each part of the loop do?",
        description="The parts of the training loop on a wheel, in their order: "
        f"{', '.join(code for _, code, *_ in STEPS)}. One part at a time is left out, and the "
        "losses and accuracies of a run without it stand beside those of the complete run. Below "
        "stand all runs under letters, to say which is which.",
        table=Table(("left out", "first loss", "last loss", "last accuracy"), rows),
        predict=predict,
        scripts=("strokes",),
    )
