"""Where the elements of a tensor lie in memory, and how views walk the same cells."""

from __future__ import annotations

import itertools
from typing import Any

from visuals.visual import Prediction, Table, Visual

MOST_CELLS = 48
PREDICT = Prediction(
    "Which of these moves numbers in memory?",
    (
        "transposing a matrix",
        "taking every second column",
        "stretching one row to three",
        "none of them",
    ),
    answer=3,
    because="Each changes sizes, strides or the offset; the line of memory stays as it is.",
)


def strides(tensor: Any, *, predict: Prediction | None = PREDICT) -> Visual:
    """The memory of a tensor and the walk through it, to be cut, turned and stretched.

    Args:
        tensor: of `dltk` or torch, of at most three dimensions; it may itself be a view.

    Raises:
        ValueError: more than 48 cells of memory, no element, or more than three dimensions.
    """
    sizes, steps = tuple(tensor.shape), tuple(tensor.stride())
    offset = tensor.storage_offset()
    if len(sizes) > 3 or 0 in sizes:
        raise ValueError(f"this figure shows one to three dimensions with elements, got {sizes}")
    places = list(cells(sizes, steps, offset))
    length = max(place for _, place in places) + 1
    if length > MOST_CELLS:
        raise ValueError(f"this figure shows at most {MOST_CELLS} cells of memory, got {length}")
    memory = tensor.detach().as_strided((length,), (1,), 0).tolist()
    rows = [(str(list(index)), place, memory[place]) for index, place in places]
    return Visual(
        "strides",
        data={
            "sizes": list(sizes),
            "strides": list(steps),
            "offset": offset,
            "memory": [shown(value) for value in memory],
        },
        title="Where is element [i, j]?",
        description=f"A tensor t of sizes {sizes} as a grid, beside its line of {length} memory "
        f"cells. Its strides are {steps} and its offset is {offset}. For the chosen element the "
        "cell is marked in both, with the sum of index times stride that leads there. Controls "
        "make views of it; cells that the view does not reach are drawn with dots.",
        table=Table(("element", "cell", "value"), [(a, b, shown(c)) for a, b, c in rows]),
        predict=predict,
        scripts=("layouts",),
    )


def cells(sizes: tuple[int, ...], steps: tuple[int, ...], offset: int) -> Any:
    """Each index in its order, with the memory cell that it leads to."""
    for index in itertools.product(*map(range, sizes)):
        yield index, offset + sum(i * step for i, step in zip(index, steps, strict=True))


def shown(value: Any) -> str:
    """A number in few signs: whole where it is whole."""
    if isinstance(value, float):
        value = int(value) if value.is_integer() else f"{value:.2g}"
    return str(value).replace("-", "\N{MINUS SIGN}")
