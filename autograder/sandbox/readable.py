"""What a worker may read: the standard library, NumPy, msgpack, the worker's code. Nothing else."""

from __future__ import annotations

import functools
import importlib.util
import os
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import autograder

LOADER_PATHS = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache")
HIDDEN_NAMES = ("site-packages", "dist-packages")
HIDDEN_LIBRARIES = ("libtorch", "libc10", "libcaffe2")


@dataclass(frozen=True)
class Runtime:
    """Where the parts of the worker's runtime are on this machine."""

    python: Path
    numpy: Path
    msgpack: Path
    package: Path

    @property
    def homes(self) -> dict[str, str]:
        """The folder in which each top-level name is found."""
        return {
            "numpy": str(self.numpy.parent),
            "msgpack": str(self.msgpack.parent),
            "autograder": str(self.package.parent),
        }

    @property
    def worker_files(self) -> list[Path]:
        """The worker's own code, with bytecode where it was written."""
        wire = self.package / "wire.py"
        compiled = Path(importlib.util.cache_from_source(str(wire)))
        files = [self.package / "__init__.py", wire, self.package / "worker"]
        return (
            [*files, compiled]
            if compiled.is_relative_to(self.package) and compiled.exists()
            else files
        )

    @property
    def package_folders(self) -> list[Path]:
        """NumPy with its bundled libraries, and msgpack."""
        bundled = self.numpy.parent / "numpy.libs"
        return [self.numpy, self.msgpack, *([bundled] if bundled.is_dir() else [])]

    @property
    def interpreter_roots(self) -> list[Path]:
        """The interpreter's file, its library folders and the shared libraries' folders."""
        standard = Path(sysconfig.get_path("stdlib"))
        found = {self.python, standard, standard.parent}
        for variable in ("LIBDIR", "DESTSHARED"):
            folder = sysconfig.get_config_var(variable)
            if folder and Path(folder).is_relative_to(sys.base_exec_prefix):
                found.add(Path(folder))
        found.update(Path(path) for path in LOADER_PATHS)
        return outermost(path.resolve() for path in found if path.exists())


@functools.cache
def runtime() -> Runtime:
    """The runtime of this interpreter."""
    return Runtime(
        python=Path(os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)),
        numpy=_folder_of("numpy"),
        msgpack=_folder_of("msgpack"),
        package=Path(autograder.__file__).resolve().parent,
    )


def _folder_of(name: str) -> Path:
    specification = importlib.util.find_spec(name)
    if specification is None or specification.origin is None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    return Path(specification.origin).resolve().parent


def outermost(paths) -> list[Path]:
    """The paths that lie below none of the others, in order."""
    kept: list[Path] = []
    for path in sorted(set(paths)):
        if not any(path.is_relative_to(parent) for parent in kept):
            kept.append(path)
    return kept


@functools.cache
def hidden() -> list[Path]:
    """What lies below the interpreter's roots and must not be readable: packages, torch."""
    found: list[Path] = []
    for root in runtime().interpreter_roots:
        if not root.is_dir():
            continue
        for pattern in ("{}", "*/{}", "*/*/{}"):
            for name in HIDDEN_NAMES:
                found.extend(path for path in root.glob(pattern.format(name)) if path.is_dir())
            for library in HIDDEN_LIBRARIES:
                found.extend(root.glob(pattern.format(library + "*")))
    return sorted(set(found))
