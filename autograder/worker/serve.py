"""The warm process: NumPy is imported once, and each task gets a fresh fork of it.

It never runs a line of the submission. It takes three orders from the grader: `start` a task's
process on descriptors that come with the order, `end` it with all its descendants, or stop (the
control socket closes). Where there is no fork, this process is the one task's process itself.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import shutil
import signal
import socket
import stat
import sys
import time
import traceback
from typing import Any

import numpy as np

from autograder import wire
from autograder.worker import ahead, canonical, channel, confine, program, task, tree

# Trusted modules that packages under test import, loaded once for all tasks. NumPy imports its
# random part only when it is first used, which costs 15 ms.
PRELOADED = (
    "__future__", "abc", "bisect", "collections.abc", "contextlib", "copy", "dataclasses", "enum",
    "functools", "heapq", "html", "inspect", "itertools", "linecache", "math", "numbers",
    "numpy.linalg", "numpy.random", "operator", "pickle", "random", "string", "struct", "tempfile",
    "textwrap", "threading", "types", "typing", "warnings", "weakref", "zipfile",
)  # fmt: skip
_END_SECONDS = 5.0


def serve(configuration: dict[str, Any]) -> None:
    """Serves the grader until it closes the control socket."""
    limits = wire.WireLimits(bytes=configuration["limits"]["wire_bytes"])
    control = _connect(configuration)
    tree.install(configuration["tree"])
    own = tree.provide(channel.receive(control, limits)["codes"])
    if not configuration["fork"]:
        gc.enable()
        confine.task(configuration, processes=True)
        task.serve(control, configuration, processes=True, limits=limits)
        return
    for name in PRELOADED:
        __import__(name)
    confine.prepare(configuration)
    _touch_what_tasks_use()
    for_compiling = {**configuration["limits"], "cpu_seconds": ahead.SECONDS}
    tree.provide_own(
        ahead.compile_apart(
            own, lambda: confine.task({**configuration, "limits": for_compiling}, processes=False)
        )
    )
    gc.freeze()
    gc.enable()
    channel.send(control, {"ready": os.getpid(), "numpy": np.__version__}, limits)
    with contextlib.suppress(EOFError):
        while True:
            descriptors = channel.receive_descriptors(control)
            order = channel.receive(control, limits)
            answer = _run_task(control, order, descriptors, configuration, limits)
            channel.send(control, answer, limits)


def _connect(configuration: dict[str, Any]) -> socket.socket:
    if configuration["control"] is None:
        shared = sys.stdin.buffer.read(configuration["shared_bytes"])
        return socket.fromshare(shared)  # type: ignore[attr-defined]  # Windows only
    return socket.socket(fileno=configuration["control"])


def _touch_what_tasks_use() -> None:
    """One round through the code a task runs, so that every fork inherits its lazy imports."""
    source = "def sample(lib, kit, x):\n    return {'x': x + 1.0}\n"
    function = program.load(source, "sample")
    result = program.call(function, np, None, {"kit": None, "x": np.ones((2, 2))})
    wire.decode(wire.encode(canonical.canonical(result, np)))


def _run_task(
    control: socket.socket,
    order: dict[str, Any],
    descriptors: list[int],
    configuration: dict[str, Any],
    limits: wire.WireLimits,
) -> dict[str, Any]:
    """Forks, tells the grader the child's pid, waits for `end`, kills and reaps everything."""
    conversation, output = descriptors
    child = os.fork()
    if child == 0:
        try:
            os.setsid()
            task.take_descriptors(conversation, output)
            configuration["limits"]["cpu_seconds"] = order["cpu_seconds"]
            confine.task(configuration, order["processes"])
            task.serve(
                socket.socket(fileno=task.CONVERSATION), configuration, order["processes"], limits
            )
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(1)
    os.close(conversation)
    os.close(output)
    channel.send(control, {"pid": child}, limits)
    closed, grace = False, 0.0
    try:
        grace = channel.receive(control, limits)["grace"]
    except EOFError:
        closed = True
    status, usage, clean = _end(child, grace, configuration)
    clean = _empty(configuration["scratch"]) and clean
    if closed:
        raise EOFError
    return {
        "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
        "status": os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0,
        "cpu": usage,
        "clean": clean,
    }


def _end(child: int, grace: float, configuration: dict[str, Any]) -> tuple[int, float, bool]:
    """Kills the child, its group and every other descendant; its wait status, CPU and success.

    A child that is ending by itself gets `grace` seconds, so that its own status is what is told.
    """
    patience = time.monotonic() + grace
    while time.monotonic() < patience and not os.waitid(
        os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT
    ):
        select.select([], [], [], 0.001)
    deadline = time.monotonic() + _END_SECONDS
    status, cpu = 0, 0.0
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(child, signal.SIGKILL)
    while time.monotonic() < deadline:
        if configuration["level"] == "bubblewrap":
            with contextlib.suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)  # all of this pid namespace but init and this process
        else:
            for pid in _children():
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
        try:
            pid, ended, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return status, cpu, True
        if pid == child:
            status = ended
        if pid:
            cpu += usage.ru_utime + usage.ru_stime
        else:
            select.select([], [], [], 0.001)
    return status, cpu, False


def _children() -> list[int]:
    """Direct children; as a subreaper this process inherits every orphan of a task."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/children") as listing:
            return [int(pid) for pid in listing.read().split()]
    except OSError:
        return []


def _empty(folder: str) -> bool:
    """Removes what a task left in the scratch folder; whether all of it is gone."""
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path, onerror=_open_up_and_retry)
        else:
            with contextlib.suppress(OSError):
                os.unlink(entry.path)
    return not os.listdir(folder)


def _open_up_and_retry(function: Any, path: str, _: Any) -> None:
    with contextlib.suppress(OSError):
        os.chmod(os.path.dirname(path), stat.S_IRWXU)
        os.chmod(path, stat.S_IRWXU)
        function(path)
