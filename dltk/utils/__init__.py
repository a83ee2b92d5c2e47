"""What surrounds a model: `dltk.utils.data`, as `torch.utils`."""

import importlib
from typing import Any


def __getattr__(name: str) -> Any:
    if name != "data":
        raise AttributeError(f"module 'dltk.utils' has no attribute {name!r}")
    return importlib.import_module("dltk.utils.data")
