"""Places for the nodes of a graph without cycles: layer by layer, with few crossings.

The method is Sugiyama's: longest-path layers, barycenter ordering within them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from itertools import pairwise
from typing import NamedTuple

SWEEPS = 8

Node = Hashable
Edge = tuple[Node, Node]


class Layout(NamedTuple):
    """`layer` counts from 0; `height` is the place within it, in units of one node.

    `paths` holds, for each edge, the (layer, height) of every layer it passes, ends included.
    """

    layer: dict[Node, int]
    height: dict[Node, float]
    paths: dict[Edge, list[tuple[int, float]]]


def layered(nodes: Sequence[Node], edges: Sequence[Edge]) -> Layout:
    """Places for `nodes` so that every edge leads to a later layer; `ValueError` on a cycle."""
    layer = _longest_paths(nodes, edges)
    chains = {edge: _chain(edge, layer) for edge in dict.fromkeys(edges)}
    for chain in chains.values():
        layer.update({node: layer[chain[0]] + i for i, node in enumerate(chain)})
    links = [link for chain in chains.values() for link in pairwise(chain)]
    height = _heights(_ordered(layer, links), links)
    paths = {
        edge: [(layer[node], height[node]) for node in chain] for edge, chain in chains.items()
    }
    return Layout({node: layer[node] for node in nodes}, height, paths)


def _longest_paths(nodes: Sequence[Node], edges: Sequence[Edge]) -> dict[Node, int]:
    layer = dict.fromkeys(nodes, 0)
    for _ in range(len(layer)):
        changed = False
        for start, end in edges:
            if layer[end] <= layer[start]:
                layer[end] = layer[start] + 1
                changed = True
        if not changed:
            return layer
    if edges:
        raise ValueError("a computational graph has no cycles, this one has")
    return layer


def _chain(edge: Edge, layer: dict[Node, int]) -> list[Node]:
    """The ends of an edge and a stand-in for it in every layer between."""
    start, end = edge
    between = [("passing", edge, i) for i in range(layer[start] + 1, layer[end])]
    return [start, *between, end]


def _ordered(layer: dict[Node, int], links: Sequence[Edge]) -> list[list[Node]]:
    """The nodes of each layer, sorted again and again by where their neighbors stand."""
    rows: list[list[Node]] = [[] for _ in range(max(layer.values(), default=0) + 1)]
    for node, index in layer.items():
        rows[index].append(node)
    before, after = _neighbors(links)
    best, fewest = [list(row) for row in rows], _crossings(rows, after)
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        for row in rows if forward else reversed(rows):
            place = {node: i for each in rows for i, node in enumerate(each)}
            row.sort(key=_barycenter(before if forward else after, place))
        crossings = _crossings(rows, after)
        if crossings < fewest:
            best, fewest = [list(row) for row in rows], crossings
    return best


def _barycenter(
    neighbors: dict[Node, list[Node]], place: dict[Node, int]
) -> Callable[[Node], float]:
    def middle(node: Node) -> float:
        near = neighbors.get(node)
        return place[node] if not near else sum(place[each] for each in near) / len(near)

    return middle


def _neighbors(links: Sequence[Edge]) -> tuple[dict[Node, list[Node]], dict[Node, list[Node]]]:
    before: dict[Node, list[Node]] = {}
    after: dict[Node, list[Node]] = {}
    for start, end in links:
        before.setdefault(end, []).append(start)
        after.setdefault(start, []).append(end)
    return before, after


def _crossings(rows: Sequence[Sequence[Node]], after: dict[Node, list[Node]]) -> int:
    count = 0
    for row, following in pairwise(rows):
        place = {node: i for i, node in enumerate(following)}
        ends = [sorted(place[end] for end in after.get(node, ())) for node in row]
        flat = [end for each in ends for end in each]
        count += sum(a > b for i, a in enumerate(flat) for b in flat[i + 1 :])
    return count


def _heights(rows: Sequence[Sequence[Node]], links: Sequence[Edge]) -> dict[Node, float]:
    """Heights near those of the neighbors, at least one unit apart within a layer."""
    height = {node: i - (len(row) - 1) / 2 for row in rows for i, node in enumerate(row)}
    before, after = _neighbors(links)
    for _ in range(SWEEPS):
        for row in rows:
            wanted = []
            for node in row:
                near = before.get(node, []) + after.get(node, [])
                wanted.append(sum(height[n] for n in near) / len(near) if near else height[node])
            for node, place in zip(row, _apart(wanted), strict=True):
                height[node] = place
    return height


def _apart(wanted: Sequence[float]) -> list[float]:
    """Places in the given order, one unit apart, whose mean is that of the wanted ones."""
    places: list[float] = []
    for place in wanted:
        places.append(place if not places else max(place, places[-1] + 1))
    shift = sum(wanted) / len(wanted) - sum(places) / len(places)
    return [place + shift for place in places]
