"""Training and validation curves of two runs, one without and one with a leak."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from visuals.visual import Prediction, Table, Visual

PARTS = ("training", "validation", "test")
PREDICT = Prediction(
    "By mistake the samples that are held out for validation are in the training set as well. "
    "What does the validation curve look like?",
    (
        "worse, because the model is confused",
        "far better, though the model is hardly better",
        "unchanged, validation does not train",
    ),
    1,
    "The model has seen the answers: the curve no longer says anything about new samples.",
)
Run = Mapping[str, Mapping[str, Sequence[float]]]


def curves(clean: Run, leak: Run, *, predict: Prediction | None = PREDICT) -> Visual:
    """What two runs measured after each epoch, with a switch for the leak.

    Args:
        clean: for each measure ("loss", "accuracy") the values of training, validation and test.
        leak: the same of a run whose validation samples are in its training set.

    Raises:
        ValueError: a part is missing, or the runs differ in their measures or lengths.
    """
    lengths = {
        len(run[measure][part]) for run in (clean, leak) for measure in run for part in PARTS
    }
    if list(clean) != list(leak) or len(lengths) != 1 or 0 in lengths:
        raise ValueError("curves needs the same measures, parts and epochs for both runs")
    (epochs,) = lengths
    rows = [
        (name, measure, epoch, *(float(run[measure][part][epoch - 1]) for part in PARTS))
        for name, run in (("without leak", clean), ("with leak", leak))
        for measure in run
        for epoch in sorted({1, (epochs + 1) // 2, epochs})
    ]
    as_lists = {
        name: {m: {part: [float(v) for v in run[m][part]] for part in PARTS} for m in run}
        for name, run in (("clean", clean), ("leak", leak))
    }
    return Visual(
        "curves",
        data={"runs": as_lists, "measures": list(clean)},
        title="Which curve may I believe?",
        description=f"The {' and the '.join(clean)} of the training set and of the validation set "
        "against the epoch. A switch puts the validation samples into the training set; another "
        "one opens the test set, which no decision has seen.",
        table=Table(("run", "measure", "epoch", *PARTS), rows),
        predict=predict,
        scripts=("strokes",),
    )
