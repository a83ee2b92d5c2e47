"""Writing files so that a crash leaves the old content or the new, never half of it."""

import io
import json
import os
import re
import tempfile
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

_UNSAFE = re.compile(r"[^A-Za-z0-9._@+-]+")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LONGEST_STEM = 80
_WINDOWS_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def write_atomically(path: Path, content: bytes | str, *, mode: int = 0o644) -> None:
    """Write a file beside its place and move it there; an `OSError` names the file itself."""
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    try:
        _write_atomically(path, data, mode)
    except OSError as problem:
        problem.filename, problem.filename2 = str(path), None
        raise


def _write_atomically(path: Path, data: bytes, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def json_text(value: Any) -> str:
    """JSON for files: ASCII, indented, one line end at the end; NaN is refused."""
    return json.dumps(value, indent=1, allow_nan=False) + "\n"


def safe_stem(name: str) -> str:
    """A file name for somebody's name: itself where harmless, else cleaned with a short hash."""
    stem = _UNSAFE.sub("_", name).lstrip(".-")[:_LONGEST_STEM].rstrip(".")
    if stem and stem == name and not _WINDOWS_DEVICES.fullmatch(stem):
        return stem
    return f"{stem or 'student'}-{short_hash(name)}"


def short_hash(text: str) -> str:
    """Eight hexadecimal digits that tell names apart."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """A zip of files by path: the same bytes for the same files, whenever it is made."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            info = zipfile.ZipInfo(path, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, files[path])
    return stream.getvalue()
