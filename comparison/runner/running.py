"""Runs a framework's file in a process of its own and says how that ended."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runner.environments import Prepared

ONE = Path(__file__).with_name("one_framework.py")
_ONE_THREAD = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
_LONGEST_MESSAGE = 300


@dataclass(frozen=True)
class Outcome:
    """`status`: ran, failed, crashed or timed out; `message`: one sentence unless it ran."""

    status: str
    done: dict[str, Any] = field(default_factory=dict)
    message: str = ""


def run(file: Path, prepared: Prepared, inputs: Path, limit: float) -> Outcome:
    """Run one file with the inputs; nothing it does reaches further than its own outcome."""
    with tempfile.TemporaryDirectory(prefix="framework-") as scratch:
        outputs = Path(scratch) / "outputs.json"
        command = [str(prepared.python), "-I", "-W", "ignore", str(ONE)]
        command += [str(file), str(inputs), str(outputs)]
        variables = prepared.variables | dict.fromkeys(_ONE_THREAD, "1")
        errors = Path(scratch) / "errors.txt"
        with errors.open("wb") as stderr:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                env=variables,
                cwd=scratch,
                start_new_session=True,
                preexec_fn=_stay_on_one_core,
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
