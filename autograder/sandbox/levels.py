"""The levels of the sandbox: how each starts a worker, and which ones this machine has."""

from __future__ import annotations

import functools
import json
import os
import shutil
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from autograder.sandbox import bubblewrap
from autograder.sandbox.compiled import compile_worker
from autograder.sandbox.readable import Runtime, hidden, runtime
from autograder.sandbox.requests import Limits

LEVELS = ("bubblewrap", "landlock", "plain")
FORKS = sys.platform == "linux"
"""Where a warm process is forked for each task; elsewhere each task starts its own."""

_TINY_PACKAGE = "class Tensor:\n    pass\n"


class SandboxError(RuntimeError):
    """The sandbox could not be started, or its own process ended."""


@dataclass
class Launch:
    """How to start one worker: its command, what the worker is told, what it inherits."""

    level: str
    configuration: dict[str, Any]
    prefix: list[str] = field(default_factory=list)
    inherited: list[int] = field(default_factory=list)
    scratch: Path | None = None

    def command(self, control: int | None) -> list[str]:
        """The command line, with the control socket's descriptor in it."""
        configuration = json.dumps({**self.configuration, "control": control})
        main = str(Path(self.configuration["homes"]["autograder"], "autograder/worker/main.py"))
        interpreter = [str(runtime().python), "-I", "-S", "-B", "-X", "utf8"]
        return [*self.prefix, *interpreter, main, configuration]

    def environment(self) -> dict[str, str]:
        """A clean environment: nothing of the grader's is in it."""
        clean = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "VECLIB_MAXIMUM_THREADS": "1"}
        for name in ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
            if name in os.environ:
                clean[name] = os.environ[name]
        return clean

    def close(self) -> None:
        """Removes the scratch folder and closes what the worker inherited."""
        for descriptor in self.inherited:
            os.close(descriptor)
        self.inherited = []
        if self.scratch is not None:
            shutil.rmtree(self.scratch, ignore_errors=True)
            self.scratch = None


def launch(level: str, tree: Path, limits: Limits, fork: bool = FORKS) -> Launch:
    """How to start a worker of `level` on `tree`."""
    compile_worker(runtime().package)
    told: dict[str, Any] = {"level": level, "limits": asdict(limits), "fork": fork}
    if level == "bubblewrap":
        inside = {
            "homes": dict.fromkeys(runtime().homes, bubblewrap.RUNTIME),
            "tree": bubblewrap.TREE,
            "scratch": bubblewrap.SCRATCH,
        }
        prefix, inherited = bubblewrap.prefix(tree, limits)
        return Launch(level, {**told, **inside}, prefix, inherited)
    scratch = Path(tempfile.mkdtemp(prefix="autograder-")).resolve()
    outside = {"homes": runtime().homes, "tree": str(tree), "scratch": str(scratch)}
    if level == "landlock":
        readable, listable = _readable(runtime())
        told["readable"] = [*readable, str(tree)]
        told["listable"] = listable
    return Launch(level, {**told, **outside}, scratch=scratch)


@functools.cache
def _readable(parts: Runtime) -> tuple[list[str], list[str]]:
    """What to open up for reading, and folders whose names alone are: those with hidden entries."""
    roots = [*parts.interpreter_roots, *parts.package_folders, *parts.worker_files]
    readable = [Path("/dev/urandom"), Path("/dev/null")]
    listable: list[Path] = []
    for root in roots:
        _split(root, hidden(), readable, listable)
    return [str(path) for path in readable], [str(path) for path in listable]


def _split(root: Path, secret: list[Path], readable: list[Path], listable: list[Path]) -> None:
    below = [path for path in secret if path.is_relative_to(root)]
    if root in below:
        return
    if not below:
        readable.append(root)
        return
    listable.append(root)
    for child in sorted(root.iterdir()):
        _split(child, below, readable, listable)


@functools.cache
def available() -> list[str]:
    """The levels that work here, strongest first; each one was tried, not looked up."""
    return [level for level in LEVELS if _works(level)]


def strongest() -> str:
    """The strongest level that works here; `SandboxError` when not even a plain child does."""
    for level in LEVELS:
        if _works(level):
            return level
    raise SandboxError("no process can be started to run a submission: " + why_not("plain"))


def _works(level: str) -> bool:
    return why_not(level) == ""


@functools.cache
def why_not(level: str) -> str:
    """Why `level` does not work on this machine; empty when it does."""
    from autograder.sandbox.requests import Program
    from autograder.sandbox.worker import Worker

    if level != "plain" and sys.platform != "linux":
        return f"{level} needs Linux"
    probe = Program("probe", "def probe(lib):\n    return {'seven': 7}\n", {})
    with tempfile.TemporaryDirectory(prefix="autograder-probe-") as folder:
        package = Path(folder, "probe_package")
        package.mkdir()
        (package / "__init__.py").write_text(_TINY_PACKAGE)
        try:
            with Worker(Path(folder), level, package="probe_package") as worker:
                reply = worker.run("probe", [probe])[0]
        except (SandboxError, OSError) as error:
            return str(error)
    return "" if reply.outcome == "ok" else f"{reply.message}: {reply.printed}"
