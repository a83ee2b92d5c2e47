"""All of `dltk`, for tests that walk over what it holds."""

import importlib
import pkgutil

import dltk


def every_module():
    """Every module of the package, imported, so that each has made its primitives."""
    return [
        importlib.import_module(found.name)
        for found in pkgutil.walk_packages(dltk.__path__, "dltk.")
    ]
