"""The notebook's side of the helper process: starts it, asks it, replaces it when it is dead."""

import atexit
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, Any

import autograder

# The grader of the running kernel is loaded by its path: nothing in the course's folder, such as
# somebody's `random.py`, may stand in front of the standard library in the helper.
_BOOTSTRAP = """
import importlib.util, sys
folder, root = sys.argv[1:]
spec = importlib.util.spec_from_file_location(
    "autograder", folder + "/__init__.py", submodule_search_locations=[folder])
sys.modules["autograder"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["autograder"])
from autograder.local.helper import main
main(root)
"""


class HelperError(RuntimeError):
    """The helper gave no answer; the message is one sentence."""


class Helper:
    """One background process for a course; `ask` may be called from one thread at a time."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._process: subprocess.Popen[str] | None = None
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (as long as the kernel)
        self._replies: queue.Queue[str | None] = queue.Queue()
        atexit.register(self.stop)

    def start(self) -> None:
        """Start the process unless it runs."""
        if self._process is not None and self._process.poll() is None:
            return
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _BOOTSTRAP, _grader_folder(), str(self._root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            encoding="utf-8",
            env=_environment(self._root),
            start_new_session=True,
        )
        self._replies = queue.Queue()
        threading.Thread(target=_forward, args=(self._process, self._replies), daemon=True).start()

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The reply to a request; a helper that died is started again, once.

        Raises `HelperError` when it dies again or is not done within `seconds`. An interrupt stops
        the check: the helper is ended, and a new one warms up.
        """
        try:
            for _ in range(2):
                self.start()
                line = self._ask(json.dumps(request) + "\n", seconds)
                if line is not None:
                    reply: dict[str, Any] = json.loads(line)
                    return reply
                self.stop()
        except BaseException:
            self.stop()
            self.start()
            raise
        raise HelperError(
            f"The process that checks ended twice without an answer{self._last_words()}; try again."
        )

    def _last_words(self) -> str:
        """The last line the process wrote to its error stream, which is that of a traceback."""
        self._log.seek(0)
        lines = self._log.read().decode("utf-8", "replace").split("\n")
        said = [line for line in lines if line.strip()]
        return f" ({said[-1][:300]})" if said else ""

    def stop(self) -> None:
        """End the process and whatever it has started in its session."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()

    def _ask(self, line: str, seconds: float) -> str | None:
        """One exchange; None where the process died in it."""
        if self._process is None or self._process.stdin is None:
            return None
        try:
            self._process.stdin.write(line)
            self._process.stdin.flush()
        except (BrokenPipeError, OSError):
            return None
        try:
            return self._replies.get(timeout=seconds)
        except queue.Empty:
            raise HelperError(
                f"The check was not done within {seconds:g} seconds and was stopped."
            ) from None


def _forward(process: "subprocess.Popen[str]", replies: "queue.Queue[str | None]") -> None:
    """Bring the lines of a process to a queue, and None when it ends."""
    if process.stdout is not None:
        for line in process.stdout:
            replies.put(line)
    replies.put(None)


def _grader_folder() -> str:
    return str(Path(str(autograder.__file__)).resolve().parent)


def _environment(root: Path) -> dict[str, str]:
    """The kernel's environment; the course's own folder is taken off the import path."""
    environment = dict(os.environ)
    places = environment.pop("PYTHONPATH", "").split(os.pathsep)
    kept = [place for place in places if place and Path(place).resolve() != root]
    if kept:
        environment["PYTHONPATH"] = os.pathsep.join(kept)
    return environment
