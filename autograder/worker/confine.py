"""Limits and privileges of the worker and of each task's process.

What a platform lacks (rlimits on Windows, prctl on macOS) is left out there; the name of the level
in every record says what held.
"""

from __future__ import annotations

import ctypes
import math
import os
import sys
from typing import Any

PR_SET_DUMPABLE = 4
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
_CAPABILITY_VERSION_3 = 0x20080522

LINUX = sys.platform == "linux"


def start(configuration: dict[str, Any]) -> None:
    """Confines the worker's first process, before NumPy is imported."""
    if not LINUX:
        return
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    if configuration["level"] != "bubblewrap":
        drop_capabilities()
    if configuration["level"] == "landlock":
        from autograder.worker import landlock

        landlock.restrict(
            configuration["readable"], configuration["listable"], configuration["scratch"]
        )
    # At the plain level the grader looks at the maps of the tasks for libtorch.
    if configuration["level"] != "plain":
        prctl(PR_SET_DUMPABLE, 0)


def prepare(configuration: dict[str, Any]) -> None:
    """Imports what `task` needs, once, where tasks are forked from this process."""
    import resource  # noqa: F401

    if configuration["level"] != "plain":
        from autograder.worker import landlock, seccomp  # noqa: F401


def task(configuration: dict[str, Any], processes: bool) -> None:
    """Confines the process of one task, before it reads anything of the submission."""
    if os.name == "posix":
        _set_limits(configuration["limits"])
    if configuration["level"] != "plain":
        from autograder.worker import landlock, seccomp

        signals = False
        if processes:
            scoped = landlock.abi() >= landlock.SCOPES
            if scoped:
                landlock.scope_signals()
            signals = scoped or configuration["level"] == "bubblewrap"
        seccomp.install(seccomp.task_filter(processes, signals))


def prctl(option: int, value: int) -> None:
    """`prctl(option, value)`; `OSError` when the kernel refuses."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"prctl({option}): {os.strerror(code)}")


def drop_capabilities() -> None:
    """Gives up every capability, so that root is an ordinary owner of files here."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    if libc.capset(header, nothing) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"capset: {os.strerror(code)}")


def _set_limits(limits: dict[str, Any]) -> None:
    import resource

    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, limits["file_bytes"])
    _lower(resource.RLIMIT_NOFILE, limits["open_files"])
    _lower(resource.RLIMIT_CPU, math.ceil(limits["cpu_seconds"]))
    if LINUX:
        _lower(resource.RLIMIT_AS, limits["memory_bytes"])
        _lower(resource.RLIMIT_NPROC, limits["user_processes"])


def _lower(kind: int, value: int) -> None:
    import resource

    hard = resource.getrlimit(kind)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, value))


def allow_cpu(seconds: float) -> None:
    """Lets this process compute for `seconds` more (rounded up to whole seconds of its total)."""
    if os.name != "posix":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = math.ceil(used.ru_utime + used.ru_stime + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (min(soft, hard), hard))
