"""Running the calls of the table under both libraries, in many variations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from call_table import Call, flat, is_operand
from comparing import LIBRARIES, array, assert_same, nearest_builtin
from known_differences import reason

import dltk

DTYPES = "float16 float32 float64 int8 int16 int32 int64 uint8 bool".split()  # noqa: SIM905
AGREED: dict[str, set[str]] = {}
"""For each operation the variations in which it agreed with torch."""


def converted(lib: Any, value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return lib.tensor(value)
    if isinstance(value, list):
        return [converted(lib, each) for each in value]
    return value


def function(lib: Any, name: str) -> Callable:
    for part in name.split("."):
        lib = getattr(lib, part)
    return lib


def run(lib: Any, call: Call, operands: list[Any], **more: Any) -> Any:
    given = [converted(lib, each) for each in call.with_operands(operands)]
    return function(lib, call.name)(*given, **call.keywords, **more)


def is_tensor(value: Any) -> bool:
    return isinstance(value, LIBRARIES["torch"].Tensor | dltk.Tensor)


def described(result: Any) -> list:
    """A result as what is compared: values, dtypes, shapes, strides."""
    found: list = []
    for each in flat(result if isinstance(result, list | tuple) else [result]):
        if is_tensor(each):
            strides = tuple(each.stride()) if each.numel() else ()
            found.append([array(each), str(each.dtype).split(".")[-1], str(strides)])
        else:
            found.append(str(each).split(".")[-1])
    return found


def outcome(attempt: Callable[[Any], Any], lib: Any) -> Any:
    try:
        return attempt(lib)
    except Exception as error:
        return f"raises {nearest_builtin(error)}"


def compare(
    test: str,
    call: Call,
    variations: Iterator[tuple[str, Callable[[Any], Any]]],
    rtol: float = 1e-9,
) -> None:
    """Run each variation under both libraries; say which differ without a known reason."""
    differing = []
    for label, attempt in variations:
        want, got = (outcome(attempt, lib) for lib in LIBRARIES.values())
        try:
            assert_same(got, want, rtol)
        except AssertionError:
            if reason(test, call, label) is None:
                differing.append(f"{label}: torch {_brief(want)}, dltk {_brief(got)}")
        else:
            AGREED.setdefault(call.name, set()).add(f"{test}: {call}: {label}")
    assert differing == [], "\n".join(differing)


def _brief(value: Any) -> str:
    return " ".join(str(value).split())[:230]


def operand_tensors(lib: Any, call: Call, gradients: bool = False) -> list[Any]:
    return [lib.tensor(each, requires_grad=gradients) for each in call.operands()]


def arguments_for(lib: Any, call: Call, tensors: list[Any]) -> list[Any]:
    return [converted(lib, each) for each in call.with_operands(tensors)]


def has_operand_first(call: Call) -> bool:
    return bool(call.arguments) and is_operand(call.arguments[0])


def tensors_of(result: Any) -> list[Any]:
    """The tensors among one result or several."""
    several = result if isinstance(result, list | tuple) else [result]
    return [each for each in several if is_tensor(each)]
