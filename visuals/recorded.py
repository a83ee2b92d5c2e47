"""What a recorded graph holds, read off a tensor of torch or of dltk without importing either."""

from __future__ import annotations

from typing import Any

PREFIX = "_saved_"


def nodes_behind(tensor: Any) -> list[Any]:
    """The nodes that `tensor` was computed by, leaves first, then in the order of recording.

    Raises:
        ValueError: nothing was recorded.
    """
    if tensor.grad_fn is None:
        raise ValueError("the tensor has no graph behind it: its grad_fn is None")
    found, pending = {tensor.grad_fn: None}, [tensor.grad_fn]
    while pending:
        for below, _ in pending.pop().next_functions:
            if below is not None and below not in found:
                found[below] = None
                pending.append(below)
    return sorted(found, key=lambda node: (not is_leaf(node), _recorded_as(node)))


def is_leaf(node: Any) -> bool:
    """Whether the node is where a leaf's gradient ends."""
    return hasattr(node, "variable")


def short_name(node: Any) -> str:
    """`Mul` for `MulBackward0`."""
    return node.name().rpartition("::")[2].removesuffix("Backward0")


def saved_by(node: Any) -> dict[str, Any] | None:
    """Names and tensors that the node keeps for its rule; `None` once they were freed."""
    plan = getattr(node, "plan", None)
    if plan is not None:
        return None if node.freed else dict(zip(plan.saved, node.saved, strict=True))
    names = [name for name in dir(node) if name.startswith(PREFIX)]
    try:
        values = {name.removeprefix(PREFIX): getattr(node, name) for name in names}
    except RuntimeError:
        return None
    return {name: value for name, value in values.items() if hasattr(value, "numel")}


def numbers_in(saved: dict[str, Any] | None) -> int:
    """How many numbers the saved tensors hold."""
    return sum(tensor.numel() for tensor in (saved or {}).values())


def _recorded_as(node: Any) -> int:
    number = getattr(node, "_sequence_nr", None)
    return number() if callable(number) else node.sequence
