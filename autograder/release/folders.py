"""Writing a student course to disk without losing anything that a person changed there."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.release.student_course import MANIFEST


class FolderError(ValueError):
    """A folder cannot be written to without losing something; the message is one sentence."""


@dataclass(frozen=True)
class Refreshed:
    """What happened to the files of a workspace, by path.

    `written` are new or restored, `updated` were as released and are newer now, `removed` are no
    longer in the course, `kept` were changed by a person and stay although the course has another.
    """

    written: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    unchanged: int = field(default=0)


def replace(folder: Path, files: Mapping[str, bytes], manifest: bytes) -> None:
    """Put the course in place of what an earlier release wrote there.

    `FolderError` where the folder holds a file that no release wrote, or that was changed since.
    """
    if folder.exists():
        _refuse_foreign(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _write_all(made, files)
        _write(made / MANIFEST, manifest)
        made.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(made, folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def refresh(folder: Path, files: Mapping[str, bytes], manifest: bytes) -> Refreshed:
    """Bring a workspace up to date: a file that a person changed stays, and is named.

    The manifest is written last, so that a run that is stopped is finished by the next one.
    """
    before = released_hashes(folder)
    if before is None and folder.exists() and any(folder.iterdir()):
        raise FolderError(
            f"{folder} is not empty and holds no course; name an empty folder or a new one."
        )
    before = before or {}
    written, updated, kept, removed = [], [], [], []
    unchanged = 0
    for path, content in files.items():
        there = _hash_of(folder / path)
        if there == _hash(content):
            unchanged += 1
        elif there is None:
            written.append(path)
            _write(folder / path, content)
        elif there == before.get(path):
            updated.append(path)
            _write(folder / path, content)
        elif before.get(path) == _hash(content):
            unchanged += 1
        else:
            kept.append(path)
    for path, digest in before.items():
        if path not in files and _hash_of(folder / path) == digest:
            removed.append(path)
            (folder / path).unlink()
    _write(folder / MANIFEST, manifest)
    return Refreshed(tuple(written), tuple(updated), tuple(removed), tuple(kept), unchanged)


def made_from(folder: Path) -> str | None:
    """The fingerprint of what the course in a folder was made from, or None."""
    return (_manifest(folder) or {}).get("made_from")


def released_hashes(folder: Path) -> dict[str, str] | None:
    """The hash of each file as it was released into a folder; None if there is no course."""
    stored = _manifest(folder)
    return None if stored is None else stored["files"]


def _manifest(folder: Path) -> dict | None:
    path = folder / MANIFEST
    if not path.is_file():
        return None
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return stored if isinstance(stored["files"], dict) else None
    except (ValueError, KeyError, TypeError):
        raise FolderError(
            f"{path} cannot be read; move the folder away and make the course again."
        ) from None


def _refuse_foreign(folder: Path) -> None:
    if not folder.is_dir():
        raise FolderError(f"{folder} is a file; name a folder for the student course.")
    hashes = released_hashes(folder)
    if hashes is None:
        if any(folder.iterdir()):
            raise FolderError(
                f"{folder} is not empty and was made by no release; name another folder."
            )
        return
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder).as_posix()
        if not path.is_file() or relative == MANIFEST or "__pycache__" in path.parts:
            continue
        if hashes.get(relative) != _hash_of(path):
            raise FolderError(
                f"{path} was changed or added after the release; move it away, or name another "
                "folder, so that it is not lost."
            )


def _write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        _write(folder / path, content)


def _write(path: Path, content: bytes) -> None:
    """Write a whole file or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(content)
    os.replace(fresh, path)


def _hash_of(path: Path) -> str | None:
    return _hash(path.read_bytes()) if path.is_file() else None


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
