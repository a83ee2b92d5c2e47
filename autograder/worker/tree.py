"""Imports from the graded tree: source files only, and never a `.pyc` that came with them."""

from __future__ import annotations

import _imp
import importlib.machinery
import marshal
import os
import sys
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from typing import Any

_codes: dict[str, Any] = {}
_marshalled: dict[str, bytes] = {}
_specs: dict[str, ModuleSpec | None] = {}


class GradedLoader(importlib.machinery.SourceFileLoader):
    """Compiles a file of the tree, or takes the code compiled for it before the task began."""

    def get_code(self, fullname: str) -> Any:
        path = self.get_filename(fullname)
        code = _codes.get(path)
        if code is not None:
            return code
        if path in _marshalled:
            return marshal.loads(_marshalled[path])
        source = self.get_data(path)
        try:
            return compile(source, path, "exec", dont_inherit=True)
        except ValueError as error:
            raise _located(SyntaxError(str(error)), path) from None
        except SyntaxError as error:
            raise _located(error, path) from None


class GivenFinder:
    """Finds the modules whose code was compiled before by their names: no file is looked for."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        return _specs.get(name)


def _located(error: SyntaxError, path: str) -> SyntaxError:
    error.filename = error.filename or path
    error.lineno = error.lineno or 1
    return error


def install(tree: str) -> None:
    """Makes `tree` the last import path, with the loader above for everything below it."""

    def finder(entry: str) -> importlib.machinery.FileFinder:
        if entry != tree and not entry.startswith(tree + os.sep):
            raise ImportError
        return importlib.machinery.FileFinder(entry, (GradedLoader, [".py"]))

    sys.path.append(tree)
    # Before the search along `sys.path`, after what is built in.
    sys.meta_path.insert(-1, GivenFinder)
    sys.path_hooks.insert(0, finder)
    sys.path_importer_cache.clear()


def provide(codes: dict[str, bytes | None]) -> list[str]:
    """Takes marshalled code by path below the tree, compiled by the grader, for every fork to come.

    The paths of the modules that have none are returned: they are the submission's own.
    """
    root = sys.path[-1]
    own = []
    for name, data in codes.items():
        path = os.path.join(root, *name.split("/"))
        if data is None:
            own.append(path)
            continue
        code = marshal.loads(data)
        _imp._fix_co_filename(code, path)  # type: ignore[attr-defined]
        _codes[path] = code
        module = _dotted(name)
        _specs[module] = spec_from_file_location(module, path, loader=GradedLoader(module, path))
    return own


def provide_own(codes: dict[str, bytes]) -> None:
    """Takes marshalled code by path that only the forks to come may look into."""
    _marshalled.update(codes)


def _dotted(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
