"""What the grader looks at from outside while a task runs: libtorch, processes, memory, scratch."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

from autograder.sandbox.endings import TaskEndedError
from autograder.sandbox.requests import Limits

FORBIDDEN_LIBRARIES = ("libtorch", "libc10")
_EVERY_SECONDS = 0.1
_ENTRY_BYTES = 512
_EVERY_SECONDS_WITH_PROCESSES = 0.02


class Watch:
    """Ends a conversation (`TaskEndedError`) when its task does what is not allowed."""

    def __init__(self, level: str, process: Any, limits: Limits, relaxed: bool) -> None:
        self.level = level
        self.process = process
        self.limits = limits
        self.counts_processes = relaxed and sys.platform == "linux"
        self.every = _EVERY_SECONDS_WITH_PROCESSES if self.counts_processes else _EVERY_SECONDS
        self._next = time.monotonic() + self.every

    def look(self) -> None:
        """Called while the grader waits; looks at most every `every` seconds."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + self.every
        if self.counts_processes:
            self._count_processes()
        scratch = self.process.owner.scratch
        if scratch is not None and size_of(scratch) > self.limits.scratch_bytes:
            most = self.limits.scratch_bytes
            raise TaskEndedError("flood", f"the program wrote more than {most} bytes of files")

    def after_a_reply(self) -> None:
        """At the plain level, where torch can be found by its path, refuses a process with it."""
        if self.level != "plain" or sys.platform != "linux":
            return
        try:
            maps = Path(f"/proc/{self.process.pid}/maps").read_text(errors="replace")
        except OSError:
            maps = ""
        if not maps:
            raise TaskEndedError("crash", "the process ended or hid itself after it answered")
        for line in maps.splitlines():
            if os.path.basename(line).startswith(FORBIDDEN_LIBRARIES):
                raise TaskEndedError(
                    "forbidden", "the submission loaded PyTorch, which the check measures"
                )

    def _count_processes(self) -> None:
        """Ends a task that has too many processes or, together, too much memory."""
        found = descendants(self.process.owner.process_id)
        if len(found) > self.limits.processes + 3:
            most = self.limits.processes
            raise TaskEndedError("forbidden", f"the program started more than {most} processes")
        if sum(map(_resident_bytes, found)) > 2 * self.limits.memory_bytes:
            raise TaskEndedError("memory", "the program's processes together used too much memory")


def descendants(pid: int) -> list[int]:
    """The pids of all descendants of `pid` that are there now."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        parent = waiting.pop()
        try:
            text = Path(f"/proc/{parent}/task/{parent}/children").read_text()
        except OSError:
            continue
        children = [int(word) for word in text.split()]
        found += children
        waiting += children
    return found


def _resident_bytes(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def size_of(folder: Path) -> int:
    """Bytes on disk of everything below `folder`; a folder that cannot be listed ends the task."""
    total = 0
    waiting = [str(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    total += entry.stat(follow_symlinks=False).st_size + _ENTRY_BYTES
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except FileNotFoundError:
            continue
        except PermissionError:
            raise TaskEndedError("forbidden", "the program hid a folder it made") from None
    return total
