"""Finds a Python of a version: the one that runs this, on PATH, or where pyenv keeps them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from runner.refusal import UnavailableError

_PROBE = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"


@cache
def find(version: str) -> Path:
    """An interpreter of that version which runs and can make virtual environments.

    Raises:
        UnavailableError: there is none.
    """
    for candidate in _candidates(version):
        if _works(candidate, version):
            return candidate
    raise UnavailableError(f"it needs Python {version}, and this machine has none")


def _candidates(version: str) -> Iterator[Path]:
    if "{}.{}".format(*sys.version_info[:2]) == version:
        yield Path(sys.base_prefix) / "bin" / f"python{version}"
        yield Path(sys.executable)
    on_path = shutil.which(f"python{version}")
    if on_path:
        yield Path(on_path)
    home = Path.home()
    for base in (
        Path(os.environ.get("PYENV_ROOT", home / ".pyenv")) / "versions",
        home / ".local" / "share" / "uv" / "python",
        *(home / name / "envs" for name in ("miniconda3", "anaconda3", "miniforge3")),
    ):
        yield from sorted(base.glob(f"*/bin/python{version}"), reverse=True)


def _works(candidate: Path, version: str) -> bool:
    try:
        done = subprocess.run(
            [str(candidate), "-I", "-c", _PROBE], capture_output=True, text=True, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and done.stdout.strip() == version
