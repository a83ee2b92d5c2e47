"""Where a program's results under dltk first leave those under torch."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

ABSOLUTE = {"float64": 1e-12, "float32": 1e-7, "float16": 1e-3}
FORWARD = {"float64": 1e-9, "float32": 1e-5, "float16": 1e-2}
GRADIENT = {"float64": 1e-7, "float32": 1e-4, "float16": 1e-2}
DERIVATIVES = ("grad", "tangent", "adjoint", "jacobian", "hessian")


class DisagreementError(AssertionError):
    """The first value that differs: which, at which step, and by how much."""


def compare(ours: dict[str, Any], theirs: dict[str, Any], precision: str) -> int:
    """The number of values compared; the error names the first step and value that differ.

    The tolerances are those of the API: `|ours - theirs| <= absolute + relative * max |theirs|`,
    the relative one of a gradient for what is named one and, in float32, for what came after a
    step of training.
    """
    if list(ours) != list(theirs):
        raise DisagreementError(f"dltk returned {list(ours)}, torch {list(theirs)}")
    for name, want in theirs.items():
        if isinstance(want, list) and len(ours[name]) != len(want):
            raise DisagreementError(f"{name} has {len(ours[name])} steps, under torch {len(want)}")
    got, want = _in_order(ours), _in_order(theirs)
    for (step, name, mine), (_, other, yours) in zip(got, want, strict=False):
        where = name if step is None else f"step {step}, {name}"
        if name != other:
            raise DisagreementError(f"{where} stands where torch has {other}")
        _compare_one(where, mine, yours, _relative(name, step), precision)
    if len(got) != len(want):
        raise DisagreementError(f"{len(got)} values, under torch {len(want)}")
    return len(got)


def _relative(name: str, step: int | None) -> dict[str, float]:
    if any(word in name for word in DERIVATIVES):
        return GRADIENT
    return FORWARD if step == 0 else FORWARD | {"float32": GRADIENT["float32"]}


def _in_order(result: dict[str, Any]) -> list[tuple[int | None, str, Any]]:
    """Every value as (step, name, value), step by step, and last what has no step."""
    steps = max((len(each) for each in result.values() if isinstance(each, list)), default=0)
    rows: list[tuple[int | None, str, Any]] = []
    for step in range(steps):
        for name, series in result.items():
            if isinstance(series, list) and step < len(series):
                rows += [(step, path, leaf) for path, leaf in _leaves(name, series[step])]
    for name, value in result.items():
        if not isinstance(value, list):
            rows += [(None, path, leaf) for path, leaf in _leaves(name, value)]
    return rows


def _leaves(name: str, value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [leaf for key, each in value.items() for leaf in _leaves(f"{name}[{key}]", each)]
    if isinstance(value, list | tuple):
        return [leaf for i, each in enumerate(value) for leaf in _leaves(f"{name}[{i}]", each)]
    return [(name, value)]


def _compare_one(
    where: str, ours: Any, theirs: Any, relative: dict[str, float], precision: str
) -> None:
    ours, theirs = _plain(ours), _plain(theirs)
    if type(ours) is not type(theirs):
        raise DisagreementError(f"{where}: dltk has {ours!r}, torch {theirs!r}")
    if isinstance(theirs, float):
        ours, theirs = np.asarray(ours, precision), np.asarray(theirs, precision)
    if not isinstance(theirs, np.ndarray):
        if ours != theirs:
            raise DisagreementError(f"{where}: dltk has {ours!r}, torch {theirs!r}")
        return
    if ours.dtype != theirs.dtype or ours.shape != theirs.shape:
        raise DisagreementError(
            f"{where}: dltk has {ours.dtype} of {ours.shape}, "
            f"torch {theirs.dtype} of {theirs.shape}"
        )
    kind = str(theirs.dtype)
    if kind not in relative:
        if not np.array_equal(ours, theirs):
            raise DisagreementError(f"{where}: dltk has {ours}, torch {theirs}")
        return
    finite = np.isfinite(theirs)
    largest = float(np.abs(theirs[finite]).max(initial=0.0))
    allowed = ABSOLUTE[kind] + relative[kind] * largest
    apart = float(np.abs(ours[finite].astype("f8") - theirs[finite].astype("f8")).max(initial=0.0))
    same_elsewhere = np.array_equal(ours[~finite], theirs[~finite], equal_nan=True)
    if not same_elsewhere or not (math.isfinite(apart) and apart <= allowed):
        raise DisagreementError(
            f"{where} differs by {apart:.3g}, allowed are {allowed:.3g}: "
            f"dltk has {ours.ravel()[:6]}, torch {theirs.ravel()[:6]}"
        )


def _plain(value: Any) -> Any:
    """A tensor as an array, a number as it is, anything else as text without the library's name."""
    if hasattr(value, "detach"):
        return np.array(value.detach().numpy())
    if value is None or isinstance(value, bool | int | float | np.ndarray):
        return value
    return str(value).replace("torch.", "dltk.")
