"""A row of a trace, and the names that tensors get on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass
class Row:
    """One line of an evaluation trace.

    Attributes:
        name: `v-1`, `v0` for the inputs, `v1`, `v2` … for what was computed.
        expression: how it was computed, in the names of its operands.
        value: a copy of the result, whatever happens to the tensor later.
        tangent: a copy of its tangent, None where the run carries none.
        operation: the operation's name, "" for an input.
        operands: the names of the operands; constants are written as numbers.
    """

    name: str
    expression: str
    value: np.ndarray
    tangent: np.ndarray | None = None
    operation: str = ""
    operands: tuple[str, ...] = ()


@dataclass
class Step:
    """One line of an adjoint trace: what one visited operation sends to one of its operands.

    Attributes:
        name: the operand that receives.
        source: the result whose operation was visited, "" for the seed.
        rule: the contribution in names.
        numbers: the contribution in numbers, "" where they are arrays.
        contribution: what arrives now.
        adjoint: the sum of what has arrived until now.
    """

    name: str
    source: str
    rule: str
    numbers: str
    contribution: np.ndarray
    adjoint: np.ndarray


class Names:
    """The name of each tensor seen; by identity, since equal tensors are different nodes."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}
        # A tensor that is gone could leave its identity to another one.
        self._alive: list[Any] = []

    def __setitem__(self, tensor: Any, name: str) -> None:
        self._names[id(tensor)] = name
        self._alive.append(tensor)

    def __getitem__(self, tensor: Any) -> str:
        return self._names[id(tensor)]

    def __contains__(self, tensor: Any) -> bool:
        return id(tensor) in self._names

    def get(self, tensor: Any, default: str) -> str:
        return self._names.get(id(tensor), default)

    def tensors(self) -> list[Any]:
        """Every tensor that got a name."""
        return list({id(tensor): tensor for tensor in self._alive}.values())


def number(value: Any) -> str:
    """A number inside of a rule, as short as it is read: `5`, `0.693147`."""
    return f"{float(value):.6g}"
