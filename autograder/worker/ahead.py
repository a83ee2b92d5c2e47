"""A submission's own files, compiled once for all of its tasks, before any of them begins.

Compiling runs nothing of a file, but a hostile one may take the compiler's time, memory or life. So
it happens in a process of its own, confined as a task is. What that process did not come to say is
compiled by each task itself, where the import tells what is wrong.
"""

from __future__ import annotations

import marshal
import os
import select
import signal
import struct
import time
import warnings
from collections.abc import Callable

SECONDS = 2.0
_MOST_BYTES = 32 << 20
_HEADER = struct.Struct("=II")


def compile_apart(paths: list[str], confine: Callable[[], None]) -> dict[str, bytes]:
    """The marshalled code by path of those files that compile without an error or a warning.

    `confine` is called in the other process first.
    """
    if not paths:
        return {}
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            confine()
            _compile(paths, writing)
        finally:
            os._exit(0)
    os.close(writing)
    try:
        data = _read(reading)
    finally:
        os.close(reading)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return _codes(data, paths)


def _compile(paths: list[str], writing: int) -> None:
    # A warning is left to the task, whose output it belongs to.
    warnings.simplefilter("error")
    for number, path in enumerate(paths):
        try:
            with open(path, "rb") as file:
                code = compile(file.read(), path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, OSError, RecursionError, MemoryError, Warning):
            continue
        data = marshal.dumps(code)
        view = memoryview(_HEADER.pack(number, len(data)) + data)
        while view:
            view = view[os.write(writing, view) :]


def _read(reading: int) -> bytes:
    """What comes until the end, in the time and up to the bytes there may be."""
    deadline, data = time.monotonic() + SECONDS, bytearray()
    while len(data) < _MOST_BYTES:
        ready, _, _ = select.select([reading], [], [], max(0.0, deadline - time.monotonic()))
        chunk = os.read(reading, 1 << 20) if ready else b""
        if not chunk:
            break
        data += chunk
    return bytes(data)


def _codes(data: bytes, paths: list[str]) -> dict[str, bytes]:
    codes, position = {}, 0
    while position + _HEADER.size <= len(data):
        number, length = _HEADER.unpack_from(data, position)
        position += _HEADER.size
        if position + length <= len(data):
            codes[paths[number]] = data[position : position + length]
        position += length
    return codes
