"""One loop on two machines: a graph that is defined and then run, and one recorded as it runs."""

from __future__ import annotations

from typing import Any

from visuals.visual import Prediction, Table, Visual

PASSES_AT_MOST = 6

PREDICT = Prediction(
    "The loop stops when h has passed the limit. Which machine can let the data decide?",
    (
        "both: a loop is a loop",
        "only the one that records while it runs",
        "the recording one, and the other only with a loop that is itself a node",
    ),
    answer=2,
    because="A Python loop has already ended when the defined graph meets its first number.",
)


def repeated(start: Any, w: Any, b: Any, passes: int) -> Any:
    """h after so many passes of h = h·w + b."""
    h = start
    for _ in range(passes):
        h = h * w + b
    return h


def passes_until(limit: float, start: float, w: float, b: float) -> int:
    """How many passes until h has passed the limit, at most `PASSES_AT_MOST`."""
    passes, h = 0, start
    while h <= limit and passes < PASSES_AT_MOST:
        h = h * w + b
        passes += 1
    return passes


def defined_or_run(
    start: float = 1.0,
    w: float = 2.0,
    b: float = 0.5,
    *,
    limit: float = 10.0,
    predict: Prediction | None = PREDICT,
) -> Visual:
    """Two machines go through `while h <= limit: h = h*w + b`, one action at a time.

    Args:
        start, w, b: the numbers of the loop.
        limit: what the data decide: the loop ends when h is larger.
    """
    rows = [
        (passes, float(repeated(start, w, b, passes)), 2 * passes)
        for passes in range(PASSES_AT_MOST + 1)
    ]
    return Visual(
        "defined_or_run",
        data={
            "start": start,
            "w": w,
            "b": b,
            "limit": limit,
            "most": PASSES_AT_MOST,
        },
        title="One loop, two machines: what can each see?",
        description=(
            "On the left a graph is defined by a Python loop of a fixed length, and numbers are "
            "sent through it afterwards. On the right the same loop runs, and the graph grows with "
            "it. A slider moves the limit that decides how many passes the data ask for; switches "
            "add a print, a line that nobody uses, and a loop node on the left."
        ),
        table=Table(("passes", "h afterwards", "operations"), rows),
        predict=predict,
    )
