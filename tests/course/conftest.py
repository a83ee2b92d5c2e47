"""What the tests of the set-up share: the script as a module, and a small course to set up."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def setup() -> ModuleType:
    """tools/course_setup.py, which is a script and not part of a package."""
    path = REPOSITORY / "tools" / "course_setup.py"
    spec = importlib.util.spec_from_file_location("course_setup", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["course_setup"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def small_course(tmp_path: Path) -> Path:
    """A course in a path with a space that needs no package and no build."""
    root = tmp_path / "a small course"
    root.mkdir()
    (root / "requirements.txt").write_text("", encoding="utf-8")
    (root / "requirements-dev.txt").write_text("-r requirements.txt\n", encoding="utf-8")
    (root / "pyproject.toml").write_text('[project]\nname = "small"\n', encoding="utf-8")
    return root
