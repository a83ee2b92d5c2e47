"""The five components of a framework as a stack; each line of a training step lights up its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from visuals.visual import Prediction, Table, Visual

# From the top of the stack to its ground.
STACK = ("differentiation", "graph", "operations", "tensor", "libraries")
NAMES = {
    "differentiation": "automatic differentiation",
    "graph": "computational graph",
    "operations": "operations on tensors",
    "tensor": "tensor",
    "libraries": "fast libraries (BLAS, cuDNN …)",
}

PREDICT = Prediction(
    "Take the computational graph away. Which line of the step is the first that fails?",
    ("the forward pass", "loss.backward()", "the update of the weights"),
    answer=1,
    because="Forward runs without a record; only the walk back asks for one.",
)


@dataclass(frozen=True)
class Line:
    """One line of a training step that has run: its text, what it used, how long it took."""

    text: str
    uses: tuple[str, ...]
    milliseconds: float
    says: str = ""


@dataclass(frozen=True)
class Missing:
    """What was seen with one component taken away: a slowdown, or the first line that failed.

    fails_at: the line that could not run, counted from 0; None where all ran, only slower.
    """

    says: str
    fails_at: int | None = None


def components(
    lines: Sequence[Line],
    missing: Mapping[str, Missing],
    *,
    predict: Prediction | None = PREDICT,
) -> Visual:
    """A stack of the five components beside a step; each line lights up what it uses.

    Args:
        lines: the step, in the order in which it ran.
        missing: for any of the components what was seen without it.

    Raises:
        ValueError: a line or `missing` names something that is no component.
    """
    named = {use for line in lines for use in line.uses} | set(missing)
    if unknown := named - set(STACK):
        raise ValueError(f"{sorted(unknown)} are no components; there are {list(STACK)}")
    rows: list[tuple[object, ...]] = [
        (line.text, ", ".join(NAMES[use] for use in line.uses), f"{line.milliseconds:.3f}")
        for line in lines
    ]
    rows += [
        (f"without: {NAMES[name]}", each.says, "")
        for name in STACK
        for each in [missing.get(name)]
        if each is not None
    ]
    return Visual(
        "components",
        data={
            "stack": [[name, NAMES[name]] for name in STACK],
            "lines": [
                {
                    "text": line.text,
                    "uses": list(line.uses),
                    "milliseconds": line.milliseconds,
                    "says": line.says,
                }
                for line in lines
            ],
            "missing": {
                name: {"says": each.says, "fails_at": each.fails_at}
                for name, each in missing.items()
            },
        },
        title="Which component does each line of a training step use?",
        description=(
            "Five boxes in a stack: automatic differentiation on top, then the computational "
            "graph, the operations, the tensor, and the fast libraries as the ground. Beside it "
            "the lines of one training step that has run. The current line lights up the boxes it "
            "uses. One box can be taken away; the figure then says what was measured without it."
        ),
        table=Table(("line", "uses, or what was seen", "milliseconds"), rows),
        predict=predict,
    )
