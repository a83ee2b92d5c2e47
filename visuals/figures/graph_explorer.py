"""The recorded graph behind a tensor: its nodes, what they save, and the order of backward."""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from typing import Any

from visuals.recorded import is_leaf, nodes_behind, saved_by
from visuals.visual import Prediction, Table, Visual

MOST_NODES = 200
PREDICT = Prediction(
    "The last operation goes first. When may a node further back be visited?",
    (
        "as soon as the first of its users was visited",
        "when all of its users were visited",
        "at any time, the order does not matter",
    ),
    answer=1,
    because="A share that arrives later would be lost, or the node would have to run again.",
)


def graph_explorer(
    tensor: Any,
    names: Mapping[str, Any] | None = None,
    *,
    title: str = "The graph behind a tensor",
    predict: Prediction | None = PREDICT,
) -> Visual:
    """The nodes behind a tensor of dltk or torch, and the order in which backward visits them.

    Args:
        tensor: a result that was recorded.
        names: leaf tensors by name, to label where their gradients end.

    Raises:
        ValueError: nothing was recorded, or the graph has more than 200 nodes.
    """
    nodes = nodes_behind(tensor)
    if len(nodes) > MOST_NODES:
        raise ValueError(
            f"the graph behind this tensor has {len(nodes)} nodes, and the figure shows at most "
            f"{MOST_NODES}; explore a smaller model, or a tensor from its middle"
        )
    titles = _titles(nodes, names or {})
    place = {node: at for at, node in enumerate(nodes)}
    following = [
        [None if each is None else place[each] for each, _ in node.next_functions] for node in nodes
    ]
    order = visiting_order(nodes, following, place[tensor.grad_fn])
    data = {
        "nodes": [
            {
                "title": titles[at],
                "leaf": is_leaf(node),
                "next": following[at],
                "saved": _saved(node),
            }
            for at, node in enumerate(nodes)
        ],
        "order": order,
    }
    rows = [
        (
            step,
            titles[at],
            _in_one_line(_saved(nodes[at])),
            ", ".join("None" if to is None else titles[to] for to in following[at]),
        )
        for step, at in enumerate(order, start=1)
    ]
    return Visual(
        "graph_explorer",
        data,
        title=title,
        description=(
            f"A graph of {len(nodes)} nodes, the last operation on top and the leaves, where "
            "gradients end, below. Step by step the nodes are visited in the order of a backward "
            "pass; each says how many of its users are still to come, and shows what it saved."
        ),
        table=Table(("visit", "node", "saved", "sends to"), rows),
        predict=predict,
        scripts=("layered", "graph_picture"),
    )


def visiting_order(
    nodes: Sequence[Any], following: Sequence[Sequence[int | None]], root: int
) -> list[int]:
    """Places of the nodes in the order of backward: of those that are ready, the one made last."""
    users = [0] * len(nodes)
    for targets in following:
        for at in targets:
            if at is not None:
                users[at] += 1
    ready, order = [(-_recorded_as(nodes[root]), root)], []
    while ready:
        _, at = heapq.heappop(ready)
        order.append(at)
        for to in following[at]:
            if to is None:
                continue
            users[to] -= 1
            if users[to] == 0:
                heapq.heappush(ready, (-_recorded_as(nodes[to]), to))
    return order


def _recorded_as(node: Any) -> int:
    number = getattr(node, "_sequence_nr", None)
    return number() if callable(number) else node.sequence


def _titles(nodes: Sequence[Any], names: Mapping[str, Any]) -> list[str]:
    """`MulBackward0`, or the leaf's name; what stands several times is numbered as recorded."""
    known = {id(tensor): name for name, tensor in names.items()}
    plain = [
        f"{known.get(id(node.variable), 'leaf')}.grad"
        if is_leaf(node)
        else node.name().rpartition("::")[2]
        for node in nodes
    ]
    counts: dict[str, int] = {}
    titles = []
    for title in plain:
        counts[title] = counts.get(title, 0) + 1
        several = plain.count(title) > 1
        titles.append(f"{title} #{counts[title]}" if several else title)
    return titles


def _saved(node: Any) -> list[list[str]] | None:
    """Name and description of what a node keeps; None once that was freed."""
    saved = saved_by(node)
    if not saved and hasattr(node, "saved_tensors"):
        try:
            tensors = node.saved_tensors
        except RuntimeError:
            return None
        saved = {f"saved {k}": each for k, each in enumerate(tensors, 1) if each is not None}
    if saved is None:
        return None
    return [[name, _described(tensor)] for name, tensor in saved.items()]


def _described(tensor: Any) -> str:
    shape = tuple(tensor.shape)
    dtype = str(tensor.dtype).rpartition(".")[2]
    if math.prod(shape) == 1:
        return f"{shape} {dtype}, {tensor.item():.6g}"
    return f"{shape} {dtype}"


def _in_one_line(saved: list[list[str]] | None) -> str:
    if saved is None:
        return "freed"
    return "; ".join(map(": ".join, saved)) or "nothing"
