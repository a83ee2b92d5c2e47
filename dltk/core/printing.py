"""The text of a tensor, as torch writes it: a pure function over NumPy arrays.

Nothing here meets a function that a student writes, so a tensor prints in any state of the package.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

ELLIPSIS = "..."


class PrintOptions:
    """What `set_printoptions` changes; the values are torch's defaults."""

    def __init__(self) -> None:
        self.precision = 4
        self.threshold: float = 1000
        self.edgeitems = 3
        self.linewidth = 80
        self.sci_mode: bool | None = None


PROFILES: dict[str, dict[str, float]] = {
    "default": {"precision": 4, "threshold": 1000, "edgeitems": 3, "linewidth": 80},
    "short": {"precision": 2, "threshold": 1000, "edgeitems": 2, "linewidth": 80},
    "full": {"precision": 4, "threshold": math.inf, "edgeitems": 3, "linewidth": 80},
}

options = PrintOptions()


def set_printoptions(
    precision: int | None = None,
    threshold: float | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """Change how tensors print; what is None stays, except `sci_mode`, whose None means "choose".

    precision: digits after the point. threshold: more elements than this are summarized.
    edgeitems: elements shown at each end of a summarized dimension. linewidth: characters a line.
    profile: "default", "short" or "full" (never summarize); the other arguments override it.
    """
    chosen: dict[str, Any] = dict(PROFILES.get(profile or "", {}))
    given = {
        "precision": precision,
        "threshold": threshold,
        "edgeitems": edgeitems,
        "linewidth": linewidth,
    }
    chosen.update({name: value for name, value in given.items() if value is not None})
    for name, value in chosen.items():
        setattr(options, name, value)
    options.sci_mode = sci_mode


def get_printoptions() -> dict[str, Any]:
    """The options in force, as keyword arguments for `set_printoptions`."""
    return dict(vars(options))


@contextlib.contextmanager
def printoptions(**changes: Any) -> Iterator[None]:
    """Options of `set_printoptions` that hold inside a `with` block."""
    before = get_printoptions()
    set_printoptions(**changes)
    try:
        yield
    finally:
        set_printoptions(**before)


def tensor_str(array: np.ndarray, *, suffixes: Sequence[str] = (), prefix: str = "tensor(") -> str:
    """`prefix`, the elements of `array` in brackets, the suffixes, and the closing parenthesis.

    Args:
        array: any shape, one of dltk's dtypes.
        suffixes: what follows the elements, for example `["dtype=dltk.float64"]`.
        prefix: what stands before the elements and sets the indent of further lines.
    """
    return _with_suffixes(prefix + _elements(array, len(prefix)), suffixes, len(prefix))


def suffixes_for(
    shape: Sequence[int],
    dtype: object,
    *,
    default_dtype: object,
    implied: Sequence[object] = (),
    device: str | None = None,
    grad_fn: str | None = None,
    requires_grad: bool = False,
    tangent: object = None,
) -> list[str]:
    """What torch writes after the elements, in its order.

    Args:
        shape: sizes of the tensor.
        dtype, default_dtype: compared with `==`; the first is written by `str`.
        implied: further dtypes one reads off the elements (int64 and bool).
        device: None where it is the default one.
        grad_fn: name of the node that made the tensor.
        tangent: the tensor's tangent inside a dual level.
    """
    suffixes = []
    empty = 0 in shape
    if device is not None:
        suffixes.append(f"device='{device}'")
    if (empty and len(shape) != 1) or (not empty and not options.edgeitems):
        suffixes.append(f"size={tuple(shape)}")
    if dtype != default_dtype and (empty or dtype not in implied):
        suffixes.append(f"dtype={dtype}")
    if grad_fn is not None:
        suffixes.append(f"grad_fn=<{grad_fn}>")
    elif requires_grad:
        suffixes.append("requires_grad=True")
    if tangent is not None:
        suffixes.append(f"tangent={tangent}")
    return suffixes


def _elements(array: np.ndarray, indent: int) -> str:
    if array.size == 0:
        return "[]"
    summarized = array.size > options.threshold
    notation = Notation(_corners(array) if summarized else array)
    return _nested(array, indent, summarized, notation)


class Notation:
    """How every element of one tensor is written: one notation and one width for all of them."""

    def __init__(self, sample: np.ndarray) -> None:
        if sample.dtype.kind != "f":
            self._write: Callable[[Any], str] = str
            self.width = max(map(len, map(str, sample.ravel().tolist())), default=1)
            return
        shown = sample[np.isfinite(sample) & (sample != 0)].astype(np.float64)
        whole = bool((shown == np.ceil(shown)).all())
        precision = options.precision
        scientific = shown.size > 0 and _wants_exponent(np.abs(shown))
        if scientific:
            self._write = f"{{:.{precision}e}}".format
        elif whole:
            self._write = _whole_with_point
        else:
            self._write = f"{{:.{precision}f}}".format
        self.width = max(map(len, map(self._write, shown.tolist())), default=1)

    def __call__(self, value: Any) -> str:
        return self._write(value).rjust(self.width)


def _wants_exponent(magnitudes: np.ndarray) -> bool:
    if options.sci_mode is not None:
        return options.sci_mode
    smallest, largest = magnitudes.min(), magnitudes.max()
    # A subnormal smallest value overflows the ratio to inf, which is the answer wanted.
    with np.errstate(over="ignore"):
        spread = largest / smallest
    return bool(spread > 1000.0 or largest > 1.0e8 or smallest < 1.0e-4)


def _whole_with_point(value: float) -> str:
    return f"{value:.0f}." if math.isfinite(value) else f"{value:.0f}"


def _corners(array: np.ndarray) -> np.ndarray:
    """The elements that a summary shows."""
    shown = ([i for i in _shown_indices(size, True) if i is not None] for size in array.shape)
    return array[np.ix_(*(np.array(indices, dtype=np.intp) for indices in shown))]


def _nested(array: np.ndarray, indent: int, summarized: bool, notation: Notation) -> str:
    if array.ndim == 0:
        return notation(array.item())
    if array.ndim == 1:
        return _row(array, indent, summarized, notation)
    parts = [
        ELLIPSIS if index is None else _nested(array[index], indent + 1, summarized, notation)
        for index in _shown_indices(len(array), summarized)
    ]
    separator = "," + "\n" * (array.ndim - 1) + " " * (indent + 1)
    return "[" + separator.join(parts) + "]"


def _shown_indices(size: int, summarized: bool) -> list[int | None]:
    """Positions along a dimension; None stands for what is left out."""
    edge = options.edgeitems
    if summarized and size > 2 * edge:
        return [*range(edge), None, *range(size - edge, size)]
    return list(range(size))


def _row(array: np.ndarray, indent: int, summarized: bool, notation: Notation) -> str:
    # torch sets the dots apart from their neighbors, but not where they stand alone.
    dots = " " + ELLIPSIS if options.edgeitems else ELLIPSIS
    items = [
        dots if index is None else notation(array[index].item())
        for index in _shown_indices(len(array), summarized)
    ]
    per_line = max(1, (options.linewidth - indent) // (notation.width + len(", ")))
    lines = [", ".join(items[i : i + per_line]) for i in range(0, len(items), per_line)]
    return "[" + (",\n" + " " * (indent + 1)).join(lines) + "]"


def _with_suffixes(text: str, suffixes: Sequence[str], indent: int) -> str:
    # The line counts two characters more than it has, as torch counts it.
    length = len(text) - text.rfind("\n") + 1
    for suffix in suffixes:
        if length + len(suffix) + 2 > options.linewidth:
            text += ",\n" + " " * indent + suffix
            length = indent + len(suffix)
        else:
            text += ", " + suffix
            length += len(suffix) + 2
    return text + ")"
