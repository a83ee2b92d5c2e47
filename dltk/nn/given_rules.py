"""Giving rules to the primitives of layers, and calling these inside of rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dltk.core.dispatch import apply
from dltk.core.primitive import Primitive, Rule
from dltk.core.tensor import Tensor

Rules = tuple[Callable, ...]


def give(primitive: Primitive, vjps: Rules, jvps: Rules) -> None:
    """Let `primitive` have these rules, one for each operand in both modes."""
    primitive.vjps = tuple(Rule(each) for each in vjps)
    primitive.jvps = tuple(Rule(each) for each in jvps)


def run(ops: Any, primitive: Primitive, operands: tuple, params: tuple) -> Any:
    """`primitive` in a rule: its kernel on raw arrays, the recorded operation on tensors."""
    if isinstance(operands[0], Tensor):
        return apply(primitive, operands, params, operands[0].dtype)
    return primitive.kernel(ops, *operands, *params)
