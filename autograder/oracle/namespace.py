"""The namespace a program gets as `lib` under torch: torch's names, and the twins' before them."""

from collections.abc import Mapping
from typing import Any

import torch

from autograder.oracle.twins import TWINS


class Namespace:
    """A module of torch with other values at some dotted names below it."""

    def __init__(self, module: Any, twins: Mapping[str, Any]):
        self._module = module
        self._twins = twins

    def __getattr__(self, name: str) -> Any:
        if name in self._twins:
            return self._twins[name]
        below = {
            dotted.removeprefix(f"{name}."): twin
            for dotted, twin in self._twins.items()
            if dotted.startswith(f"{name}.")
        }
        if below:
            return Namespace(getattr(self._module, name, None), below)
        return getattr(self._module, name)


def namespace(twins: Mapping[str, Any] = TWINS) -> Any:
    """torch itself where there is no twin."""
    return Namespace(torch, twins) if twins else torch
