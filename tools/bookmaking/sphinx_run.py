"""Sphinx over the assembled pages, unless the book in place was made from exactly them."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

from bookmaking import EXECUTED, ROOT, SITE, SOURCE, WORK
from bookmaking.execution import digest

STAMP = WORK / "made-from.json"
PACKAGES = ("myst-nb", "sphinx", "sphinx-book-theme", "sphinx-copybutton", "sphinx-mathjax-offline")


def fingerprint(files: Mapping[str, bytes]) -> str:
    """Changes when a page, an output, a setting, a style or a package of the book changes."""
    watched = [*_files_of(ROOT / "site"), *sorted(EXECUTED.glob("*.ipynb"))]
    facts = [
        {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
        {path.relative_to(ROOT).as_posix(): digest(path) for path in watched},
        {name: version(name) for name in PACKAGES},
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def is_in_place(wanted: str) -> bool:
    """Whether the book was made from that, without a warning, and is still whole."""
    if not STAMP.is_file():
        return False
    stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    return bool(stamp["fingerprint"] == wanted and stamp["sizes"] == _sizes())


def make(wanted: str) -> bool:
    """Make all of the book anew; whether that went without a warning.

    Every page is read each time: a page that Sphinx skips could hide a warning of its last run
    and keep a sidebar that is no longer true.
    """
    STAMP.unlink(missing_ok=True)
    shutil.rmtree(SITE, ignore_errors=True)
    shutil.rmtree(WORK / "doctrees", ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-q", "-W", "--keep-going"]
    command += ["-c", str(ROOT / "site"), "-d", str(WORK / "doctrees"), str(SOURCE), str(SITE)]
    if subprocess.run(command, cwd=ROOT).returncode != 0:
        return False
    stamp = {"fingerprint": wanted, "sizes": _sizes()}
    STAMP.write_text(json.dumps(stamp), encoding="utf-8")
    return True


def _sizes() -> dict[str, int]:
    return {path.relative_to(SITE).as_posix(): path.stat().st_size for path in _files_of(SITE)}


def _files_of(folder: Path) -> Iterable[Path]:
    files = sorted(folder.rglob("*"))
    return [path for path in files if path.is_file() and "__pycache__" not in path.parts]
