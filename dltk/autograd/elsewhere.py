"""One step of a backward pass where a device other than the CPU is in use."""

from __future__ import annotations

from typing import Any

from dltk.autograd.graph import Node
from dltk.backends import registry


def pull(node: Node, gradients: list, run: Any) -> list:
    """`node.pull` on the device where the gradients are.

    An operand without dimensions may lie in the CPU's memory while the others are on a device; its
    gradient goes back to it.
    """
    if run.as_tensors or not node.on_device:
        pulled = node.pull(gradients, run)
    else:
        backend = registry.backend_of(next(each for each in gradients if each is not None))
        pulled = list(backend.run(_pull, node, gradients, run))
    if node.devices is None:
        return pulled
    return [
        each if each is None or each.ndim else run.ops.move(each, device)
        for each, device in zip(pulled, node.devices, strict=True)
    ]


def _pull(node: Node, gradients: list, run: Any) -> list:
    return node.pull(gradients, run)
