"""Rounds of federated averaging: what crosses the line, and what stays where it is."""

from collections.abc import Mapping, Sequence

from visuals.visual import Prediction, Table, Visual

PREDICT = Prediction(
    "In each round, what leaves a member's device?",
    ("its examples", "its examples without their labels", "the numbers of a model"),
    answer=2,
    because="The model comes, is trained on the spot, and goes back. The examples stay.",
)


def federated(
    members: Sequence[Mapping[str, object]],
    accuracies: Sequence[float],
    model_bytes: int,
    *,
    predict: Prediction | None = PREDICT,
) -> Visual:
    """Federated rounds of the reader's own run, phase by phase.

    Args:
        members: each with `name`, `examples` (how many), `holds` (in words), `bytes` (of its
            data) and `alone` (the accuracy of a model trained on its examples only).
        accuracies: of the shared model, before the first round and after each.
        model_bytes: what one model takes on the line.
    """
    if len(accuracies) < 2 or not 2 <= len(members) <= 6:
        raise ValueError(
            f"federated shows 2 to 6 members and one round or more, got {len(members)} members "
            f"and {len(accuracies) - 1} rounds"
        )
    return Visual(
        "federated",
        data={
            "members": [dict(member) for member in members],
            "accuracies": [float(each) for each in accuracies],
            "modelBytes": int(model_bytes),
        },
        title="Who sees what when a model is trained on data that stay with their owners?",
        description=(
            "A server on the left, its members on the right with their examples. In each round the "
            "model goes to every member, is trained there, and the changed models go back to the "
            "server, which averages them. The examples never move."
        ),
        table=Table(
            ("round", "accuracy of the shared model", "bytes over the line so far"),
            [
                (k, float(accuracy), 2 * k * len(members) * model_bytes)
                for k, accuracy in enumerate(accuracies)
            ],
        ),
        predict=predict,
    )
