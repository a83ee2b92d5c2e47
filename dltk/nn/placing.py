"""Putting a tensor into the place of another in a module."""

from __future__ import annotations

from typing import Any

from dltk.core.tensor import Tensor
from dltk.nn.parameter import Parameter


def put(module: Any, name: str, source: Tensor) -> None:
    """File `source` under a dotted name; in the place of a parameter it becomes one."""
    place, _, own = name.rpartition(".")
    owner = module.get_submodule(place)
    former = getattr(owner, own)
    if isinstance(former, Parameter) and not isinstance(source, Parameter):
        source = Parameter(source, former.requires_grad)
    setattr(owner, own, source)
