"""The entries of a submission that is a folder."""

import os
import stat
from functools import partial
from pathlib import Path

from autograder.intake.entries import Entry, is_left_by_a_program, parts_of
from autograder.intake.refusal import IntakeError, Limits, shown

_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def entries(root: Path, limits: Limits) -> list[Entry]:
    """Files and folders under `root`; `IntakeError` for links, devices and too many files."""
    found: list[Entry] = []
    waiting: list[tuple[Path, str]] = [(root, "")]
    while waiting:
        folder, prefix = waiting.pop()
        with os.scandir(folder) as listing:
            for item in listing:
                if is_left_by_a_program(item.name):
                    continue
                entry = _entry(item, prefix, limits)
                found.append(entry)
                if len(found) > limits.files:
                    raise IntakeError(f"The submission holds more than {limits.files:,} files.")
                if entry.is_folder:
                    waiting.append((Path(item.path), f"{prefix}{item.name}/"))
    return sorted(found, key=lambda entry: entry.parts)


def _entry(item: "os.DirEntry[str]", prefix: str, limits: Limits) -> Entry:
    name = prefix + item.name
    parts = parts_of(name, limits)
    mode = item.stat(follow_symlinks=False).st_mode
    if stat.S_ISLNK(mode) or (hasattr(item, "is_junction") and item.is_junction()):
        raise IntakeError(f"{shown(name)} is a link; hand in the file itself.")
    if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
        raise IntakeError(f"{shown(name)} is neither a file nor a folder.")
    return Entry(parts, stat.S_ISDIR(mode), partial(_read, item.path, name))


def _read(path: str, name: str, limit: int) -> bytes:
    try:
        with os.fdopen(os.open(path, _OPEN_FLAGS), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise IntakeError(f"{shown(name)} is not a regular file.")
            return stream.read(limit + 1)
    except OSError as problem:
        raise IntakeError(f"{shown(name)} cannot be read: {problem.strerror}.") from None
