"""A tower of diamonds: passing gradients on at once, against waiting for all users."""

from __future__ import annotations

from collections.abc import Mapping

from visuals.visual import Prediction, Table, Visual

DEEPEST = 25
SHOWN = (1, 2, 3, 5, 10, 15, 20, 25)
PREDICT = Prediction(
    "Each node passes on what arrives, at once. One diamond takes 5 visits. How many do ten take?",
    ("50", "about 500", "more than 4,000"),
    answer=2,
    because="Each diamond doubles the number of paths, and every path is walked on its own.",
)


def diamond(
    depth: int = 3,
    *,
    counted: Mapping[int, int] | None = None,
    predict: Prediction | None = PREDICT,
) -> Visual:
    """Two walks back through a tower of diamonds, side by side, their visits counted.

    Each diamond is y = a + b with a = x and b = 2x, so that the slope of n diamonds is 3 to the
    power n.

    Args:
        depth: how many diamonds the figure begins with, 1 to 25.
        counted: visits that a program of one's own counted, by depth; they are marked in the plot.

    Raises:
        ValueError: the depth is not from 1 to 25.
    """
    if not 1 <= depth <= DEEPEST:
        raise ValueError(f"a tower has 1 to {DEEPEST} diamonds here, not {depth}")
    rows = [(n, every_path(n), each_once(n), 3**n) for n in SHOWN]
    return Visual(
        "diamond",
        {
            "depth": depth,
            "deepest": DEEPEST,
            "counted": sorted((counted or {}).items()),
        },
        title="A tower of diamonds",
        description=(
            "Two drawings of the same tower of diamonds, walked from the top to the bottom. In "
            "the first a node passes on at once whatever arrives; in the second it waits for all "
            "of its users. Below, a plot of the visits against the number of diamonds: in the "
            "first walk they double with each diamond, in the second each diamond adds three."
        ),
        table=Table(("diamonds", "visits, every path", "visits, each node once", "slope"), rows),
        predict=predict,
        scripts=("layered", "graph_picture"),
    )


def every_path(depth: int) -> int:
    """Visits if each node passes on at once whatever arrives."""
    visits = 1
    for _ in range(depth):
        visits = 1 + 2 * (1 + visits)
    return visits


def each_once(depth: int) -> int:
    """The nodes of the tower: three for each diamond, and the one at the bottom."""
    return 3 * depth + 1
