"""Samples on their way into batches: the sampler's order, the cuts, and collate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from visuals.visual import Prediction, Table, Visual

EPOCHS = 4
PREDICT = Prediction(
    "12 samples, batches of 5, drop_last on, shuffle on. Are the same samples left out in every "
    "epoch?",
    ("yes, the last two of the data set", "no, which ones changes with the order"),
    1,
    "Dropped is what stands last in the sampler's order, and that is drawn anew each epoch.",
)


def orders(lib: Any, count: int, seed: int) -> list[list[int]]:
    """The order of the indices in each epoch, as a shuffling sampler of `lib` draws them."""
    generator = lib.Generator().manual_seed(seed)
    sampler = lib.utils.data.RandomSampler(range(count), generator=generator)
    return [[int(index) for index in sampler] for _ in range(EPOCHS)]


def batches(
    lib: Any,
    labels: Sequence[int] = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1),
    *,
    batch_size: int = 5,
    shape: Sequence[int] = (1, 8, 8),
    seed: int = 0,
    predict: Prediction | None = PREDICT,
) -> Visual:
    """Which sample goes into which batch, for any batch size, with and without shuffling.

    Args:
        lib: `dltk` or `torch`, whose `RandomSampler` draws the orders.
        labels: the class of each sample, 2 to 20 of them.
        shape: of one picture.

    Raises:
        ValueError: fewer than 2 or more than 20 samples, or a batch size that does not fit.
    """
    if not 2 <= len(labels) <= 20 or not 1 <= batch_size <= len(labels):
        raise ValueError(f"{len(labels)} samples in batches of {batch_size} cannot be drawn")
    drawn = orders(lib, len(labels), seed)
    rows = []
    for epoch, order in enumerate(drawn, start=1):
        cut = [order[k : k + batch_size] for k in range(0, len(order), batch_size)]
        rows.append((epoch, *(" ".join(map(str, batch)) for batch in cut)))
    return Visual(
        "batches",
        data={
            "labels": [int(label) for label in labels],
            "orders": drawn,
            "shape": list(shape),
            "batchSize": batch_size,
        },
        title="Which sample goes into which batch?",
        description=f"Three rows of cells: {len(labels)} samples of a data set, the same samples "
        "in the order of the sampler, and that order cut into batches. One sample is followed "
        "down through the rows. Controls set batch_size, shuffle, drop_last and the epoch.",
        table=Table(("epoch", *(f"batch {k + 1}" for k in range(len(rows[0]) - 1))), rows),
        predict=predict,
    )
