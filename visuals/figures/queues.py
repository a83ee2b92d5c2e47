"""The host gives work to a device and goes on: what waits, and what a timer measures."""

from __future__ import annotations

from dataclasses import dataclass

from visuals.visual import Prediction, Table, Visual

PROGRAMS = (
    ("nothing", "stop the timer after the last launch"),
    ("synchronize", "synchronize(), then stop the timer"),
    ("item last", "item() once at the end"),
    ("item each", "item() after each kernel"),
)
PREDICT = Prediction(
    "The host launches 8 kernels of 400 µs each, and one launch takes 10 µs. The timer stops right "
    "after the last launch. What does it show?",
    ("about 80 µs", "about 400 µs", "about 3,200 µs"),
    answer=0,
    because="A launch only puts work into a queue; the host does not wait for the device.",
)


@dataclass(frozen=True)
class Timeline:
    """What host and device do, in microseconds.

    Attributes:
        host: (begin, end, what) where `what` is the number of a launch, or "wait".
        device: (begin, end, number) of each kernel.
        timer: what the host's timer shows.
        done: when the device finished the last kernel.
    """

    host: list[tuple[float, float, int | str]]
    device: list[tuple[float, float, int]]
    timer: float
    done: float


def timeline(program: str, count: int, launch: float, kernel: float) -> Timeline:
    """What happens when the host launches `count` kernels in one of the `PROGRAMS`."""
    host: list[tuple[float, float, int | str]] = []
    device: list[tuple[float, float, int]] = []
    now = done = 0.0
    for number in range(1, count + 1):
        host.append((now, now + launch, number))
        now += launch
        begin = max(now, done)
        done = begin + kernel
        device.append((begin, done, number))
        if (program == "item each" or (program != "nothing" and number == count)) and done > now:
            host.append((now, done, "wait"))
            now = done
    return Timeline(host, device, now, done)


def queues(
    *,
    count: int = 8,
    launch: float = 10.0,
    kernel: float = 400.0,
    predict: Prediction | None = PREDICT,
) -> Visual:
    """Host and device side by side in time, for programs that wait at different places.

    Args:
        count: how many kernels are launched.
        launch, kernel: microseconds of one launch and of one kernel, for example measured ones.
    """
    if count < 1 or launch <= 0 or kernel <= 0:
        raise ValueError("count, launch and kernel are above 0")
    rows = []
    for name, words in PROGRAMS:
        found = timeline(name, count, launch, kernel)
        rows.append((words, f"{found.timer:,.0f} µs", f"{found.done:,.0f} µs"))
    return Visual(
        "queues",
        data={
            "count": count,
            "launch": round(launch, 1),
            "kernel": round(kernel, 1),
            "programs": [list(each) for each in PROGRAMS],
        },
        title="What does a timer measure if nobody waits?",
        description="Two lanes over a common axis of time. In the host's lane launches are short "
        "numbered blocks and waiting is dashed; in the device's lane the kernels with the same "
        "numbers follow one another. A cursor goes through time and shows how many kernels are "
        "waiting in the queue.",
        table=Table(("program", "the timer shows", "the device is done after"), rows),
        predict=predict,
    )
