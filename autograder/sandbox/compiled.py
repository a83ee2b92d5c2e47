"""Code that is the same for every submission, compiled once for all of them.

That of given files is keyed by the bytes of the source, so that nothing stale or forged can be
taken for it: a file that a submission changed has another key. The worker's own code is compiled
as Python does for any program, since a worker, which writes nothing, cannot do it.
"""

from __future__ import annotations

import compileall
import functools
import marshal
import sys
from collections.abc import Mapping
from pathlib import Path

_shared: dict[tuple[str, bytes], bytes] = {}


@functools.cache
def compile_worker(package: Path) -> None:
    """Writes the bytecode of the worker's modules beside them, where Python may and has not yet."""
    if not sys.dont_write_bytecode:
        compileall.compile_dir(package / "worker", quiet=2)
        compileall.compile_file(package / "wire.py", quiet=2)


def precompile(files: Mapping[str, bytes]) -> None:
    """Compiles trusted files (given ones, never a student's) for all later workers.

    `files` are sources by their path below the tree, with forward slashes. A file that does not
    compile is left to the worker, where the import says what is wrong.
    """
    for path, source in files.items():
        if (path, source) in _shared:
            continue
        try:
            code = compile(source, path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            continue
        _shared[path, source] = marshal.dumps(code)


def code_of(path: str, source: bytes) -> bytes | None:
    """The marshalled code of a file that was precompiled with exactly this source; else None."""
    return _shared.get((path, source))
