"""Workers in a ring add up their gradients until each holds the mean."""

from collections.abc import Sequence

import numpy as np

from visuals.visual import Prediction, Table, Visual

EXAMPLE = (
    (4, 8, 0, 12, 4, 8),
    (0, 4, 8, 4, 12, 0),
    (8, 0, 4, 8, 0, 16),
    (4, 4, 4, 0, 8, 8),
    (12, 8, 4, 4, 4, 0),
    (8, 12, 4, 8, 8, 4),
)
PREDICT = Prediction(
    "With 4 workers and 400 MB of gradients, how much does each worker send in a ring?",
    ("1,200 MB, all of it to the three others", "600 MB", "400 MB, all of it once"),
    answer=1,
    because="A quarter at a time, 3 steps to add and 3 steps to hand round: 6 × 100 MB.",
)


def all_reduce(
    gradients: Sequence[Sequence[float]] = EXAMPLE, *, predict: Prediction | None = PREDICT
) -> Visual:
    """A ring all-reduce, step by step.

    gradients: one row a worker, 2 to 6 workers, each with at least as many numbers as there are
    workers. `ValueError` otherwise.
    """
    rows = np.asarray(gradients, dtype=np.float64)
    if rows.ndim != 2 or not 2 <= len(rows) <= 6 or rows.shape[1] < len(rows):
        raise ValueError(
            "all_reduce needs 2 to 6 workers, and for each as many numbers as there are workers "
            f"or more; got an array of shape {rows.shape}"
        )
    rows = rows[:, : len(rows)]
    means = rows.mean(axis=0)
    return Visual(
        "all_reduce",
        data={"gradients": rows.tolist()},
        title="How do workers agree on one gradient when nobody is in charge?",
        description=(
            "Workers stand in a ring. In each step every worker sends one part of its gradient to "
            "its right neighbor, which adds it. After one round of adding and one round of "
            "handing on, every worker holds the mean of all gradients."
        ),
        table=Table(
            ("worker", *(f"part {part}" for part in range(len(rows)))),
            [
                *((f"worker {k} at first", *row) for k, row in enumerate(rows.tolist())),
                ("each worker at the end", *means.tolist()),
            ],
        ),
        predict=predict,
    )
