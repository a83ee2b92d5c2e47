"""Whether a student's result is torch's: values within a tolerance, all else exactly.

Results are canonical: plain Python values, arrays, lists and dicts. An array agrees where
`|got - want| <= atol + rtol * max|want|` at every element, and dtype, shape and the places of NaN
and of the infinities are the same.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.checks.spec import Tolerance

DERIVATIVES = ("grad", "tangent", "adjoint", "jacobian", "hessian")
_RELATIVE = {"float64": (1e-9, 1e-7), "float32": (1e-5, 1e-4), "float16": (1e-2, 1e-2)}
# A sum may cancel: its rounding error is relative to the terms, which the result does not show.
_ABSOLUTE = {"float64": 1e-14, "float32": 1e-6, "float16": 1e-3}


@dataclass(frozen=True)
class Difference:
    """The first way in which two results differ. `path` is the place in the result."""

    path: str
    sentence: str
    want: Any = None
    got: Any = None
    index: tuple[int, ...] | None = None
    largest_error: float | None = None


def difference(want: Any, got: Any, tolerance: Tolerance | None = None) -> Difference | None:
    """The first difference between two canonical results, or None where they agree."""
    return next(_differences(want, got, "", tolerance or Tolerance()), None)


def agree(want: Any, got: Any, tolerance: Tolerance | None = None) -> bool:
    """Whether two canonical results agree everywhere."""
    return difference(want, got, tolerance) is None


def _differences(want: Any, got: Any, path: str, tolerance: Tolerance) -> Iterator[Difference]:
    if isinstance(want, dict):
        yield from _of_dicts(want, got, path, tolerance)
    elif isinstance(want, list | tuple):
        yield from _of_lists(want, got, path, tolerance)
    elif isinstance(want, np.ndarray | np.generic):
        yield from _of_arrays(np.asarray(want), got, path, tolerance)
    elif isinstance(want, float):
        yield from _of_floats(want, got, path, tolerance)
    elif type(want) is not type(got) or want != got:
        yield Difference(
            path, f"{_subject(path)} is {_plain(got)} and should be {want!r}.", want, got
        )


def _of_dicts(want: dict, got: Any, path: str, tolerance: Tolerance) -> Iterator[Difference]:
    if not isinstance(got, dict):
        yield _wrong_kind(want, got, path)
        return
    for key in want:
        place = f"{path}.{key}" if path else str(key)
        if key not in got:
            yield Difference(place, f"The result has no {place!r}.", want[key])
        else:
            yield from _differences(want[key], got[key], place, tolerance)
    for key in sorted(got.keys() - want.keys(), key=str):
        place = f"{path}.{key}" if path else str(key)
        yield Difference(place, f"The result has {place!r}, which torch's has not.", None, got[key])


def _of_lists(want: Any, got: Any, path: str, tolerance: Tolerance) -> Iterator[Difference]:
    if not isinstance(got, list | tuple):
        yield _wrong_kind(want, got, path)
        return
    if len(want) != len(got):
        lengths = f"{len(got)} values and should have {len(want)}"
        yield Difference(path, f"{_subject(path)} has {lengths}.", want, got)
        return
    # A list with an array in it has no truth value: its items are looked at one by one.
    if _all_exact(want) and not any(map(_holds_values, got)) and list(want) != list(got):
        sentence = f"{_subject(path)} is {_plain(got)} and should be {_plain(want)}."
        yield Difference(path, sentence, want, got)
        return
    for place, (one, other) in enumerate(zip(want, got, strict=True)):
        yield from _differences(one, other, f"{path}[{place}]", tolerance)


def _all_exact(items: list | tuple) -> bool:
    return all(isinstance(item, int | str | None) for item in items)


def _holds_values(item: Any) -> bool:
    return isinstance(item, np.ndarray | list | tuple | dict)


def _of_floats(want: float, got: Any, path: str, tolerance: Tolerance) -> Iterator[Difference]:
    if type(got) is not float:
        yield _wrong_kind(want, got, path)
        return
    rtol, atol = _bounds(path, "float64", tolerance)
    alike = want == got or (math.isnan(want) and math.isnan(got))
    if not alike and not (
        math.isfinite(want) and math.isfinite(got) and abs(got - want) <= atol + rtol * abs(want)
    ):
        sentence = f"{_subject(path)} is {got!r} and should be {want!r}."
        yield Difference(path, sentence, want, got, largest_error=abs(got - want))


def _of_arrays(want: np.ndarray, got: Any, path: str, tolerance: Tolerance) -> Iterator[Difference]:
    if not isinstance(got, np.ndarray):
        yield _wrong_kind(want, got, path)
        return
    name = _subject(path)
    if got.dtype != want.dtype:
        sentence = f"{name} has dtype {got.dtype} and should have {want.dtype}."
    elif got.shape != want.shape:
        sentence = f"{name} has shape {got.shape} and should have {want.shape}."
    else:
        yield from _of_elements(want, got, path, tolerance)
        return
    yield Difference(path, sentence, want, got)


def _of_elements(
    want: np.ndarray, got: np.ndarray, path: str, tolerance: Tolerance
) -> Iterator[Difference]:
    if want.dtype.kind == "f":
        wrong, errors = _float_errors(want, got, *_bounds(path, want.dtype.name, tolerance))
    else:
        wrong = want != got
        errors = np.abs(want.astype(float) - got.astype(float))
    if not wrong.any():
        return
    index = tuple(int(place) for place in np.unravel_index(np.argmax(wrong), want.shape))
    finite = errors[np.isfinite(errors)]
    largest = float(finite.max()) if finite.size else math.nan
    where = f" at {list(index)}" if index else ""
    sentence = (
        f"{_subject(path)} first differs{where}: {got[index].item()!r} instead of "
        f"{want[index].item()!r}; {int(wrong.sum())} of {wrong.size} "
        f"{'element differs' if wrong.sum() == 1 else 'elements differ'}, "
        f"largest error {largest:.3g}."
    )
    yield Difference(path, sentence, want, got, index, largest)


def _float_errors(
    want: np.ndarray, got: np.ndarray, rtol: float, atol: float
) -> tuple[np.ndarray, np.ndarray]:
    """Which elements differ, and by how much; what is not finite has to be the same."""
    wide, given = want.astype(float), got.astype(float)
    finite = np.isfinite(wide)
    scale = float(np.abs(wide[finite]).max()) if finite.any() else 0.0
    with np.errstate(invalid="ignore", over="ignore"):
        errors = np.abs(given - wide)
    same = np.where(finite, errors <= atol + rtol * scale, wide == given)
    same |= np.isnan(wide) & np.isnan(given)
    return ~same, errors


def _bounds(path: str, dtype: str, tolerance: Tolerance) -> tuple[float, float]:
    derivative = any(word in path.lower() for word in DERIVATIVES)
    rtol = _RELATIVE[dtype][derivative] if tolerance.rtol is None else tolerance.rtol
    return rtol, _ABSOLUTE[dtype] if tolerance.atol is None else tolerance.atol


def _wrong_kind(want: Any, got: Any, path: str) -> Difference:
    sentence = f"{_subject(path)} is {_kind(got)} and should be {_kind(want)}."
    return Difference(path, sentence, want, got)


def _subject(path: str) -> str:
    return path or "The result"


def _plain(value: Any) -> str:
    return _kind(value) if isinstance(value, np.ndarray | dict) else repr(value)[:200]


def _kind(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype} with shape {value.shape}"
    names = {dict: "a dict", list: "a list", tuple: "a list", float: "a float", str: "a text"}
    return names.get(type(value), f"{value!r}"[:80])
