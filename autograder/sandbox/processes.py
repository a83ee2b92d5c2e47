"""The worker's own processes as the grader holds them: the warm one and each task's."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Any

from autograder import wire
from autograder.sandbox.conversation import Conversation
from autograder.sandbox.levels import FORKS, Launch, SandboxError, launch
from autograder.sandbox.requests import Limits
from autograder.worker import channel

_START_SECONDS = 30.0
_END_SECONDS = 15.0
_TRUSTED = wire.WireLimits()


class Warm:
    """A started worker: NumPy is imported, and each task is a fork of it."""

    def __init__(
        self, level: str, tree: Path, limits: Limits, codes: dict[str, bytes | None]
    ) -> None:
        self.limits = limits
        self._launch = launch(level, tree, limits)
        self._control, theirs = socket.socketpair()
        self._control.settimeout(_START_SECONDS)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the worker)
        try:
            self._process = _start(self._launch, theirs, self._errors)
        except OSError as error:
            self._control.close()
            self._errors.close()
            self._launch.close()
            raise SandboxError(f"the {level} sandbox did not start: {error}") from None
        finally:
            theirs.close()
        try:
            channel.send(self._control, {"codes": codes}, _TRUSTED)
            self.pid = int(channel.receive(self._control, _TRUSTED)["ready"])
        except (EOFError, OSError, wire.WireError) as error:
            reason = self._last_words() or f"its process ended ({error or 'no word'})"
            self.close()
            raise SandboxError(f"the {level} sandbox did not start: {reason}") from None

    @property
    def process_id(self) -> int:
        """The pid of the outermost process, as this system numbers it."""
        return self._process.pid

    @property
    def scratch(self) -> Path | None:
        """The scratch folder where it is one of this system's; None where it has its own limit."""
        return self._launch.scratch

    def start_task(self, cpu_seconds: float, processes: bool) -> TaskProcess:
        """A fresh process for one task."""
        ours, theirs = socket.socketpair()
        output, their_output = os.pipe()
        try:
            socket.send_fds(
                self._control, [channel.WITH_DESCRIPTORS], [theirs.fileno(), their_output]
            )
            order = {"cpu_seconds": cpu_seconds, "processes": processes}
            channel.send(self._control, order, _TRUSTED)
            started = channel.receive(self._control, _TRUSTED)
        except (EOFError, OSError, wire.WireError) as error:
            ours.close()
            os.close(output)
            raise SandboxError(f"the sandbox's process ended: {error}") from None
        finally:
            theirs.close()
            os.close(their_output)
        return TaskProcess(self, Conversation(ours, output, self.limits), started["pid"])

    def end_task(self, grace: float) -> dict[str, Any]:
        """Kills the task's process with all its descendants; how it had ended."""
        try:
            self._control.settimeout(_END_SECONDS)
            channel.send(self._control, {"grace": grace}, _TRUSTED)
            return channel.receive(self._control, _TRUSTED)
        except (EOFError, OSError, wire.WireError):
            return {"signal": 0, "status": 0, "cpu": 0.0, "clean": False}

    def close(self) -> None:
        """Ends every process and removes the scratch folder."""
        self._control.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(2.0)
        if self._process.poll() is None:
            _kill_group(self._process)
        self._errors.close()
        self._launch.close()

    def _last_words(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(2.0)
        self._errors.seek(0)
        lines = self._errors.read(1 << 16).decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else ""


class Cold:
    """The same where there is no fork: each task starts an interpreter of its own."""

    def __init__(
        self, level: str, tree: Path, limits: Limits, codes: dict[str, bytes | None]
    ) -> None:
        self._level, self._tree, self._limits, self._codes = level, tree, limits, codes
        self._current: tuple[Launch, subprocess.Popen, IO[bytes]] | None = None

    @property
    def process_id(self) -> int:
        """The pid of the task's process."""
        return self._current[1].pid if self._current else 0

    @property
    def scratch(self) -> Path | None:
        """The scratch folder of the task that runs."""
        return self._current[0].scratch if self._current else None

    def start_task(self, cpu_seconds: float, processes: bool) -> TaskProcess:
        """A fresh interpreter for one task."""
        start = launch(self._level, self._tree, self._limits, fork=False)
        start.configuration["limits"]["cpu_seconds"] = cpu_seconds
        ours, theirs = socket.socketpair()
        ours.settimeout(_START_SECONDS)
        output, their_output = os.pipe() if os.name == "posix" else (None, None)
        errors = open(os.devnull if their_output is None else their_output, "wb")  # noqa: SIM115
        try:
            process = _start(start, theirs, errors)
            channel.send(ours, {"codes": self._codes}, _TRUSTED)
        except OSError as error:
            ours.close()
            errors.close()
            start.close()
            raise SandboxError(f"the sandbox's process did not start: {error}") from None
        finally:
            theirs.close()
        self._current = (start, process, errors)
        return TaskProcess(self, Conversation(ours, output, self._limits), process.pid)

    def end_task(self, grace: float) -> dict[str, Any]:
        """Kills the task's process and its group; how it had ended."""
        if self._current is None:
            return {"signal": 0, "status": 0, "cpu": 0.0, "clean": True}
        start, process, errors = self._current
        self._current = None
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(grace, 0.01))
        code = process.poll()
        _kill_group(process)
        errors.close()
        start.close()
        ended = process.returncode if code is None else code
        return {"signal": max(0, -ended), "status": max(0, ended), "cpu": 0.0, "clean": True}

    def close(self) -> None:
        """Ends a task's process that is still there."""
        self.end_task(0.0)


class TaskProcess:
    """One task's process: its conversation, and its end."""

    def __init__(self, owner: Warm | Cold, conversation: Conversation, pid: int) -> None:
        self.owner = owner
        self.conversation = conversation
        self.pid = pid

    def end(self, grace: float) -> dict[str, Any]:
        """Kills it with all its descendants; signal, exit status, CPU seconds, and `clean`.

        A process that is ending by itself gets `grace` seconds for its own status.
        """
        self.conversation.close()
        return self.owner.end_task(grace)


def start(level: str, tree: Path, limits: Limits, codes: dict[str, bytes | None]) -> Warm | Cold:
    """A worker of the kind this system can have."""
    return (Warm if FORKS else Cold)(level, tree, limits, codes)


def _start(start: Launch, theirs: socket.socket, errors: IO[bytes]) -> subprocess.Popen:
    common: dict[str, Any] = {"env": start.environment(), "stderr": errors, "cwd": os.sep}
    if sys.platform == "win32":
        common["cwd"] = None
        common["creationflags"] = subprocess.CREATE_NEW_PROCESS_GROUP
        process = subprocess.Popen(
            start.command(None), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, **common
        )
        process.stdin.write(theirs.share(process.pid))
        process.stdin.close()
        return process
    return subprocess.Popen(
        start.command(theirs.fileno()),
        stdin=subprocess.DEVNULL,
        stdout=errors,
        pass_fds=[theirs.fileno(), *start.inherited],
        start_new_session=True,
        **common,
    )


def _kill_group(process: subprocess.Popen) -> None:
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    process.wait()
