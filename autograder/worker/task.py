"""The process of one task: imports the graded package, then runs one program after another.

The submission shares this process and may do to it what it likes: the only thing that leaves is
bytes, which the grader decodes strictly and believes no further than as this submission's answer.
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
import os
import socket
import sys
from typing import Any

from autograder import wire
from autograder.worker import canonical, channel, confine, failures, program
from autograder.worker.kit import Kit

CONVERSATION = 3


def take_descriptors(conversation: int, output: int) -> None:
    """Standard input from nowhere, both outputs to the grader, the conversation at 3."""
    nowhere = os.open(os.devnull, os.O_RDONLY)
    conversation = os.dup2(conversation, 60, inheritable=False)
    output = os.dup2(output, 61, inheritable=False)
    os.dup2(nowhere, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.dup2(conversation, CONVERSATION, inheritable=False)
    os.closerange(CONVERSATION + 1, 4096)


def serve(
    conversation: socket.socket,
    configuration: dict[str, Any],
    processes: bool,
    limits: wire.WireLimits,
) -> None:
    """Answers one request at a time until the grader closes or ends this process."""
    streams = (_open_stream(1), _open_stream(2))
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__ = streams  # type: ignore[misc]
    os.chdir(configuration["scratch"])
    session = _Session(configuration)
    while True:
        try:
            request = channel.receive(conversation, limits)
        except (EOFError, OSError):
            os._exit(0)
        answer = session.answer(request)
        for stream in streams:
            _flush(stream)
        try:
            payload = wire.encode({"id": request["id"], **answer}, limits)
        except wire.WireError as error:
            payload = wire.encode({"id": request["id"], "outcome": "flood", "message": str(error)})
        conversation.sendall(wire.frame(payload))


def _open_stream(descriptor: int) -> Any:
    return open(descriptor, "w", encoding="utf-8", errors="backslashreplace", closefd=False)


def _flush(stream: Any) -> None:
    try:
        stream.flush()
    except BaseException:  # the submission owns this process's streams
        return


class _Session:
    def __init__(self, configuration: dict[str, Any]) -> None:
        self.tree = configuration["tree"]
        self.scratch = configuration["scratch"]
        self.own: tuple[str, ...] = ()
        self.lib: Any = None
        self.programs = 0

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        confine.allow_cpu(request["seconds"])
        try:
            if request["do"] == "import":
                self.own = tuple(request["own"])
                return self.load(request["package"])
            return self.run(request)
        except canonical.TooLargeError as error:
            return {"outcome": "flood", "message": str(error)}
        except BaseException as error:  # SystemExit and KeyboardInterrupt are answers too
            return self.failure(error)

    def load(self, package: str) -> dict[str, Any]:
        specification = importlib.util.find_spec(package)
        if specification is None or specification.origin is None:
            raise ModuleNotFoundError(f"No module named {package!r}", name=package)
        path = specification.origin
        # Nearly all that an import makes stays for good: looking through it for garbage takes a
        # tenth of the import's time.
        gc.disable()
        try:
            self.lib = importlib.import_module(package)
        except BaseException as error:
            return {**self.failure(error), "package_path": path}
        finally:
            gc.freeze()
            gc.enable()
        return {"outcome": "ok", "package_path": path}

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        self.programs += 1
        kit = None
        if request["takes_kit"]:
            folder = os.path.join(self.scratch, str(self.programs))
            os.mkdir(folder)
            kit = Kit(folder)
        function = program.load(request["source"], request["name"])
        result = program.call(function, self.lib, kit, request["inputs"])
        if type(result) is not dict:
            raise TypeError(f"the program returned a {type(result).__name__}, not a dict")
        return {"outcome": "ok", "result": canonical.canonical(result, self.lib)}

    def failure(self, error: BaseException) -> dict[str, Any]:
        try:
            return {
                "outcome": failures.outcome_of(error),
                "error_class": failures.nearest_builtin(error),
                "message": _sendable(failures.describe(error, self.tree, self.own)),
                "blank": failures.blank_of(error),
            }
        except BaseException:  # a hostile exception object costs its own message
            return {"outcome": "error", "error_class": "BaseException", "message": "an exception"}


def _sendable(text: str) -> str:
    return str(text).encode("utf-8", "backslashreplace").decode("utf-8")
