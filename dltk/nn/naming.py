"""Torch's names for what it records as one operation and dltk as several."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from dltk.autograd.primitive_node import PrimitiveNode


def named(node_name: str) -> Callable[[Callable], Callable]:
    """Let the last node of a function have torch's name of the whole, as printing shows it.

    The function stays differentiated as it is written: what a lab wrote runs in both directions.
    """

    def decorate(function: Callable) -> Callable:
        @functools.wraps(function)
        def run(input: Any, *args: Any, **options: Any) -> Any:
            before = getattr(input, "_node", None)
            result = function(input, *args, **options)
            node = result._node
            if isinstance(node, PrimitiveNode) and node is not before:
                node.label = node_name
            return result

        return run

    return decorate
