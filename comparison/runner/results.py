"""The recorded results: one row a framework, in the table's order, in one JSON file."""

from __future__ import annotations

import json
import os
import platform
import statistics
from pathlib import Path
from typing import Any

SCHEMA = 1
STEADY_FROM = 10


def steps(seconds: list[float]) -> dict[str, float | None]:
    """The first step, which includes building and compiling, and the median of the later ones."""
    later = seconds[STEADY_FROM:]
    return {
        "first_step_seconds": rounded(seconds[0]) if seconds else None,
        "steady_step_seconds": rounded(statistics.median(later)) if later else None,
    }


def rounded(value: float) -> float:
    """Four significant digits: more were noise."""
    return float(f"{value:.4g}")


def read(path: Path, rows: str = "rows") -> dict[str, Any]:
    """The recorded results, or an empty record where there are none of this schema."""
    if path.exists():
        record = json.loads(path.read_text(encoding="utf-8"))
        if record.get("schema") == SCHEMA:
            return record
    return {"schema": SCHEMA, "inputs": {}, rows: []}


def merged(old: list[dict[str, Any]], new: list[dict[str, Any]], order: list[str]) -> list:
    """The new rows, and the old ones of frameworks that were not run, in the table's order."""
    rows = {row["id"]: row for row in [*old, *new]}
    return [rows[name] for name in order if name in rows]


def write(path: Path, record: dict[str, Any]) -> None:
    """Replace the file in one step, so that an interruption leaves the old one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(part, path)


def machine() -> str:
    """The kind of machine, without its name."""
    cores = os.cpu_count() or 0
    parts = [f"{platform.system()} on {platform.machine()}", f"{cores} cores"]
    memory = _memory_gib()
    if memory:
        parts.append(f"{memory} GiB of memory")
    return ", ".join(parts)


def _memory_gib() -> int | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
    except (ValueError, OSError, AttributeError):
        return None
