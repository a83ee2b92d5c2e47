"""The life of a graph: recorded node by node, walked, and what is left of it then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from visuals.recorded import is_leaf, nodes_behind, numbers_in, saved_by, short_name
from visuals.visual import Prediction, Table, Visual

PREDICT = Prediction(
    "backward() has passed once. What is left of the graph?",
    (
        "all of it, ready for the next pass",
        "its nodes, but not the values that they had saved",
        "nothing",
    ),
    answer=1,
    because="Each node lets go of what it saved as soon as the pass has left it.",
)


def graph_life(
    program: Callable[[], Any],
    leaves: Mapping[str, Any],
    *,
    predict: Prediction | None = PREDICT,
) -> Visual:
    """What a graph holds while its program runs, during a backward pass, and after it.

    Args:
        program: runs forward and returns a tensor with one element.
        leaves: names and leaf tensors of the program; their `.grad` is `None` afterwards.
    """
    nodes, edges = _picture(program(), leaves)
    lives = {
        "freed": _life(program, leaves, retain=False),
        "retained": _life(program, leaves, retain=True),
    }
    rows = [
        (kind, event["line"], event["says"], event["kept"])
        for kind, events in lives.items()
        for event in events
    ]
    return Visual(
        "graph_life",
        data={"nodes": nodes, "edges": edges, "lives": lives},
        title="What is in the graph, and how long does it stay?",
        description=(
            "Boxes stand for the nodes of a recorded graph, the leaves on top and the output at "
            "the bottom. Going forward they appear one by one, each with the values it saves. "
            "Going backward the pass visits them from the bottom up, and each is emptied behind "
            "it, unless the graph is retained."
        ),
        table=Table(("graph is", "line", "what happens", "numbers kept"), rows),
        predict=predict,
    )


def _picture(
    output: Any, leaves: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], list[list[int]]]:
    nodes = nodes_behind(output)
    place = {node: at for at, node in enumerate(nodes)}
    edges = [
        [place[below], place[node]]
        for node in nodes
        for below, _ in node.next_functions
        if below is not None
    ]
    levels: list[int] = []
    for at in range(len(nodes)):
        levels.append(max((levels[a] + 1 for a, b in edges if b == at), default=0))
    drawn = [
        {
            "name": _title(node, leaves),
            "level": level,
            "saves": [_described(*saved) for saved in (saved_by(node) or {}).items()],
            "leaf": is_leaf(node),
        }
        for node, level in zip(nodes, levels, strict=True)
    ]
    return drawn, edges


def _life(
    program: Callable[[], Any], leaves: Mapping[str, Any], retain: bool
) -> list[dict[str, Any]]:
    """What happens, event by event; a state for each node: absent, holds, visited or emptied."""
    for leaf in leaves.values():
        leaf.grad = None
    output = program()
    nodes = nodes_behind(output)
    holding = [saved_by(node) for node in nodes]
    titles = [_title(node, leaves) for node in nodes]
    state = ["holds" if is_leaf(node) else "absent" for node in nodes]
    events: list[dict[str, Any]] = []

    def note(line: str, says: str, at: int | None = None) -> None:
        kept = sum(numbers_in(holding[i]) for i, was in enumerate(state) if was == "holds")
        grads = {name: _grad(leaf) for name, leaf in leaves.items()}
        events.append(
            {
                "line": line,
                "says": says,
                "at": at,
                "states": state[:],
                "kept": kept,
                "grads": grads,
            }
        )

    note("", "The leaves are there, and no graph.")
    for at, node in enumerate(nodes):
        if not is_leaf(node):
            state[at] = "holds"
            what = " and ".join(_described(*saved) for saved in (holding[at] or {}).items())
            note("forward", f"{titles[at]} is recorded; it saves {what or 'nothing'}.", at)

    def visit(at: int) -> None:
        _look(nodes, state)
        note("backward", f"The pass visits {titles[at]}.", at)

    handles = [
        node.register_hook(lambda *gradients, at=at: visit(at)) for at, node in enumerate(nodes)
    ]
    output.backward(retain_graph=retain)
    for handle in handles:
        handle.remove()
    _look(nodes, state)
    after = "Everything is still there." if retain else "The saved values are gone."
    note("backward", f"The pass is over. {after}")
    note("again", _again(output))
    state[:] = ["holds" if is_leaf(node) else "absent" for node in nodes]
    note("del", "Nobody holds the output any more, and so nobody holds the graph.")
    for leaf in leaves.values():
        leaf.grad = None
    return events


def _look(nodes: list[Any], state: list[str]) -> None:
    for at, node in enumerate(nodes):
        if saved_by(node) is None:
            state[at] = "emptied"


def _again(output: Any) -> str:
    try:
        output.backward()
    except RuntimeError as refused:
        return f"RuntimeError: {str(refused).partition('(')[0].partition('.')[0].strip()}."
    return "A second pass over the same graph: the gradients are added once more."


def _title(node: Any, leaves: Mapping[str, Any]) -> str:
    if is_leaf(node):
        names = [name for name, leaf in leaves.items() if leaf is node.variable]
        return f"leaf {names[0]}" if names else "leaf"
    return short_name(node)


def _described(name: str, tensor: Any) -> str:
    shape = tuple(tensor.shape)
    return f"{name} {shape}" if shape else f"{name} ()"


def _grad(leaf: Any) -> str:
    if leaf.grad is None:
        return "None"
    numbers = leaf.grad.detach().flatten().tolist()
    words = ", ".join(f"{value:.6g}" for value in numbers[:4])
    return (words + (", …" if len(numbers) > 4 else "")).replace("-", "\N{MINUS SIGN}")
