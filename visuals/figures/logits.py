"""From logits to a loss: softmax, the probability of the right class, and its logarithm."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log
from typing import Any

from visuals.visual import Prediction, Table, Visual

PREDICT = Prediction(
    "A model ends in a softmax, and its loss applies softmax too. Its best loss is 0 without the "
    "extra softmax. How low can the loss get with it?",
    ("as low: 0", "not below 0.55, for three classes", "it turns negative"),
    answer=1,
    because=(
        "Probabilities lie between 0 and 1, so as logits they differ by 1 at most: "
        "log(1 + 2/e) is 0.551445."
    ),
)


def logits(
    values: Any = (2.0, 1.0, 0.1),
    target: int = 0,
    *,
    names: Sequence[str] | None = None,
    predict: Prediction | None = PREDICT,
) -> Visual:
    """What cross-entropy does with the outputs of a model, with a softmax too many at a switch.

    Args:
        values: two to ten logits, numbers or a tensor of the reader's own model.
        target: the right class.
        names: of the classes.
    """
    row = _numbers(values)
    if not 2 <= len(row) <= 10:
        raise ValueError(f"the figure shows 2 to 10 logits, got {len(row)}")
    if not 0 <= target < len(row):
        raise ValueError(f"target {target} is none of the {len(row)} classes")
    classes = [str(each) for each in (range(len(row)) if names is None else names)]
    if len(classes) != len(row):
        raise ValueError(f"{len(classes)} names for {len(row)} logits")
    probability = _softmax(row)
    rows: list[tuple[Any, ...]] = [
        (name, value, share, share - (at == target))
        for at, (name, value, share) in enumerate(zip(classes, row, probability, strict=True))
    ]
    once, twice = -log(probability[target]), -log(_softmax(probability)[target])
    rows += [
        ("loss of softmax once", once, "", ""),
        ("loss of softmax twice", twice, "", ""),
    ]
    return Visual(
        "logits",
        data={"logits": row, "target": target, "names": classes},
        title="From logits to a loss",
        description=(
            "A slider for each logit. Bars show the probabilities that softmax makes of them; "
            "beside them stand the loss, which is minus the logarithm of the right class's "
            "probability, and its gradient by each logit. A switch puts a second softmax in "
            "between, and the loss can no longer come near 0."
        ),
        table=Table(("class", "logit", "probability", "gradient of the loss"), rows),
        predict=predict,
    )


def _numbers(values: Any) -> list[float]:
    """A list of floats from numbers or from a tensor."""
    flat = values.detach().flatten().tolist() if hasattr(values, "detach") else values
    return [float(each) for each in flat]


def _softmax(values: Sequence[float]) -> list[float]:
    largest = max(values)
    powers = [exp(each - largest) for each in values]
    return [each / sum(powers) for each in powers]
