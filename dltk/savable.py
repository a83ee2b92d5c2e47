"""What can be saved: trees of containers, tensors, numbers and text."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from dltk.core.dtypes import DType
from dltk.core.tensor import Tensor
from dltk.nn.parameter import Parameter

PLAIN = (bool, int, float, str, bytes, type(None), DType, Tensor, Parameter)


def check_tree(obj: Any) -> None:
    """`TypeError` if anything but containers, tensors, numbers and text is in the tree."""
    if type(obj) in (dict, OrderedDict):
        for key, value in obj.items():
            check_tree(key)
            check_tree(value)
    elif type(obj) in (list, tuple, set):
        for each in obj:
            check_tree(each)
    elif type(obj) not in PLAIN:
        raise TypeError(
            f"save writes dicts, lists, tuples, tensors, numbers and text, got "
            f"{type(obj).__name__}; save a module's state_dict()"
        )
