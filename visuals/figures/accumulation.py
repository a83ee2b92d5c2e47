"""What `.grad` holds after several backward passes, with and without emptying it in between."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from visuals.visual import Prediction, Table, Visual

PREDICT = Prediction(
    "Nobody empties .grad between the passes. What does it hold after the last one?",
    ("the gradient of the last pass", "the sum over all passes", "the mean over all passes"),
    answer=1,
    because="backward() adds to .grad and never overwrites it.",
)


def accumulation(
    program: Callable[[], Any],
    leaves: Mapping[str, Any],
    *,
    calls: int = 3,
    predict: Prediction | None = PREDICT,
) -> Visual:
    """Several backward passes over fresh graphs, and what each leaves in `.grad`.

    Args:
        program: runs forward and returns the loss, a tensor with one element.
        leaves: names and leaf tensors of the program; their `.grad` is `None` afterwards.
        calls: how many passes.
    """
    losses, alone = _passes(program, leaves, calls, emptied=True)
    _, kept = _passes(program, leaves, calls, emptied=False)
    rows = [
        (call + 1, losses[call], name, _words(alone[call][name]), _words(kept[call][name]))
        for call in range(calls)
        for name in leaves
    ]
    return Visual(
        "accumulation",
        data={"leaves": list(leaves), "losses": losses, "alone": alone, "kept": kept},
        title="What is in .grad after each pass?",
        description=(
            f"A loop runs forward and backward {calls} times. A stack stands for the .grad of each "
            "leaf: every pass puts its gradient on top, and the sum is what .grad holds. With "
            "emptying switched on, the stack is taken away before the next pass."
        ),
        table=Table(("pass", "loss", "leaf", "this pass sends", ".grad, never emptied"), rows),
        predict=predict,
    )


def _passes(
    program: Callable[[], Any], leaves: Mapping[str, Any], calls: int, emptied: bool
) -> tuple[list[float], list[dict[str, list[float]]]]:
    losses, grads = [], []
    _empty(leaves)
    for _ in range(calls):
        if emptied:
            _empty(leaves)
        loss = program()
        loss.backward()
        losses.append(float(loss.item()))
        grads.append({name: _numbers(leaf.grad) for name, leaf in leaves.items()})
    _empty(leaves)
    return losses, grads


def _empty(leaves: Mapping[str, Any]) -> None:
    for leaf in leaves.values():
        leaf.grad = None


def _numbers(grad: Any) -> list[float]:
    return [] if grad is None else [float(value) for value in grad.detach().flatten().tolist()]


def _words(numbers: list[float]) -> str:
    return ", ".join(f"{value:g}" for value in numbers) or "None"
