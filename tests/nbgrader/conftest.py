"""The same small reference as in tests/release."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("small_reference", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def small_reference() -> ModuleType:
    """`copy_of_reference(folder)` and `small_notebook(course, lab_id)`."""
    return _load(Path(__file__).parents[1] / "release" / "conftest.py")
