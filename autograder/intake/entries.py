"""The entries of a submission: names that stay inside it, and no two that are one file."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from autograder.intake.refusal import IntakeError, Limits, shown

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DRIVE = re.compile(r"^[A-Za-z]:")
_LEFT_BY_PROGRAMS = frozenset({"__MACOSX", "__pycache__", "venv", "node_modules"})


@dataclass(frozen=True)
class Entry:
    """One file or folder of a submission; `read(limit)` gives at most `limit + 1` bytes."""

    parts: tuple[str, ...]
    is_folder: bool
    read: Callable[[int], bytes]

    @property
    def path(self) -> str:
        return "/".join(self.parts)


def is_left_by_a_program(name: str) -> bool:
    """Whether a file or folder of that name is no part of anybody's work (caches, .git, …)."""
    return name.startswith(".") or name in _LEFT_BY_PROGRAMS


def parts_of(name: str, limits: Limits) -> tuple[str, ...]:
    """The parts of a path in a submission; `IntakeError` where it could leave the submission."""
    if "\x00" in name:
        raise IntakeError(f"The name {shown(name)} holds a null byte.")
    if _CONTROL.search(name):
        raise IntakeError(f"The name {shown(name)} holds a control character.")
    if len(name) > limits.path_characters:
        raise IntakeError(
            f"The path {shown(name)} is longer than {limits.path_characters} characters."
        )
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raise IntakeError(f"The name {shown(name)} is not UTF-8.") from None
    path = name.replace("\\", "/")
    if path.startswith("/") or _DRIVE.match(path):
        raise IntakeError(f"The path {shown(name)} is absolute; a submission holds relative paths.")
    parts = tuple(part for part in path.split("/") if part not in ("", "."))
    if ".." in parts:
        raise IntakeError(f"The path {shown(name)} leads out of the submission with '..'.")
    return parts


def refuse_ambiguity(entries: Iterable[Entry]) -> None:
    """Refuse two entries that would be one file on some machine, and a file used as a folder."""
    files: dict[tuple[str, ...], Entry] = {}
    folders: dict[tuple[str, ...], Entry] = {}
    for entry in entries:
        key = tuple(unicodedata.normalize("NFC", part).casefold() for part in entry.parts)
        if entry.is_folder:
            folders.setdefault(key, entry)
            continue
        if key in files:
            raise IntakeError(_same_file(files[key], entry))
        files[key] = entry
        for end in range(1, len(key)):
            folders.setdefault(key[:end], entry)
    for key in files.keys() & folders.keys():
        raise IntakeError(f"{shown(files[key].path)} is both a file and a folder.")


def _same_file(first: Entry, second: Entry) -> str:
    if first.path == second.path:
        return f"{shown(first.path)} stands in the submission twice."
    return (
        f"{shown(first.path)} and {shown(second.path)} differ only in case; "
        "they are one file on other machines."
    )
