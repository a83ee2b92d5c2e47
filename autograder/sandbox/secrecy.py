"""Keeps the grader's own memory and environment closed while a plain worker runs beside it.

A plain child has the grader's user id and could read `/proc/<pid>/mem` and `environ`; a process
that is not dumpable gives neither away. The stronger levels hide or refuse them themselves.
"""

from __future__ import annotations

import ctypes
import sys
import threading

PR_GET_DUMPABLE = 3
PR_SET_DUMPABLE = 4

_lock = threading.Lock()
_plain_workers = 0
_before = 1


def enter(level: str) -> None:
    """Before a worker of `level` starts."""
    global _plain_workers, _before
    if level != "plain" or sys.platform != "linux":
        return
    with _lock:
        if _plain_workers == 0:
            _before = _prctl(PR_GET_DUMPABLE, 0)
            _prctl(PR_SET_DUMPABLE, 0)
        _plain_workers += 1


def leave(level: str) -> None:
    """After it ended: what held before the first plain worker holds again after the last."""
    global _plain_workers
    if level != "plain" or sys.platform != "linux":
        return
    with _lock:
        _plain_workers -= 1
        if _plain_workers == 0:
            _prctl(PR_SET_DUMPABLE, _before)


def _prctl(option: int, value: int) -> int:
    return int(ctypes.CDLL(None).prctl(option, ctypes.c_ulong(value), 0, 0, 0))
