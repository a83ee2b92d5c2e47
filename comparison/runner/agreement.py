"""Whether a framework computed what PyTorch computed."""

from __future__ import annotations

from typing import Any

LOSS_TOLERANCE = 1e-5
VALUE_TOLERANCE = 1e-5


def compare(got: dict[str, Any], wanted: dict[str, Any]) -> tuple[bool, list[str]]:
    """Whether all that was done agrees, and a sentence for each part that does not.

    Args:
        got: what one_framework.py wrote: any of "formula", "training", "loop".
        wanted: the same from PyTorch, with all three.
    """
    complaints = []
    if "formula" in got:
        complaints += _formula(got["formula"], wanted["formula"])
    if "training" in got:
        complaints += _training(got, wanted["training"])
    if "loop" in got:
        complaints += _loop(got["loop"], wanted["loop"])
    did = any(part in got for part in ("formula", "training", "loop"))
    return did and not complaints, complaints if did else ["it did none of the three tasks"]


def loss_difference(got: dict[str, Any], wanted: dict[str, Any]) -> float | None:
    """The largest difference between its losses and PyTorch's; None where it has none."""
    if "training" not in got or not got["training"]["losses"]:
        return None
    pairs = zip(got["training"]["losses"], wanted["training"]["losses"], strict=False)
    return max(abs(mine - theirs) for mine, theirs in pairs)


def _far(mine: float, theirs: float, tolerance: float) -> bool:
    return not abs(mine - theirs) <= tolerance


def _formula(got: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    if len(got["gradient"]) != len(wanted["gradient"]):
        return [f"the formula's gradient has {len(got['gradient'])} entries"]
    pairs = [(got["value"], wanted["value"])]
    pairs += zip(got["gradient"], wanted["gradient"], strict=True)
    if any(_far(a, b, VALUE_TOLERANCE * max(1, abs(b))) for a, b in pairs):
        return [
            f"the formula gives {got['value']:.6g} with gradient {_listed(got['gradient'])}, "
            f"PyTorch {wanted['value']:.6g} with {_listed(wanted['gradient'])}"
        ]
    return []


def _training(got: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    losses = got["training"]["losses"]
    count = 1 if "train" in got.get("cannot", {}) else len(wanted["losses"])
    if len(losses) != count:
        return [f"{len(losses)} losses came, not {count}"]
    for step, (mine, theirs) in enumerate(zip(losses, wanted["losses"], strict=False), 1):
        if _far(mine, theirs, LOSS_TOLERANCE):
            return [f"the loss of step {step} is {mine:.6g}, PyTorch's {theirs:.6g}"]
    return []


def _loop(got: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> list[str]:
    for mine, theirs in zip(got, wanted, strict=True):
        far = (
            _far(mine[key], theirs[key], VALUE_TOLERANCE * max(1, abs(theirs[key])))
            for key in ("value", "slope")
        )
        if any(far) or mine["turns"] != theirs["turns"]:
            return [
                f"the root of {mine['of']:g} is {mine['value']:.6g} after {mine['turns']} turns "
                f"with slope {mine['slope']:.6g}, PyTorch's {theirs['value']:.6g} after "
                f"{theirs['turns']} with {theirs['slope']:.6g}"
            ]
    return []


def _listed(numbers: list[float]) -> str:
    return "(" + ", ".join(f"{number:.6g}" for number in numbers) + ")"
