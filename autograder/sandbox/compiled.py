"""Code of the files that are the same in every submission, compiled once for all of them.

Keyed by the bytes of the source, so that nothing stale or forged can be taken for it: a file that
a submission changed has another key.
"""

from __future__ import annotations

import hashlib
import importlib.util
import marshal
from collections.abc import Iterable
from pathlib import Path

_shared: dict[bytes, bytes] = {}


def key(source: bytes) -> bytes:
    """The key of a source under this interpreter."""
    return hashlib.sha256(importlib.util.MAGIC_NUMBER + source).digest()


def precompile(tree: Path, paths: Iterable[str]) -> None:
    """Compiles trusted files of `tree` (given files, never a student's) for all later workers.

    `paths` are relative to the tree, with forward slashes. A file that does not compile is left
    to the worker, where the import says what is wrong.
    """
    for path in paths:
        source = (tree / path).read_bytes()
        digest = key(path.encode() + b"\0" + source)
        if digest in _shared:
            continue
        try:
            code = compile(source, path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            continue
        _shared[digest] = marshal.dumps(code)


def code_of(path: str, source: bytes) -> bytes | None:
    """The marshalled code of a file that was precompiled with exactly this source; else None."""
    return _shared.get(key(path.encode() + b"\0" + source))
