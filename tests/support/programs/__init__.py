"""Whole programs, written for torch: each takes the library, so that dltk runs it unchanged.

A file is a theme. `PROGRAMS` has them all by name; `registry.Program` says what one returns.
"""

import importlib
import pkgutil

from programs.registry import PROGRAMS, Program

__all__ = ["PROGRAMS", "Program"]

_NOT_THEMES = {"registry", "synthetic", "twins", "agreement"}

for _file in pkgutil.walk_packages(__path__, "programs."):
    if _file.name.removeprefix("programs.") not in _NOT_THEMES:
        importlib.import_module(_file.name)
