"""What the property tests draw: shapes, dtypes, view operations and index expressions."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

DTYPES = ["float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "bool"]
SHAPES = st.lists(st.integers(0, 4), min_size=0, max_size=4).map(tuple)
dims = st.integers(-5, 4)


def numbers(shape: tuple[int, ...], dtype: str = "float64") -> np.ndarray:
    """Fixed numbers without pattern, of which integers keep the whole part."""
    count = int(np.prod(shape, dtype=np.int64))
    found = 7 * np.cos(1.0 + np.arange(count)).reshape(shape)
    return found.astype(dtype)


@st.composite
def fitting_shapes(draw: Any, count: int = 2) -> list[tuple[int, ...]]:
    """Shapes that broadcast, or, once in a while, do not."""
    full = draw(st.lists(st.integers(0, 4), max_size=4))
    shapes = []
    for _ in range(count):
        own = full[draw(st.integers(0, len(full))) :]
        shapes.append(tuple(1 if draw(st.booleans()) else size for size in own))
    if draw(st.integers(0, 7)) == 0 and shapes[0]:
        shapes[0] = (*shapes[0][:-1], 5)
    return shapes


bounds = st.none() | st.integers(-6, 6)
slices = st.builds(slice, bounds, bounds, st.none() | st.integers(1, 3))
places = st.lists(st.integers(-4, 3), min_size=1, max_size=3)


VIEWS = [
    "transpose", "select", "narrow", "squeeze", "unsqueeze", "expand", "view", "reshape", "unfold",
    "flatten", "diagonal", "movedim", "permute", "index", "split", "unbind", "chunk", "T",
]  # fmt: skip
KINDS = ["int", "slice", "none", "ellipsis", "mask", "places", "places", "matrix"]


@st.composite
def view_steps(draw: Any) -> tuple:
    """One view operation: a name and its arguments.

    Torch reads sizes beyond the last one for a slice behind a second `...`: there is none.
    """
    one = st.integers(-4, 3)
    keys = st.lists(slices | one | st.none() | st.just(Ellipsis), max_size=3).map(tuple)
    name = draw(st.sampled_from(VIEWS))
    arguments = {
        "transpose": [one, one],
        "select": [one, one],
        "narrow": [one, st.integers(0, 2), st.integers(0, 3)],
        "squeeze": [one],
        "unsqueeze": [st.integers(-4, 4)],
        "expand": [st.sampled_from([(3,), (2, 1), (1,), (1, 2, 1)])],
        "view": [st.integers(0, 2)],
        "reshape": [st.integers(0, 2)],
        "unfold": [one, st.integers(1, 3), st.integers(1, 2)],
        "flatten": [one, one],
        "diagonal": [st.integers(-2, 2), one, one],
        "movedim": [one, one],
        "permute": [st.integers(0, 10_000)],
        "index": [keys.filter(lambda key: key.count(Ellipsis) < 2)],
        "split": [st.integers(1, 3), one, st.integers(0, 1)],
        "unbind": [one],
        "chunk": [st.integers(1, 3), one],
        "T": [],
    }[name]
    return (name, *[draw(each) for each in arguments])


def viewed(tensor: Any, step: tuple) -> Any:
    """The view of `tensor` that `step` names."""
    name, *given = step
    ndim = tensor.dim()
    if name == "expand":
        return tensor.expand(*given[0], *[3 if size == 1 else -1 for size in tensor.shape])
    if name in ("view", "reshape"):
        shape = [(-1,), (1, -1), (tensor.numel() // 2, 2)][given[0]]
        return getattr(tensor, name)(*shape)
    if name == "permute":
        return tensor.permute(np.random.RandomState(given[0]).permutation(ndim).tolist())
    if name == "index":
        return tensor[given[0]]
    if name == "split":
        return tensor.split(given[0], given[1])[given[2]]
    if name in ("unbind", "chunk"):
        return getattr(tensor, name)(*given)[-1]
    if name == "T":
        return tensor.mT
    return getattr(tensor, name)(*given)


@st.composite
def index_expressions(draw: Any, shape: tuple[int, ...]) -> tuple:
    """An index of `shape`: integers, slices, None, Ellipsis, masks and arrays of integers."""
    items: list[Any] = []
    dim = 0
    seen = False
    while dim < len(shape) and draw(st.integers(0, 4)):
        size = shape[dim]
        kind = draw(st.sampled_from(KINDS))
        if kind == "int":
            items.append(draw(st.integers(-size - 1, size)))
        elif kind == "slice":
            items.append(draw(slices))
        elif kind == "none":
            items.append(None)
            continue
        elif kind == "ellipsis":
            if seen:
                continue
            seen = True
            items.append(Ellipsis)
            dim += draw(st.integers(0, len(shape) - dim))
            continue
        elif kind == "mask":
            items.append(
                np.array(draw(st.lists(st.booleans(), min_size=size, max_size=size)), bool)
            )
        else:
            reach = st.integers(-max(size, 1), max(size - 1, 0))
            found = draw(st.lists(reach, min_size=2, max_size=2))
            items.append(np.array(found if kind == "places" else [[each] for each in found]))
        dim += 1
    return tuple(items)


def indexed_with(lib: Any, items: tuple) -> tuple:
    """The index with its arrays as tensors."""
    return tuple(lib.tensor(each) if isinstance(each, np.ndarray) else each for each in items)
