"""When a view exists: strides that walk the same memory in a new shape."""

from __future__ import annotations

from typing import Any

from visuals.visual import Prediction, Table, Visual

MOST_ELEMENTS = 48
PREDICT = Prediction(
    "A transposed tensor is not contiguous. Can it still be viewed in other sizes?",
    ("no, never", "yes, always", "in some sizes: where strides exist"),
    answer=2,
    because="A view may cut a piece that lies evenly in memory, but it may not join two of them.",
)


def view_or_copy(tensor: Any, *, predict: Prediction | None = PREDICT) -> Visual:
    """Which new shapes of a tensor, cut or turned, have strides, and why the others have none.

    Args:
        tensor: of `dltk` or torch, of one to three dimensions.

    Raises:
        ValueError: more than three dimensions, no dimension, or more than 48 elements.
    """
    if not 1 <= tensor.dim() <= 3 or not 0 < tensor.numel() <= MOST_ELEMENTS:
        raise ValueError(
            f"this figure shows 1 to {MOST_ELEMENTS} elements in 1 to 3 dimensions, "
            f"got shape {tuple(tensor.shape)}"
        )
    ways = [(text, walk(view)) for text, view in cuts(tensor)]
    rows = [
        (text, str(tuple(view.shape)), str(tuple(view.stride())), flat(view))
        for text, view in cuts(tensor)
    ]
    return Visual(
        "view_or_copy",
        data={"ways": [{"text": text, **view} for text, view in ways]},
        title="Do strides exist for this shape?",
        description="A plot of the memory cell of each element against its number, in the order in "
        "which a view reads them. Pieces with a step that never changes are drawn as lines. "
        "Vertical lines cut the elements into rows of the new shape; a row that has more than one "
        "step cannot be a row of a view, and is marked. A table lists the blocks and the new sizes "
        "cut from them.",
        table=Table(("tensor", "sizes", "strides", "view(-1)"), rows),
        predict=predict,
        scripts=("layouts",),
    )


def cuts(tensor: Any) -> list[tuple[str, Any]]:
    """Views of a tensor `t` with the Python text that makes them."""
    last = tensor.dim() - 1
    front = ":, " * last
    half = (tensor.shape[last] + 1) // 2
    found = [("t", tensor)]
    if last >= 1:
        found.append(("t.transpose(0, 1)", tensor.transpose(0, 1)))
    if last == 2:
        found.append(("t.permute(2, 0, 1)", tensor.permute(2, 0, 1)))
    index = (slice(None),) * last
    found.append((f"t[{front}::2]", tensor[(*index, slice(None, None, 2))]))
    found.append((f"t[{front}:{half}]", tensor[(*index, slice(None, half))]))
    found.append((f"t[{front}0]", tensor[(*index, 0)]))
    found.append(("t[1:]", tensor[1:]))
    wide = (3, *tensor.shape)
    if tensor.numel() * 3 <= MOST_ELEMENTS:
        found.append((f"t.expand{wide}", tensor.expand(*wide)))
    return [(text, view) for text, view in found if view.numel() > 0]


def walk(tensor: Any) -> dict[str, Any]:
    """Sizes, strides and offset of a tensor."""
    return {
        "sizes": list(tensor.shape),
        "strides": list(tensor.stride()),
        "offset": tensor.storage_offset(),
    }


def flat(tensor: Any) -> str:
    """The strides of a tensor viewed in one dimension, or that there are none."""
    try:
        return f"strides {tuple(tensor.view(-1).stride())}"
    except RuntimeError:
        return "no strides exist"
