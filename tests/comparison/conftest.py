"""Tiny frameworks in a table of their own, run as `make frameworks` runs the real ones."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

COMPARISON = Path(__file__).resolve().parents[2] / "comparison"


@pytest.fixture(scope="session")
def comparison():
    """The folder, whose `runner` can be imported."""
    sys.path.insert(0, str(COMPARISON))
    yield COMPARISON
    sys.path.remove(str(COMPARISON))


class Table:
    """A table of frameworks in a folder, and what running it recorded."""

    def __init__(self, folder):
        self.folder = folder
        self.text = '[environments.course]\npython = "course"\n'
        (folder / "frameworks").mkdir()

    def environment(self, name, **entries):
        self.text += f"[environments.{name}]\n" + _toml(entries)

    def add(self, name, source=None, **entries):
        row = {"id": name, "title": name, "year": 2000, "idiom": "", "language": ""}
        row |= {"then": "", "now": "", "source": ""}
        if source is not None:
            (self.folder / "frameworks" / f"{name}.py").write_text(source)
            row |= {"file": f"{name}.py", "environment": "course"}
        self.text += "[[framework]]\n" + _toml(row | entries)

    def run(self, *only):
        (self.folder / "frameworks.toml").write_text(self.text)
        command = [sys.executable, str(COMPARISON / "run.py"), *only, "--out", str(self.folder)]
        command += ["--reference", str(COMPARISON / "frameworks" / "numpy_by_hand.py")]
        command += ["--table", str(self.folder / "frameworks.toml")]
        command += ["--environments", str(self.folder / "environments")]
        return subprocess.run(command, capture_output=True, text=True, timeout=300)

    def rows(self):
        record = json.loads((self.folder / "results.json").read_text())
        return {row["id"]: row for row in record["rows"]}


def _toml(entries):
    return "".join(f"{key} = {json.dumps(value)}\n" for key, value in entries.items())


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    return Table(tmp_path_factory.mktemp("frameworks"))
