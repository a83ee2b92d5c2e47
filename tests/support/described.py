"""What a program gives under torch and under dltk, in a form that can be compared with ==."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import torch
from comparing import nearest_builtin

import dltk

DIGITS = 9


def _numbers(value: Any) -> Any:
    if isinstance(value, list):
        return [_numbers(each) for each in value]
    return f"{value + 0.0:.{DIGITS}g}" if isinstance(value, float) else value


def described(value: Any) -> Any:
    """Tensors by kind, dtype, shape, elements and place in the graph; containers part by part."""
    if isinstance(value, torch.Tensor | dltk.Tensor):
        return {
            "kind": type(value).__name__,
            "dtype": str(value.dtype).split(".")[-1],
            "shape": tuple(value.shape),
            "elements": _numbers((value.detach() + 0).tolist()),
            "requires_grad": value.requires_grad,
            "node": None if value.grad_fn is None else value.grad_fn.name(),
        }
    if isinstance(value, list | tuple):
        return [type(value).__name__, *map(described, value)]
    if isinstance(value, dict):
        return type(value).__name__, [(str(key), described(each)) for key, each in value.items()]
    return repr(_numbers(value)).replace("dltk.", "torch.")


def result(lib: Any, program: Callable[[Any], Any]) -> Any:
    """What `program(lib)` gives, or the nearest built-in class of the error it raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return described(program(lib))
        except Exception as error:
            return f"raises {nearest_builtin(error)}"


def assert_agree(program: Callable[[Any], Any]) -> None:
    """`program` gives the same under dltk as under torch."""
    assert result(dltk, program) == result(torch, program)


def message(program: Callable[[Any], Any]) -> str:
    """What the error says that `program` raises under dltk; it is of torch's class."""
    assert_agree(program)
    try:
        program(dltk)
    except Exception as error:
        return str(error)
    raise AssertionError("nothing was raised")


def registry() -> tuple[dict[str, Callable], Callable[[Callable], Callable]]:
    """Programs by name, and the decorator that puts one there."""
    programs: dict[str, Callable] = {}

    def program(function: Callable) -> Callable:
        programs[function.__name__] = function
        return function

    return programs, program


def row(lib: Any, *numbers: float, requires_grad: bool = True) -> Any:
    """A leaf of float64 with these elements."""
    return lib.tensor(list(numbers), dtype=lib.float64, requires_grad=requires_grad)
