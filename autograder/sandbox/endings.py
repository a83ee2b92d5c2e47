"""Why a task's process ended before its last answer, in one sentence."""

from __future__ import annotations

import signal
from typing import Any

_OUT_OF_CPU = "SIGXCPU"


class TaskEndedError(Exception):
    """The conversation with a task is over; `outcome` says how it ended, the message why."""

    def __init__(self, outcome: str, message: str) -> None:
        super().__init__(message)
        self.outcome = outcome


def explain(
    ended: TaskEndedError, end: dict[str, Any], importing: bool, package: str
) -> tuple[str, str]:
    """The outcome and its sentence, from how the conversation and then the process ended."""
    where = f"`import {package}`" if importing else "the program"
    if ended.outcome == "timeout":
        return "timeout", f"{where} did not finish in its time"
    if ended.outcome != "crash":
        return ended.outcome, str(ended)
    number = int(end["signal"])
    if number == 0:
        if str(ended).startswith("the process sent"):
            return "crash", str(ended)
        return "crash", f"{where} ended its process (exit status {end['status']})"
    name = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
    if name == _OUT_OF_CPU:
        return "timeout", f"{where} did not finish in its time"
    if str(ended).startswith("the process sent"):
        return "crash", str(ended)
    return "crash", f"{where} ended its process ({name})"
