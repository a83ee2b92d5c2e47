"""Drawings of computational graphs: rectangles are operations, ellipses are variables.

A drawing is SVG without scripts or outside references; its text is the description that a screen
reader reads.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from dltk.trace.layering import Layout, layered
from dltk.trace.notation import symbol
from dltk.trace.rows import Row, number
from dltk.trace.table import MINUS, marked_up

CHARACTER, NOTE_CHARACTER, PADDING, BOX = 7.8, 6.2, 20, 30
COLUMN_GAP, ROW_GAP, MARGIN = 34, 52, 10
VARIABLE, OPERATION = "variable", "operation"
STYLE = (
    "font: 13px system-ui, sans-serif; fill: none; stroke: currentColor; stroke-width: 1.2; "
    "max-width: none"
)


@dataclass(frozen=True)
class Shape:
    """A node of a drawing: `kind` is `VARIABLE` or `OPERATION`, `note` stands below it."""

    key: Any
    label: str
    kind: str
    note: str = ""


class Drawing:
    """Nodes and edges, shown as SVG in a notebook and described in words elsewhere."""

    def __init__(
        self, shapes: Sequence[Shape], edges: Sequence[tuple[Any, Any]], description: str
    ) -> None:
        self.shapes = list(shapes)
        self.edges = list(edges)
        self.description = description

    def __repr__(self) -> str:
        return self.description

    def _repr_html_(self) -> str:
        return f'<div style="overflow-x: auto">{self.svg()}</div>'

    def svg(self) -> str:
        """The drawing as one `<svg>` element."""
        layout = layered([shape.key for shape in self.shapes], self.edges)
        columns = self._columns(layout)
        heights = list(layout.height.values()) or [0.0]
        top = MARGIN + BOX / 2 - min(heights) * ROW_GAP
        places = {
            shape.key: (
                columns[layout.layer[shape.key]][0],
                top + layout.height[shape.key] * ROW_GAP,
            )
            for shape in self.shapes
        }
        width = max(x + room / 2 for x, room in columns) + MARGIN
        height = top + max(heights) * ROW_GAP + BOX / 2 + MARGIN + 12
        halves = {shape.key: _half_width(shape) for shape in self.shapes}
        lines = [
            _arrow(path, edge, places, halves, [x for x, _ in columns], top)
            for edge, path in layout.paths.items()
        ]
        boxes = [_box(shape, *places[shape.key]) for shape in self.shapes]
        label = html.escape(self.description, quote=True)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{label}" '
            f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" '
            f'style="{STYLE}"><title>{label}</title>{"".join(lines)}{"".join(boxes)}</svg>'
        )

    def _columns(self, layout: Layout) -> list[tuple[float, float]]:
        """The middle of each layer and the room it takes."""
        rooms = [0.0] * (max(layout.layer.values(), default=0) + 1)
        for shape in self.shapes:
            index = layout.layer[shape.key]
            rooms[index] = max(rooms[index], _room(shape))
        columns, left = [], float(MARGIN)
        for room in rooms:
            columns.append((left + room / 2, room))
            left += room + COLUMN_GAP
        return columns


def _room(shape: Shape) -> float:
    """The width that a node takes, its note included."""
    return max(2 * _half_width(shape), len(shape.note) * NOTE_CHARACTER)


def _half_width(shape: Shape) -> float:
    return max((len(shape.label) * CHARACTER + PADDING) / 2, BOX / 2 + 2)


def _box(shape: Shape, x: float, y: float) -> str:
    half = _half_width(shape)
    if shape.kind == VARIABLE:
        outline = f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{half:.1f}" ry="{BOX / 2}"/>'
    else:
        outline = (
            f'<rect x="{x - half:.1f}" y="{y - BOX / 2:.1f}" width="{2 * half:.1f}" '
            f'height="{BOX}" style="fill: rgba(90, 130, 200, 0.18)"/>'
        )
    text = _text(_subscripted(shape.label), x, y + 4.5)
    note = _text(html.escape(shape.note), x, y + BOX / 2 + 12, "11px") if shape.note else ""
    return outline + text + note


def _text(content: str, x: float, y: float, size: str = "13px") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" '
        f'style="fill: currentColor; stroke: none; font-size: {size}">{content}</text>'
    )


def _subscripted(label: str) -> str:
    """The label with its index lowered, and what follows the index raised again."""
    marked = re.sub("</?i>", "", marked_up(label))
    lowered = r'<tspan dy="3" font-size="10">\1</tspan><tspan dy="-3">\2</tspan>'
    return re.sub("<sub>(.*?)</sub>([^<]*)", lowered, marked)


def _arrow(
    path: Sequence[tuple[int, float]],
    edge: tuple[Any, Any],
    places: Mapping[Any, tuple[float, float]],
    halves: Mapping[Any, float],
    columns: Sequence[float],
    top: float,
) -> str:
    """A curve from the right end of one box to the left end of the other, with its head."""
    (x0, y0), (x1, y1) = places[edge[0]], places[edge[1]]
    points = [(x0 + halves[edge[0]], y0)]
    points += [(columns[layer], top + height * ROW_GAP) for layer, height in path[1:-1]]
    points.append((x1 - halves[edge[1]], y1))
    curve = f"M{points[0][0]:.1f},{points[0][1]:.1f}"
    for (xa, ya), (xb, yb) in pairwise(points):
        middle = (xa + xb) / 2
        curve += f" C{middle:.1f},{ya:.1f} {middle:.1f},{yb:.1f} {xb:.1f},{yb:.1f}"
    x, y = points[-1]
    head = f"{x:.1f},{y:.1f} {x - 8:.1f},{y - 3.5:.1f} {x - 8:.1f},{y + 3.5:.1f}"
    return f'<path d="{curve}"/><polygon points="{head}" style="fill: currentColor"/>'


def draw_rows(rows: Sequence[Row], values: bool = False) -> Drawing:
    """The graph of a trace, from the inputs at the left to the result at the right.

    values: whether each variable shows its number below it.
    """
    shapes: list[Shape] = []
    edges: list[tuple[Any, Any]] = []
    sentences = []
    known = {row.name for row in rows}
    for row in rows:
        note = number(row.value) if values and row.value.ndim == 0 else ""
        if row.operation:
            box = (row.name, row.operation)
            shapes.append(Shape(box, _sign(row.operation), OPERATION))
            edges.append((box, row.name))
            for operand in row.operands:
                if operand not in known:
                    shapes.append(Shape((row.name, operand), operand, VARIABLE))
                edges.append((operand if operand in known else (row.name, operand), box))
            shapes.append(Shape(row.name, row.name, VARIABLE, note))
        else:
            shapes.append(Shape(row.name, f"{row.name} = {row.expression}", VARIABLE, note))
        sentences.append(f"{row.name} = {row.expression}")
    description = "Computational graph: " + "; ".join(sentences)
    return Drawing(shapes, list(dict.fromkeys(edges)), description)


def _sign(operation: str) -> str:
    written = symbol(operation)
    return {"-": MINUS, "*": "\N{MULTIPLICATION SIGN}"}.get(written, written)


def draw_nodes(root: Any, names: Mapping[str, Any] | None = None) -> Drawing:
    """The graph that recording left behind a tensor, its node first: torch's or dltk's.

    An arrow leads from a node to each of its `next_functions`: the way gradients go.
    names: tensors by name, to label the leaves.
    """
    labels = {id(tensor): name for name, tensor in (names or {}).items()}
    shapes, edges, sentences = [], [], []
    seen, waiting = set(), [root.grad_fn]
    while waiting:
        node = waiting.pop(0)
        if node is None or node in seen:
            continue
        seen.add(node)
        variable = getattr(node, "variable", None)
        title = short_name(node)
        if variable is not None:
            name = labels.get(id(variable), "leaf")
            shapes += [Shape(node, title, OPERATION), Shape(("leaf", node), name, VARIABLE)]
            edges.append((node, ("leaf", node)))
            sentences.append(f"{title} fills {name}.grad")
            continue
        shapes.append(Shape(node, title, OPERATION))
        following = [each for each, _ in node.next_functions if each is not None]
        edges += [(node, each) for each in following]
        waiting += following
        sentences.append(f"{title} leads to {' and '.join(map(short_name, following))}")
    description = "Backward graph: " + "; ".join(sentences)
    return Drawing(shapes, list(dict.fromkeys(edges)), description)


def short_name(node: Any) -> str:
    """A node's name without the C++ namespace that torch puts before some."""
    return node.name().rpartition("::")[2]


def draw(what: Any, names: Mapping[str, Any] | None = None, values: bool = False) -> Drawing:
    """The graph of a trace, or the backward graph of a tensor of dltk or torch."""
    if hasattr(what, "rows"):
        return draw_rows(what.rows, values)
    if getattr(what, "grad_fn", None) is None:
        raise ValueError("nothing was recorded: draw a trace, or a tensor that has a grad_fn")
    return draw_nodes(what, names)
