"""Debian packages that a framework needs, unpacked beside its environment: no root, no traces."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from runner.refusal import NotInstalledError, UnavailableError


def provide(packages: list[str], command: str | None, folder: Path) -> None:
    """Unpack into `folder` the packages, and what they need, that the system lacks.

    Args:
        packages: Debian package names.
        command: nothing is needed when the system already has this command.
        folder: made anew.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if not packages or (command and shutil.which(command)):
        return
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        raise UnavailableError(f"it needs {' and '.join(packages)}, and this system has no apt-get")
    lacking = _lacking(packages)
    for archive in _downloaded(lacking, folder / "archives"):
        _run(["dpkg", "-x", str(archive), str(folder)], folder)
    shutil.rmtree(folder / "archives", ignore_errors=True)


def link(links: dict[str, str], folder: Path) -> None:
    """Give libraries the older names under which a framework asks for them."""
    named = folder / "links"
    named.mkdir(parents=True, exist_ok=True)
    for name, present in links.items():
        (named / name).unlink(missing_ok=True)
        (named / name).symlink_to(_library(present, folder))


def variables(folder: Path) -> dict[str, str]:
    """What a program has to run with in order to find what was unpacked."""
    libraries = [str(folder / "links"), *(str(place) for place in _library_folders(folder))]
    found = {"LD_LIBRARY_PATH": libraries, "PATH": [str(folder / "usr" / "bin")]}
    return {
        name: os.pathsep.join(filter(None, [*places, os.environ.get(name, "")]))
        for name, places in found.items()
    }


def _lacking(packages: list[str]) -> list[str]:
    asked = ["apt-get", "-s", "--no-install-recommends", "install", *packages]
    planned = subprocess.run(asked, capture_output=True, text=True)
    if planned.returncode != 0:
        raise UnavailableError(
            f"it needs {' and '.join(packages)}, which apt-get does not know here "
            "(apt-get update may help)"
        )
    lines = [line.split() for line in planned.stdout.splitlines()]
    return [words[1] for words in lines if words[:1] == ["Inst"]]


def _downloaded(packages: list[str], folder: Path) -> list[Path]:
    folder.mkdir()
    if packages:
        _run(["apt-get", "download", *packages], folder)
    return sorted(folder.glob("*.deb"))


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise NotInstalledError(f"{command[0]} could not bring a system package: {last}")


def _library_folders(folder: Path) -> list[Path]:
    base = folder / "usr" / "lib"
    return [base, *sorted(path for path in base.glob("*-linux-gnu*") if path.is_dir())]


def _library(name: str, folder: Path) -> Path:
    places = _library_folders(folder) + _library_folders(Path("/"))
    for place in places:
        if (place / name).exists():
            return (place / name).resolve()
    raise UnavailableError(f"the library {name} is nowhere on this system")
