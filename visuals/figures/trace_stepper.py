"""A program's values, tangents and adjoints, line by line beside its graph."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from visuals.expressions import MOST_OPERATIONS, Program, function_of
from visuals.visual import Prediction, Table, Visual

PREDICT = Prediction(
    "How often must one walk back through the graph for the derivatives by all inputs?",
    ("once", "once for each input", "once for each operation"),
    answer=0,
    because="Each operation sends a share to all of its operands on the same walk.",
)


def trace_stepper(
    function: str | Callable,
    point: Sequence[float] = (2.0, 5.0),
    *,
    lib: Any = None,
    seed: Sequence[float] | None = None,
    start: str = "values",
    title: str = "One line at a time",
    predict: Prediction | None = PREDICT,
) -> Visual:
    """Values and tangents forward, adjoints backward, for any program of numbers.

    Args:
        function: an expression in x1 … x9, such as `"log(x1) + x1*x2 - sin(x2)"`, or a function of
            as many tensors as `point` has numbers.
        point: where it is computed.
        lib: dltk, or what `framework()` gave: then every number is of that run. An expression
            without `lib` is computed by the figure, which works without a kernel.
        seed: the tangents of the inputs at the beginning, (1, 0, …) where there are none.
        start: the pass shown first: "values", "tangents" or "adjoints".

    Raises:
        ValueError: the expression cannot be read, or the run has arrays, too many rows or numbers
            that are not finite.
    """
    if lib is None and callable(function):
        raise ValueError("a function is recorded by a framework: give lib=dltk")
    point = [float(x) for x in point]
    seed = [float(x) for x in seed] if seed else [1.0] + [0.0] * (len(point) - 1)
    data: dict[str, Any] = {"point": point, "seed": seed, "pass": start}
    data |= {"expression": None, "recorded": None}
    if lib is None:
        data["expression"] = function
        rows = _computed(Program(str(function), point))
    else:
        data["recorded"] = recorded = _recorded(function, point, lib)
        rows = _rows_of(recorded)
    inputs = range(1, len(point) + 1)
    tangents = [f"tangent, seed of x{k} is 1" for k in inputs]
    return Visual(
        "trace_stepper",
        data,
        title=title,
        description=(
            "A program as a table of lines and, beside it, as a graph with rectangles for "
            "operations and ellipses for values. Step by step the values fill in from top to "
            "bottom, for a chosen seed the tangents too, and the adjoints from bottom to top; "
            "where several contributions reach one value, their sum is written out."
        ),
        table=Table(("line", "expression", "value", *tangents, "adjoint"), rows),
        predict=predict,
        scripts=("expressions", "traces", "layered", "graph_picture"),
    )


def _computed(program: Program) -> list[list[Any]]:
    return [
        [line.name, line.expression, line.value, *line.tangents, line.adjoint]
        for line in program.lines
    ]


def _recorded(function: str | Callable, point: list[float], lib: Any) -> dict[str, Any]:
    """The run as `web/traces.js` describes one: rows, tangents of each unit seed, steps."""
    name = function if isinstance(function, str) else getattr(function, "__name__", "the function")
    if isinstance(function, str):
        function = function_of(function, lib)
    seeds = [[float(i == k) for i in range(len(point))] for k in range(len(point))]
    traces = [lib.trace.forward_trace(function, point, seed) for seed in seeds]
    rows = traces[0].rows
    if any(row.value.ndim for row in rows):
        raise ValueError(f"{name} computes arrays; the figure shows programs of single numbers")
    if len(rows) > MOST_OPERATIONS + len(point):
        raise ValueError(f"{name} has {len(rows)} rows; the figure shows {MOST_OPERATIONS} at most")
    backward = lib.trace.reverse_trace(function, point)
    package = type(lib.tensor(1.0)).__module__.partition(".")[0]
    recorded = {
        "origin": f"Recorded while {name} ran under {package}.",
        "inputs": len(point),
        "result": backward.steps[0].name,
        "rows": [
            {
                "name": row.name,
                "expression": row.expression,
                "operation": row.operation,
                "operands": list(row.operands),
                "value": float(row.value),
            }
            for row in rows
        ],
        "tangents": [[float(row.tangent) for row in trace.rows] for trace in traces],
        "steps": [
            {
                "name": step.name,
                "source": step.source,
                "rule": step.rule,
                "numbers": step.numbers,
                "contribution": float(step.contribution),
                "adjoint": float(step.adjoint),
            }
            for step in backward.steps
        ],
    }
    values = [row["value"] for row in recorded["rows"]]
    values += [step["adjoint"] for step in recorded["steps"]]
    values += [tangent for column in recorded["tangents"] for tangent in column]
    if not all(map(math.isfinite, values)):
        raise ValueError(f"{name} has numbers that are not finite at {tuple(point)}")
    return recorded


def _rows_of(recorded: dict[str, Any]) -> list[list[Any]]:
    adjoints = {step["name"]: step["adjoint"] for step in recorded["steps"]}
    return [
        [
            row["name"],
            row["expression"],
            row["value"],
            *(column[at] for column in recorded["tangents"]),
            adjoints.get(row["name"], 0.0),
        ]
        for at, row in enumerate(recorded["rows"])
    ]
