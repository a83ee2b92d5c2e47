"""The entries of a submission that is a zip."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from autograder.intake.entries import Entry, is_left_by_a_program, parts_of
from autograder.intake.refusal import IntakeError, Limits, megabytes, shown

_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    struct.error,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
)


@contextmanager
def entries(path: Path, limits: Limits) -> Iterator[list[Entry]]:
    """Files and folders of a zip, readable while the context lasts; `IntakeError` where hostile."""
    size = path.stat().st_size
    if size > limits.archive:
        raise IntakeError(
            f"The archive has {megabytes(size)}; at most {megabytes(limits.archive)} are read."
        )
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN:
        raise IntakeError("The archive is broken or not a zip; make it again.") from None
    with archive:
        yield _entries(archive, limits)


def _entries(archive: zipfile.ZipFile, limits: Limits) -> list[Entry]:
    infos = archive.infolist()
    if len(infos) > limits.files:
        raise IntakeError(
            f"The archive holds {len(infos):,} files; at most {limits.files:,} are read."
        )
    for info in infos:
        _refuse(info, limits)
    unpacked = sum(info.file_size for info in infos)
    if unpacked > limits.total:
        raise IntakeError(
            f"The archive unpacks to {megabytes(unpacked)}; "
            f"at most {megabytes(limits.total)} are read."
        )
    found = [
        Entry(parts, info.is_dir(), partial(_read, archive, info))
        for info in infos
        if (parts := parts_of(info.orig_filename, limits))
    ]
    return [entry for entry in found if not any(map(is_left_by_a_program, entry.parts))]


def _refuse(info: zipfile.ZipInfo, limits: Limits) -> None:
    name = info.orig_filename
    parts_of(name, limits)
    if stat.S_ISLNK(info.external_attr >> 16):
        raise IntakeError(f"{shown(name)} is a link; hand in the file itself.")
    if info.flag_bits & _ENCRYPTED:
        raise IntakeError(f"{shown(name)} is encrypted; make the zip without a password.")
    if info.compress_type not in _METHODS:
        raise IntakeError(f"{shown(name)} is compressed in an unusual way; make an ordinary zip.")
    if info.file_size > max(limits.ratio_floor, limits.ratio * info.compress_size):
        raise IntakeError(
            f"{shown(name)} unpacks to {megabytes(info.file_size)} from almost nothing: "
            "an archive bomb."
        )


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    try:
        with archive.open(info) as stream:
            return stream.read(limit + 1)
    except _BROKEN:
        raise IntakeError(
            f"{shown(info.orig_filename)} cannot be unpacked; make the zip again."
        ) from (None)
