"""bubblewrap's arguments: own namespaces, an empty root, read-only binds, one sized scratch."""

from __future__ import annotations

import os
import platform
import shutil
from pathlib import Path

from autograder.sandbox.readable import LOADER_PATHS, hidden, runtime
from autograder.sandbox.requests import Limits
from autograder.worker import seccomp

RUNTIME = "/runtime"
TREE = "/tree"
SCRATCH = "/scratch"
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")


def prefix(tree: Path, limits: Limits) -> tuple[list[str], list[int]]:
    """The command that goes before the interpreter's, and the descriptors it must inherit."""
    program = shutil.which("bwrap")
    if program is None:
        raise FileNotFoundError("bubblewrap is not installed: there is no `bwrap` on the PATH")
    filter_descriptor = _descriptor_with(seccomp.warm_filter(platform.machine()))
    arguments = [
        program,
        "--unshare-all",
        "--cap-drop", "ALL",
        "--uid", "65534",
        "--gid", "65534",
        "--new-session",
        "--die-with-parent",
        "--hostname", "sandbox",
        *_interpreter(),
        *_runtime(),
        "--ro-bind", str(tree), TREE,
        "--size", str(limits.scratch_bytes), "--tmpfs", SCRATCH,
        *(part for device in DEVICES for part in ("--dev-bind", device, device)),
        "--remount-ro", "/",
        "--chdir", "/",
        "--seccomp", str(filter_descriptor),
        "--",
    ]  # fmt: skip
    return arguments, [filter_descriptor]


def _interpreter() -> list[str]:
    arguments: list[str] = []
    for root in runtime().interpreter_roots:
        arguments += ["--ro-bind", str(root), str(root)]
    for path in hidden():
        if path.is_dir():
            arguments += ["--tmpfs", str(path), "--remount-ro", str(path)]
        else:
            arguments += ["--ro-bind", os.devnull, str(path)]
    for link in LOADER_PATHS:
        if os.path.islink(link):
            arguments += ["--symlink", os.readlink(link), link]
    return arguments


def _runtime() -> list[str]:
    arguments: list[str] = []
    for folder in runtime().package_folders:
        arguments += ["--ro-bind", str(folder), f"{RUNTIME}/{folder.name}"]
    for path in runtime().worker_files:
        inside = path.relative_to(runtime().package).as_posix()
        arguments += ["--ro-bind", str(path), f"{RUNTIME}/autograder/{inside}"]
    return arguments


def _descriptor_with(data: bytes) -> int:
    read, write = os.pipe()
    os.write(write, data)
    os.close(write)
    return read
