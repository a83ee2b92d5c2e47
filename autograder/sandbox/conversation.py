"""The grader's end of one task's process: one request outstanding, limits on bytes and time."""

from __future__ import annotations

import os
import selectors
import socket
import time
from dataclasses import dataclass
from typing import Any

from autograder import wire
from autograder.sandbox import text
from autograder.sandbox.endings import TaskEndedError
from autograder.sandbox.requests import Limits
from autograder.sandbox.watch import Watch

FROM_A_TASK = ("ok", "error", "blank", "memory", "flood", "forbidden")
_CHUNK = 1 << 16


@dataclass
class Heard:
    """A well-formed answer to the request that was outstanding."""

    outcome: str
    result: Any
    error_class: str | None
    message: str
    blank: str | None
    package_path: str


class Conversation:
    """Requests to a task's process and what it prints meanwhile."""

    def __init__(self, channel: socket.socket, output: int | None, limits: Limits) -> None:
        self.channel = channel
        self.output = output
        self.limits = limits
        self.wire_limits = wire.WireLimits(bytes=limits.wire_bytes)
        self.received_bytes = 0
        self._kept: list[bytes] = []
        self._kept_bytes = 0
        self._printed_bytes = 0
        self._selector = selectors.DefaultSelector()
        self._selector.register(channel, selectors.EVENT_READ)
        if output is not None:
            os.set_blocking(output, False)
            self._selector.register(output, selectors.EVENT_READ)

    def ask(self, request: dict[str, Any], seconds: float, watch: Watch) -> Heard:
        """Sends `request` and gives the answer with its id; `TaskEndedError` when none can come.

        `watch` looks at the task from outside meanwhile and may end it too.
        """
        identity = os.urandom(16)
        deadline = time.monotonic() + seconds
        payload = wire.frame(wire.encode({**request, "id": identity}))
        self.channel.settimeout(seconds)
        try:
            self.channel.sendall(payload)
        except TimeoutError:
            raise TaskEndedError("timeout", "the process did not take its inputs in time") from None
        except OSError:
            raise TaskEndedError("crash", "the process ended") from None
        try:
            answer = wire.decode(self._frame(deadline, watch), self.wire_limits)
        except wire.WireError as error:
            raise TaskEndedError(
                "crash", f"the process sent what is not a reply: {error}"
            ) from None
        self._drain()
        return _heard(answer, identity, request["do"])

    def _frame(self, deadline: float, watch: Watch) -> bytes:
        buffer = bytearray()
        length: int | None = None
        while True:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise TaskEndedError("timeout", "time ran out")
            ready = [key.fileobj for key, _ in self._selector.select(min(watch.every, remaining))]
            watch.look()
            if self.output in ready:
                self._drain()
            if self.channel not in ready:
                continue
            want = wire.HEADER_BYTES - len(buffer) if length is None else length - len(buffer)
            try:
                chunk = self.channel.recv(min(want, _CHUNK))
            except OSError:
                chunk = b""
            if not chunk:
                self._drain()
                raise TaskEndedError("crash", "the process ended before it answered")
            self.received_bytes += len(chunk)
            buffer += chunk
            if length is None and len(buffer) == wire.HEADER_BYTES:
                length = wire.frame_length(bytes(buffer), self.wire_limits)
                buffer.clear()
            if length is not None and len(buffer) == length:
                return bytes(buffer)

    def _drain(self) -> None:
        """Reads what was printed so far; keeps the beginning, counts the rest."""
        while self.output is not None:
            try:
                chunk = os.read(self.output, _CHUNK)
            except BlockingIOError:
                return
            if not chunk:
                self._selector.unregister(self.output)
                os.close(self.output)
                self.output = None
                return
            self._printed_bytes += len(chunk)
            if self._kept_bytes < 4 * self.limits.printed_characters:
                self._kept.append(chunk)
                self._kept_bytes += len(chunk)
            if self._printed_bytes > self.limits.printed_flood_bytes:
                most = self.limits.printed_flood_bytes
                raise TaskEndedError("flood", f"the program printed more than {most} bytes")

    def take_printed(self) -> str:
        """What was printed since the last call: cut, control characters escaped."""
        data, cut = b"".join(self._kept), self._printed_bytes > self._kept_bytes
        self._kept, self._kept_bytes, self._printed_bytes = [], 0, 0
        return text.shown(data, self.limits.printed_characters, cut)

    def close(self) -> None:
        """Closes both descriptors."""
        self._selector.close()
        self.channel.close()
        if self.output is not None:
            os.close(self.output)
            self.output = None


def _heard(answer: Any, identity: bytes, request: str) -> Heard:
    """Checks every field of an answer: its types, its id, and that a task may say such a thing."""
    if type(answer) is not dict or answer.get("id") != identity:
        raise TaskEndedError("crash", "the process sent a reply to a request that was not made")
    outcome = answer.get("outcome")
    result = answer.get("result")
    blank = answer.get("blank")
    error_class = answer.get("error_class")
    wanted = dict if outcome == "ok" and request == "run" else type(None)
    if outcome not in FROM_A_TASK or type(result) is not wanted:
        raise TaskEndedError("crash", "the process sent a reply that says nothing known")
    if outcome == "blank" and not text.is_task(blank):
        raise TaskEndedError("crash", "the process sent a reply about a blank that has no name")
    return Heard(
        outcome=outcome,
        result=result,
        error_class=text.identifier(error_class),
        message=text.one_line(answer.get("message")),
        blank=blank if outcome == "blank" else None,
        package_path=text.one_line(answer.get("package_path")),
    )
