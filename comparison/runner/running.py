"""Runs a framework's file in a process of its own and says how that ended."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runner.environments import Prepared

ONE = Path(__file__).with_name("one_framework.py")
ONE_PART = Path(__file__).with_name("one_part.py")
_ONE_THREAD = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
_LONGEST_MESSAGE = 300


@dataclass(frozen=True)
class Outcome:
    """`status`: ran, failed, crashed or timed out; `message`: one sentence unless it ran."""

    status: str
    done: dict[str, Any] = field(default_factory=dict)
    message: str = ""


def run(file: Path, prepared: Prepared, inputs: Path, limit: float) -> Outcome:
    """Run a framework's file with the inputs; what it does reaches no further than its outcome."""
    return _run([str(ONE), str(file), str(inputs)], prepared, limit, _stay_on_one_core)


def import_seconds(file: Path, prepared: Prepared, limit: float) -> float | None:
    """How long the imports take once more, when the system has the files at hand."""
    outcome = _run([str(ONE), str(file)], prepared, limit, _stay_on_one_core)
    return outcome.done.get("import_seconds")


def run_part(file: Path, part: str, prepared: Prepared, inputs: Path, limit: float) -> Outcome:
    """The same for one function of a side-by-side program, which may use every core."""
    return _run([str(ONE_PART), str(file), part, str(inputs)], prepared, limit, None)


def _run(
    arguments: list[str], prepared: Prepared, limit: float, first: Callable[[], None] | None
) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="framework-") as scratch:
        outputs, errors = Path(scratch) / "outputs.json", Path(scratch) / "errors.txt"
        command = [str(prepared.python), "-I", "-W", "ignore", *arguments, str(outputs)]
        with errors.open("wb") as stderr:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                env=prepared.variables | dict.fromkeys(_ONE_THREAD, "1"),
                cwd=scratch,
                start_new_session=True,
                preexec_fn=first if os.name != "nt" else None,
            )
            try:
                code = process.wait(limit)
            except subprocess.TimeoutExpired:
                return Outcome("timed out", message=f"it was ended after {limit:g} s")
            finally:
                _end_group(process)
        if code == 0 and outputs.exists():
            return Outcome("ran", json.loads(outputs.read_text()))
        if code < 0:
            return Outcome("crashed", message=f"its process was ended by {_signal_name(-code)}")
        return Outcome("failed", message=_last_line(errors))


def _stay_on_one_core() -> None:
    """One core for everyone, so that times compare; where the system allows it."""
    if hasattr(os, "sched_setaffinity"):
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def _end_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.name == "nt":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _last_line(errors: Path) -> str:
    """The last line of the traceback, without the folders of this machine."""
    lines = errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    named = [line for line in lines if re.match(r"[\w.]+(Error|Exception)\b", line)]
    last = (named or lines or ["it ended without a word and without results"])[-1]
    return re.sub(r"(?:/[\w.+-]+)+/", "", last.strip())[:_LONGEST_MESSAGE]
