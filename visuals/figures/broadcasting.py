"""Two shapes that meet: which cell of each operand every cell of the result reads."""

from __future__ import annotations

from typing import Any

from visuals.visual import Prediction, Table, Visual

MOST_CELLS = 60
PREDICT = Prediction(
    "Which pair of shapes is refused?",
    ("(4, 1) and (4,)", "(3,) and (3, 2)", "(5, 1, 4) and (3, 1)"),
    answer=1,
    because="Aligned at the right, 3 stands over 2, and neither is 1.",
)
PRESETS = (
    ((4, 1), (4,)),
    ((2, 3), (3,)),
    ((3,), (3, 2)),
    ((2, 1, 3), (4, 1)),
    ((2, 3), ()),
    ((1,), (0,)),
    ((2,), (4,)),
)


def broadcasting(a: Any, b: Any, *, predict: Prediction | None = PREDICT) -> Visual:
    """`a - b` cell by cell, with the strides that stretch both operands.

    Args:
        a, b: tensors of `dltk` or torch whose shapes meet, of at most three dimensions.

    Raises:
        ValueError: more than three dimensions, or more than 60 cells of the result.
    """
    result = a - b
    sizes = tuple(result.shape)
    if len(sizes) > 3 or not 0 < result.numel() <= MOST_CELLS:
        raise ValueError(f"this figure shows 1 to {MOST_CELLS} cells in 3 dimensions, got {sizes}")
    stretched = [each.detach().expand(sizes) for each in (a, b)]
    operands = [
        {
            "sizes": list(each.shape),
            "values": each.detach().reshape(-1).tolist(),
            "strides": list(wide.stride()),
        }
        for each, wide in zip((a, b), stretched, strict=True)
    ]
    table = Table(
        ("shape of a", "shape of b", "shape of a - b"),
        [(str(x), str(y), met(x, y)) for x, y in ((tuple(a.shape), tuple(b.shape)), *PRESETS)],
    )
    return Visual(
        "broadcasting",
        data={
            "a": operands[0],
            "b": operands[1],
            "result": result.detach().reshape(-1).tolist(),
            "presets": [[list(x), list(y)] for x, y in PRESETS],
        },
        title="Which cell does each cell of the result read?",
        description=f"Three grids: a of shape {tuple(a.shape)} and b of shape {tuple(b.shape)}, "
        f"both stretched to the shape {sizes} of a minus b, and the result. Cells that a stride "
        "of 0 repeats have a dotted frame. The chosen cell of the result and the cells it reads "
        "are marked. Above stand both shapes, aligned at the right, with the size on which each "
        "column agrees.",
        table=table,
        predict=predict,
        scripts=("layouts",),
    )


def met(a: tuple[int, ...], b: tuple[int, ...]) -> str:
    """The common shape of two shapes in words, or that they are refused."""
    rank = max(len(a), len(b))
    pairs = zip((1,) * (rank - len(a)) + a, (1,) * (rank - len(b)) + b, strict=True)
    sizes = [(x if y == 1 else y) if 1 in (x, y) or x == y else None for x, y in pairs]
    return "refused" if None in sizes else str(tuple(sizes))
