"""A check's program: from source to a function, and one run of it."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable
from typing import Any

from autograder.worker.kit import Kit


def load(source: str, name: str) -> Callable:
    """The one function that `source` defines, without its decorators and with no other globals.

    Raises `ValueError` when the source is not exactly one function.
    """
    module = ast.parse(source, f"<{name}>")
    if len(module.body) != 1 or not isinstance(module.body[0], ast.FunctionDef):
        raise ValueError(f"the program {name} is not exactly one function")
    definition = module.body[0]
    definition.decorator_list = []
    namespace: dict[str, Any] = {"__builtins__": builtins, "__name__": "check"}
    exec(compile(module, f"<{name}>", "exec"), namespace)
    return namespace[definition.name]


def call(function: Callable, lib: Any, kit: Kit | None, inputs: dict[str, Any]) -> Any:
    """Runs the program with `lib`, the kit where it takes one, and its inputs by name."""
    if kit is None:
        return function(lib, **inputs)
    return function(lib, kit, **inputs)
