"""Virtual environments under build/frameworks/, made once and kept while their pins stay."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from runner import interpreters, system_packages
from runner.refusal import NotInstalledError, UnavailableError
from runner.table import COURSE, Framework, Needs

_OFFLINE = (
    "Failed to establish a new connection",
    "Temporary failure in name resolution",
    "ProxyError",
    "ReadTimeoutError",
)
_LEFT_OUT = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__")


@dataclass(frozen=True)
class Prepared:
    """A Python to run a framework with, and the variables it has to see."""

    python: Path
    variables: dict[str, str] = field(default_factory=dict)


class Environments:
    """Prepares what frameworks need; each environment is tried once a run, whatever comes of it."""

    def __init__(self, folder: Path, install_limit: float = 1800.0) -> None:
        self.folder = folder
        self.install_limit = install_limit
        self._tried: dict[str, Path | UnavailableError] = {}

    def prepare(self, framework: Framework) -> Prepared:
        """Raises UnavailableError when an interpreter, a system package or an install fails."""
        assert framework.environment is not None
        plain = self.plain(framework.environment)
        more = self._system(framework) | framework.variables
        return Prepared(plain.python, plain.variables | more)

    def plain(self, needs: Needs) -> Prepared:
        """The same for an environment alone, without a framework's system packages."""
        python = self._python(needs)
        variables = {k: v for k, v in os.environ.items() if k not in _LEFT_OUT}
        kept = self.folder / "kept"
        kept.mkdir(parents=True, exist_ok=True)
        variables["THEANO_FLAGS"] = f"base_compiledir={kept / 'theano'}"
        variables["XDG_CACHE_HOME"] = variables["KERAS_HOME"] = str(kept)
        return Prepared(python, variables)

    def _python(self, needs: Needs) -> Path:
        if needs.python == COURSE:
            return Path(sys.executable)
        if needs.name not in self._tried:
            try:
                self._tried[needs.name] = self._installed(needs)
            except UnavailableError as refusal:
                self._tried[needs.name] = refusal
        found = self._tried[needs.name]
        if isinstance(found, UnavailableError):
            raise found
        return found

    def _installed(self, needs: Needs) -> Path:
        base = interpreters.find(needs.python)
        place = self.folder / needs.name
        python = place / ("Scripts" if os.name == "nt" else "bin") / "python"
        stamp = place / "installed.json"
        wanted = json.dumps([str(base), needs.pins, needs.pins_alone])
        if python.exists() and stamp.exists() and stamp.read_text() == wanted:
            return python
        shutil.rmtree(place, ignore_errors=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        print(f"Installing {needs.name} (Python {needs.python})", flush=True)
        log = self.folder / f"{needs.name}.log"
        log.write_text("")
        self._run([str(base), "-m", "venv", str(place)], log, "the virtual environment")
        pip = [str(python), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
        if needs.pins_alone:
            self._run([*pip, "--no-deps", *needs.pins_alone], log, "pip")
        self._run([*pip, *needs.pins], log, "pip")
        stamp.write_text(wanted)
        return python

    def _run(self, command: list[str], log: Path, what: str) -> None:
        variables = {k: v for k, v in os.environ.items() if k not in _LEFT_OUT}
        with log.open("a") as output:
            try:
                done = subprocess.run(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env=variables,
                    timeout=self.install_limit,
                )
            except subprocess.TimeoutExpired:
                raise NotInstalledError(
                    f"{what} took longer than {self.install_limit:.0f} s"
                ) from None
        if done.returncode != 0:
            raise NotInstalledError(self._cause(what, log))

    def _cause(self, what: str, log: Path) -> str:
        said = log.read_text(encoding="utf-8", errors="replace")
        if any(sign in said for sign in _OFFLINE):
            return f"{what} did not reach a package index; its log is {log.name}"
        errors = [line for line in said.splitlines() if line.startswith("ERROR")]
        last = (errors or said.splitlines() or ["no message"])[-1]
        return f"{what} failed ({last[:200]}); its log is {log.name}"

    def _system(self, framework: Framework) -> dict[str, str]:
        if not framework.system:
            return {}
        place = self.folder / "system" / "-".join(framework.system)
        stamp = place / "unpacked.json"
        wanted = json.dumps([framework.system, framework.links])
        if not stamp.exists() or stamp.read_text() != wanted:
            system_packages.provide(list(framework.system), framework.system_command, place)
            system_packages.link(framework.links, place)
            stamp.write_text(wanted)
        return system_packages.variables(place)
