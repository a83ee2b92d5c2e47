"""What the tests of the set-up share: the script, and a small course to set up."""

from pathlib import Path
from types import ModuleType

import course_setup
import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def setup() -> ModuleType:
    return course_setup


@pytest.fixture
def small_course(tmp_path: Path) -> Path:
    """A course in a path with a space that needs no package and no build."""
    root = tmp_path / "a small course"
    root.mkdir()
    (root / "requirements.txt").write_text("", encoding="utf-8")
    (root / "requirements-dev.txt").write_text("-r requirements.txt\n", encoding="utf-8")
    (root / "pyproject.toml").write_text('[project]\nname = "small"\n', encoding="utf-8")
    return root
