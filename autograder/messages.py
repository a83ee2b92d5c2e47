"""What a student reads about one failed check."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.checks.spec import Check
from autograder.compare import Difference
from autograder.course import PACKAGE

LONGEST_VALUE = 240
LONGEST_MESSAGE = 4000


def of_difference(check: Check, inputs: Mapping[str, Any], found: Difference) -> str:
    """The sentence, the inputs, what torch got, what the student got, and where they differ."""
    place = f"{found.path}, " if found.path else ""
    return _lines(
        check,
        inputs,
        f"{place}torch: {shorten(found.want)}",
        f"{place}yours: {shorten(found.got)}",
        found.sentence,
    )


def of_judgement(
    check: Check, inputs: Mapping[str, Any], result: Any, torch: Any, sentence: str
) -> str:
    """The same where a judge decides instead of a comparison."""
    return _lines(check, inputs, f"torch: {shorten(torch)}", f"yours: {shorten(result)}", sentence)


def of_error(check: Check, inputs: Mapping[str, Any], torch: Any, message: str) -> str:
    """The program raised an error under the student's package, and none under torch."""
    return _lines(check, inputs, f"torch: {shorten(torch)}", f"yours raised {message}")


def of_blank(check: Check, blank: str | None) -> str:
    """The program met a blank."""
    if blank == check.task or blank is None:
        return f"{check.sentence}\n{check.task} is not written yet."
    return f"{check.sentence}\n{blank} is not written yet, and {check.task} is tried with it."


def of_outcome(check: Check, outcome: str, detail: str) -> str:
    """No result, for a reason that is not an exception; `detail` is what the worker says."""
    if outcome == "timeout":
        return (
            f"{check.sentence}\nIt was not done within {check.seconds:g} seconds; is there a loop "
            "that does not end, or work that is done many times?"
        )
    told = {
        "crash": "Its process ended in the middle of it",
        "memory": "It used more memory than it may",
        "flood": "It returned or printed far too much",
        "import_error": f"{PACKAGE} could not be imported",
        "forbidden": "It did something that is not allowed here",
        "not_run": "It was not run",
    }.get(outcome, f"It ended with {outcome}")
    return _cut(f"{check.sentence}\n{told}{': ' if detail else ''}{detail.rstrip('.')}.")


def of_unusable(check: Check, sentence: str) -> str:
    """A file in which the task's blanks stand cannot be graded."""
    return _cut(f"{check.sentence}\nNot run: {sentence}")


def shorten(value: Any) -> str:
    """A value on one line: arrays with dtype and shape, the middle of long ones left out."""
    text = _shown(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 2] + " …"


def _shown(value: Any) -> str:
    if isinstance(value, np.ndarray):
        with np.printoptions(threshold=12, edgeitems=2, precision=6, linewidth=10_000):
            numbers = " ".join(np.array2string(value, separator=", ").split())
        return f"{value.dtype} {value.shape} {numbers}"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_shown(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_shown(item) for item in value[:50]) + "]"
    if isinstance(value, str):
        return repr(value[:LONGEST_VALUE])
    return repr(value)


def _lines(check: Check, inputs: Mapping[str, Any], *rest: str) -> str:
    drawn = [f"  {name} = {shorten(value)}" for name, value in inputs.items()]
    return _cut("\n".join([check.sentence, "inputs:", *drawn, *rest]))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_MESSAGE else text[: LONGEST_MESSAGE - 2] + " …"
