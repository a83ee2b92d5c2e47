"""Whether what was measured reaches its goal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def failures(results: dict[str, Any]) -> list[str]:
    """A sentence for each measurement that gave no result."""
    parts = [(f"step {name}", found) for name, found in results.get("steps", {}).items()]
    for name in ("peak", "growth"):
        if "memory" in results:
            parts.append((f"{name} of memory", results["memory"][name]))
    parts.append(("import", results.get("import", {})))
    return [f"{part}: {found['failed']}" for part, found in parts if "failed" in found]


def misses(results: dict[str, Any], tolerance: float) -> list[str]:
    """A sentence for each goal that is missed by more than `tolerance`, a share of the goal.

    The growth of memory has no tolerance beside that of its goal.
    """
    return [
        f"{what} is {_number(value)}{unit}; the goal is {_number(goal)}{unit}"
        for what, value, goal, unit, allowed in _compared(results, tolerance)
        if value > goal * (1 + allowed)
    ]


def _number(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def _compared(
    results: dict[str, Any], tolerance: float
) -> Iterator[tuple[str, float, float, str, float]]:
    """What was measured, its value, its goal, their unit, and the tolerance."""
    for name, found in results.get("steps", {}).items():
        goal = found["goal"]
        if "ratio" in found:
            yield f"dltk / torch of step {name}", found["ratio"], goal, "", tolerance
        if "in_one_process" in found:
            ratio = found["in_one_process"]["ratio"]
            yield f"dltk / torch of step {name} in one process", ratio, goal, "", tolerance
    if "memory" in results:
        peak, growth = results["memory"]["peak"], results["memory"]["growth"]
        if "ratio" in peak:
            yield "dltk / torch of the peak memory", peak["ratio"], peak["goal"], "", tolerance
        if "dltk" in growth:
            grown, goal = growth["dltk"]["bytes"] / 1024, growth["goal_bytes"] / 1024
            yield f"growth over {growth['dltk']['steps']:,} steps", grown, goal, " KiB", 0.0
    if "over_numpy" in results.get("import", {}):
        over, goal = results["import"]["over_numpy"] * 1e3, results["import"]["goal"] * 1e3
        yield "import dltk beyond import numpy", over, goal, " ms", tolerance
