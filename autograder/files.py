"""Writing files so that a crash leaves the old content or the new, never half of it."""

import json
import os
import re
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

_UNSAFE = re.compile(r"[^A-Za-z0-9._@+-]+")
_LONGEST_STEM = 80
_WINDOWS_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def write_atomically(path: Path, content: bytes | str, *, mode: int = 0o644) -> None:
    """Write a file beside its place and move it there."""
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
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
