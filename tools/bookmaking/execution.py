"""The lectures' outputs, each kept until what it was computed from changes.

Kept with a notebook are the digests of its code, of every file of the course that its kernel read,
and the versions of the packages. Sphinx gets the outputs through jupyter-cache.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import platform
import re
import shutil
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from myst_nb.core.read import read_myst_markdown_notebook
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from bookmaking import CACHE, EXECUTED, ROOT

WATCH = Path(__file__).with_name("watched_kernel.py")
SECONDS_A_CELL = 120
AT_ONCE = 2
COLORS = re.compile("\x1b\\[[0-9;]*m")
PACKAGES = ("anywidget", "ipykernel", "matplotlib", "numpy", "torch")


class LectureError(Exception):
    """A cell of a lecture raised; the message is its traceback."""


@dataclass(frozen=True)
class Lecture:
    """A MyST notebook of the book: where its text is, where it runs."""

    text: Path
    folder: Path

    @property
    def name(self) -> str:
        return self.text.stem

    @property
    def outputs(self) -> Path:
        return EXECUTED / f"{self.name}.ipynb"

    @property
    def facts(self) -> Path:
        """What the outputs were computed from."""
        return EXECUTED / f"{self.name}.json"

    def notebook(self) -> nbformat.NotebookNode:
        return read_myst_markdown_notebook(self.text.read_text(encoding="utf-8"), path=self.text)


def execute(lectures: Sequence[Lecture]) -> list[str]:
    """Run the lectures whose outputs are missing or stale; one sentence for each that failed."""
    EXECUTED.mkdir(parents=True, exist_ok=True)
    stale = [lecture for lecture in lectures if not is_current(lecture)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [said for said in pool.map(_attempt, stale) if said]


def hand_to_sphinx(lectures: Sequence[Lecture]) -> None:
    """Put the outputs, and no others, where myst-nb looks for them."""
    shutil.rmtree(CACHE, ignore_errors=True)
    cache = get_cache(CACHE)
    for lecture in lectures:
        # Of what ran only the outputs are taken: myst-nb finds them by the text as it is now.
        executed, notebook = nbformat.read(lecture.outputs, as_version=4), lecture.notebook()
        for cell, run in zip(_code(notebook), _code(executed), strict=True):
            cell.update(outputs=run.outputs, execution_count=run.execution_count)
        notebook.metadata["language_info"] = executed.metadata["language_info"]
        bundle = CacheBundleIn(notebook, str(lecture.text))
        cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def is_current(lecture: Lecture) -> bool:
    """Whether the kept outputs are what an execution would compute from."""
    if not (lecture.outputs.is_file() and lecture.facts.is_file()):
        return False
    facts = json.loads(lecture.facts.read_text(encoding="utf-8"))
    return bool(facts == _facts(lecture, list(facts["files"])))


def _attempt(lecture: Lecture) -> str:
    began = time.monotonic()
    try:
        _run(lecture)
    except LectureError as problem:
        return f"{lecture.name} failed:\n{problem}"
    print(f"{lecture.name}: executed in {time.monotonic() - began:.1f} s", flush=True)
    return ""


def _run(lecture: Lecture) -> None:
    lecture.facts.unlink(missing_ok=True)
    read = EXECUTED / f"{lecture.name}.read"
    read.unlink(missing_ok=True)
    notebook = lecture.notebook()
    lecture.folder.mkdir(parents=True, exist_ok=True)
    client = NotebookClient(
        notebook,
        timeout=SECONDS_A_CELL,
        kernel_name="python3",
        resources={"metadata": {"path": str(lecture.folder)}},
        extra_arguments=[
            f"--IPKernelApp.exec_lines=__import__('runpy').run_path({str(WATCH)!r})",
            f"--IPKernelApp.log_level={logging.ERROR}",
        ],
        store_widget_state=False,
    )
    kernel: Any = client.create_kernel_manager()
    kernel.kernel_spec.argv[0] = sys.executable
    try:
        client.execute(env=_environment(read))
    except CellExecutionError as problem:
        raise LectureError(COLORS.sub("", str(problem))) from None
    nbformat.write(notebook, lecture.outputs)
    if read.is_file():
        files = json.loads(read.read_text(encoding="utf-8"))
        lecture.facts.write_text(json.dumps(_facts(lecture, files), indent=1), encoding="utf-8")


def _environment(read: Path) -> dict[str, str]:
    """One thread, so that two lectures at once do not fight for the cores."""
    return {
        **os.environ,
        "BOOK_ROOT": str(ROOT),
        "BOOK_READ_FILES": str(read),
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(ROOT),
    }


def _facts(lecture: Lecture, files: Sequence[str]) -> dict[str, Any]:
    cells = [cell.source for cell in _code(lecture.notebook())]
    versions = {name: version(name) for name in PACKAGES}
    return {
        "code": hashlib.sha256("\0".join(cells).encode()).hexdigest(),
        "versions": {**versions, "python": platform.python_version()},
        "files": {name: digest(ROOT / name) for name in files},
    }


def _code(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def digest(path: Path) -> str:
    """The SHA-256 of a file, or "" where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
