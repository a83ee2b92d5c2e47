"""The handle on one submission's worker: runs the programs of a task, one after another."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from autograder.sandbox import compiled, endings, levels, processes, secrecy, watch
from autograder.sandbox.conversation import Heard
from autograder.sandbox.endings import TaskEndedError
from autograder.sandbox.requests import Limits, Program, Reply

_GRACE_SECONDS = 0.2
_SOURCES_AT_MOST = 2000
_SOURCE_BYTES_AT_MOST = 2 << 20


class Worker:
    """Runs programs against the package in `tree`; a context manager, for one submission.

    `tree` is the folder that holds the package, the last import path of the worker. `level` is a
    name from `available()`; None takes the strongest. `own` are the files, by their paths in the
    tree, that a message about an error looks for. Raises `SandboxError` when the level cannot
    be started.
    """

    def __init__(
        self,
        tree: Path,
        level: str | None = None,
        limits: Limits = Limits(),  # noqa: B008 (frozen)
        package: str = "dltk",
        own: Sequence[str] = (),
    ) -> None:
        self.tree = Path(tree).resolve()
        self.level = levels.strongest() if level is None else level
        if self.level not in levels.LEVELS:
            raise levels.SandboxError(
                f"there is no sandbox level {self.level!r}: use one of {', '.join(levels.LEVELS)}"
            )
        self.limits = limits
        self.package = package
        self.own = list(own)
        self._process: processes.Warm | processes.Cold | None = None
        self._began = time.monotonic()
        self._received_bytes = 0
        self._broken_import: Reply | None = None

    def __enter__(self) -> Worker:
        secrecy.enter(self.level)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        secrecy.leave(self.level)
        self.close()

    def close(self) -> None:
        """Ends every process of this submission."""
        if self._process is not None:
            self._process.close()
            self._process = None

    def run(self, task: str, programs: list[Program]) -> list[Reply]:
        """The replies to the programs of `task`, in their order, from a process of its own.

        Programs that may start processes run in a second process, so that the others never share
        one with a relaxed filter. After `limits.timeouts_per_task` time-outs the rest is not run.
        """
        replies: dict[str, Reply] = {}
        timeouts = 0
        for relaxed in (False, True):
            group = [program for program in programs if program.processes == relaxed]
            while group:
                answered = self._run_in_one_process(group, relaxed, timeouts)
                timeouts += sum(reply.outcome == "timeout" for reply in answered)
                replies.update((reply.id, reply) for reply in answered)
                group = group[len(answered) :]
        return [replies[program.id] for program in programs]

    def _run_in_one_process(
        self, programs: list[Program], relaxed: bool, timeouts: int
    ) -> list[Reply]:
        """Replies to the first programs of a group, at least one: as far as one process came."""
        refusal = self._refusal(timeouts)
        if refusal:
            return [Reply(program.id, "not_run", message=refusal) for program in programs]
        if self._broken_import is not None:
            return _for_each(programs, self._broken_import)
        process = self._start_task(programs, relaxed)
        conversation = process.conversation
        guard = watch.Watch(self.level, process, self.limits, relaxed)
        answered: list[Reply] = []
        path, began, importing = "", time.monotonic(), True
        ended: TaskEndedError | None = None
        try:
            seconds = self.limits.import_seconds
            request = {
                "do": "import",
                "package": self.package,
                "own": self.own,
                "seconds": seconds,
            }
            heard = conversation.ask(request, seconds * self.limits.wall_factor, guard)
            path = self._on_this_machine(heard.package_path)
            if heard.outcome != "ok":
                failed = _reply("", heard, conversation.take_printed(), 0.0, path)
                return _for_each(programs, replace(failed, outcome="import_error"))
            importing = False
            for program in programs:
                began = time.monotonic()
                heard = self._ask(process, program, guard)
                took = time.monotonic() - began
                printed = conversation.take_printed()
                answered.append(_reply(program.id, heard, printed, took, path))
        except TaskEndedError as error:
            ended = error
        finally:
            self._received_bytes += conversation.received_bytes
            printed = conversation.take_printed()
            end = process.end(_GRACE_SECONDS if ended and ended.outcome == "crash" else 0.0)
            if not end["clean"]:
                self.close()
        if ended is None:
            return answered
        outcome, message = endings.explain(ended, end, importing, self.package)
        took = time.monotonic() - began
        last = Reply("", outcome, None, None, message, None, printed, took, path)
        if importing:
            self._broken_import = replace(last, outcome="import_error", seconds=0.0)
            return _for_each(programs, self._broken_import)
        return [*answered, replace(last, id=programs[len(answered)].id)]

    def _ask(self, process: processes.TaskProcess, program: Program, guard: watch.Watch) -> Heard:
        request = {
            "do": "run",
            "name": program.id,
            "source": program.source,
            "inputs": program.inputs,
            "takes_kit": program.takes_kit,
            "seconds": program.seconds,
        }
        wall = program.seconds * self.limits.wall_factor
        heard = process.conversation.ask(request, wall, guard)
        guard.after_a_reply()
        return heard

    def _start_task(self, programs: list[Program], relaxed: bool) -> processes.TaskProcess:
        budget = self.limits.import_seconds + sum(program.seconds + 1 for program in programs)
        if self._process is not None:
            try:
                return self._process.start_task(budget, relaxed)
            except levels.SandboxError:
                self.close()
        codes = dict(self._codes())
        self._process = processes.start(self.level, self.tree, self.limits, codes)
        return self._process.start_task(budget, relaxed)

    def _codes(self) -> Iterable[tuple[str, bytes | None]]:
        """The precompiled code of each file that is exactly the given one; None for the others."""
        for count, path in enumerate((self.tree / self.package).rglob("*.py")):
            if count >= _SOURCES_AT_MOST:
                return
            if path.is_file() and path.stat().st_size <= _SOURCE_BYTES_AT_MOST:
                name = path.relative_to(self.tree).as_posix()
                yield name, compiled.code_of(name, path.read_bytes())

    def _refusal(self, timeouts: int) -> str:
        if timeouts >= self.limits.timeouts_per_task:
            return f"not run: {timeouts} checks of this task before it ran out of time"
        if time.monotonic() - self._began > self.limits.submission_seconds:
            return f"not run: the submission used its {self.limits.submission_seconds:g} seconds"
        if self._received_bytes > self.limits.submission_wire_bytes:
            most = self.limits.submission_wire_bytes
            return f"not run: the submission's results exceed {most} bytes"
        return ""

    def _on_this_machine(self, path: str) -> str:
        inside = levels.bubblewrap.TREE + "/"
        if self.level == "bubblewrap" and path.startswith(inside):
            return str(self.tree / path.removeprefix(inside))
        return path


def _reply(identity: str, heard: Heard, printed: str, took: float, path: str) -> Reply:
    return Reply(
        identity,
        heard.outcome,
        heard.result,
        heard.error_class,
        heard.message,
        heard.blank,
        printed,
        took,
        path,
    )


def _for_each(programs: list[Program], reply: Reply) -> list[Reply]:
    return [replace(reply, id=program.id) for program in programs]
