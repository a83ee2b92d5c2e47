"""A check's program: from source to a function, and one run of it."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from types import FunctionType
from typing import Any

from autograder.worker.kit import Kit


def load(source: str, name: str) -> Callable:
    """The one function that `source` defines, with no other globals than the built-ins.

    Raises `ValueError` when the source does not define exactly one function.
    """
    namespace: dict[str, Any] = {"__builtins__": builtins, "__name__": "check"}
    given = set(namespace)
    exec(compile(source, f"<{name}>", "exec", dont_inherit=True), namespace)
    defined = [value for key, value in namespace.items() if key not in given]
    if len(defined) != 1 or not isinstance(defined[0], FunctionType):
        raise ValueError(f"the program {name} is not exactly one function")
    return defined[0]


def call(function: Callable, lib: Any, kit: Kit | None, inputs: dict[str, Any]) -> Any:
    """Runs the program with `lib`, the kit where it takes one, and its inputs by name."""
    if kit is None:
        return function(lib, **inputs)
    return function(lib, kit, **inputs)
