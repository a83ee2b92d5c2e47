"""The Jacobian of a function, filled by forward passes and by backward passes."""

from __future__ import annotations

from typing import Any

from visuals.visual import Prediction, Table, Visual

MOST = 12
PREDICT = Prediction(
    "A function has 5 inputs and 3 outputs. Which mode fills its Jacobian in fewer passes?",
    ("forward mode, in 3", "reverse mode, in 3", "forward mode, in 5"),
    answer=1,
    because="A backward pass fills a row, and there is a row for each output.",
)


def sweeps(
    inputs: int = 5,
    outputs: int = 3,
    *,
    jacobian: Any = None,
    predict: Prediction | None = PREDICT,
) -> Visual:
    """Passes of forward mode and of reverse mode, counted for n inputs and m outputs.

    Args:
        inputs, outputs: what the figure begins with, 1 to 12 each.
        jacobian: the matrix of a run, a row for each output: its numbers are what the passes fill
            in, and its shape is what the figure begins with.

    Raises:
        ValueError: there are fewer than 1 or more than 12 inputs or outputs.
    """
    matrix = None
    if jacobian is not None:
        rows = jacobian.tolist() if hasattr(jacobian, "tolist") else jacobian
        matrix = [[float(x) for x in row] for row in rows]
        outputs, inputs = len(matrix), len(matrix[0])
    if not (1 <= inputs <= MOST and 1 <= outputs <= MOST):
        raise ValueError(f"{inputs} inputs and {outputs} outputs: the figure draws 1 to {MOST}")
    sizes = dict.fromkeys([(inputs, outputs), (1, 12), (12, 1), (12, 12)])
    return Visual(
        "sweeps",
        {"inputs": inputs, "outputs": outputs, "jacobian": matrix, "most": MOST},
        title="A column a pass, or a row a pass",
        description=(
            "Two grids of the same Jacobian, a row for each output and a column for each input. "
            "In the first, each forward pass fills one column; in the second, each backward pass "
            "fills one row. The passes are counted."
        ),
        table=Table(
            ("inputs", "outputs", "forward passes", "backward passes"),
            [(n, m, n, m) for n, m in sizes],
        ),
        predict=predict,
    )
