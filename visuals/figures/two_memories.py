"""Two memories and the link between them: a loop stepped through with what it moves.

    runs = {"careless": watched(careless, arguments, sim.counters())}
    two_memories(runs)

`watched` runs the loop once and notes after each of its lines what has crossed the link.
"""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from visuals.visual import Prediction, Table, Visual

COUNTED = ("copies_in", "bytes_in", "copies_out", "bytes_out", "kernels")
PREDICT = Prediction(
    "Both loops train with three batches of 32 images out of 96. How many times more bytes does "
    "the careless one send to the device?",
    ("as many", "about 3 times", "about 9 times"),
    answer=1,
    because="It sends all the images for each of the three batches.",
)


@dataclass(frozen=True)
class Step:
    """What holds after a line ran.

    Attributes:
        line: the line's place in the function, counted from 0.
        counters: what has crossed the link so far, by the names in `COUNTED`.
        places: where each local tensor or module is, "cpu" or the name of a device.
    """

    line: int
    counters: dict[str, int]
    places: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Recording:
    """A loop's lines, and what held after each of them ran."""

    code: list[str]
    steps: list[Step]


def watched(function: Callable, arguments: Sequence[Any], counters: Any) -> Recording:
    """Run `function(*arguments)` and note after each of its lines what it has moved.

    Args:
        counters: of the device, with `reset()` and the attributes in `COUNTED`.
    """
    code = function.__code__
    steps: list[Step] = []
    running: list[int] = []

    def note(frame: FrameType) -> None:
        if running:
            counts = {name: getattr(counters, name) for name in COUNTED}
            places = {name: place(each) for name, each in frame.f_locals.items()}
            known = {name: where for name, where in places.items() if where is not None}
            steps.append(Step(running.pop(), counts, known))

    def each_line(frame: FrameType, event: str, argument: Any) -> Any:
        if event in ("line", "return"):
            note(frame)
        if event == "line":
            running.append(frame.f_lineno - code.co_firstlineno)
        return each_line

    def enter(frame: FrameType, event: str, argument: Any) -> Any:
        return each_line if frame.f_code is code else None

    counters.reset()
    before = sys.gettrace()
    sys.settrace(enter)
    try:
        function(*arguments)
    finally:
        sys.settrace(before)
    return Recording(_lines(code, steps), steps)


def place(value: Any) -> str | None:
    """The device of a tensor, or of a module's parameters; `None` for anything else."""
    if not hasattr(value, "device") and callable(getattr(value, "parameters", None)):
        value = next(iter(value.parameters()), None)
    device = getattr(value, "device", None)
    return None if device is None or not hasattr(value, "shape") else str(device)


def two_memories(runs: Mapping[str, Recording], *, predict: Prediction | None = PREDICT) -> Visual:
    """The memories of host and device while recorded loops run, line by line.

    Args:
        runs: for each loop its name and its recording.
    """
    if not runs or not all(run.steps for run in runs.values()):
        raise ValueError("two_memories shows recordings with at least one step")
    rows = [
        (name, *[run.steps[-1].counters[each] for each in COUNTED]) for name, run in runs.items()
    ]
    return Visual(
        "two_memories",
        data={"runs": [{"name": name, **asdict(run)} for name, run in runs.items()]},
        title="What has crossed the link?",
        description="Two boxes for the memories of host and device, with the names of the tensors "
        "that lie in each, and a link between them that counts transfers and bytes. Beside them "
        "stands the code of a training loop, and the line that has just run is marked.",
        table=Table(("loop", "copies in", "bytes in", "copies out", "bytes out", "kernels"), rows),
        predict=predict,
    )


def save(runs: Mapping[str, Recording], path: Path) -> None:
    """Write recordings as JSON, for machines that cannot make them."""
    content = {name: asdict(run) for name, run in runs.items()}
    path.write_text(json.dumps(content) + "\n", encoding="utf-8")


def load(path: Path) -> dict[str, Recording]:
    """The recordings that `save` wrote."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return {
        name: Recording(run["code"], [Step(**step) for step in run["steps"]])
        for name, run in content.items()
    }


def _lines(code: CodeType, steps: Sequence[Step]) -> list[str]:
    """The function's source; numbers of lines where the source is not at hand."""
    try:
        return inspect.getsource(code).rstrip().splitlines()
    except OSError:
        return [f"line {number}" for number in range(max(step.line for step in steps) + 1)]
