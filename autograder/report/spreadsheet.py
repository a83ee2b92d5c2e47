"""`grades.csv`: one row a student, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from autograder.report.text import clean, points

_FORMULA_STARTS = ("=", "+", "-", "@", "\t")
_HARMLESS = " '\"\ufffd"


def defused(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = clean(cell, 500).replace("\n", " ")
    return f"'{text}" if text.lstrip(_HARMLESS).startswith(_FORMULA_STARTS) else text


def grades_csv(records: Sequence[dict[str, Any]]) -> str:
    """The table of a class: student, points, tasks, error, sandbox, round."""
    task_ids = list(dict.fromkeys(task["id"] for record in records for task in record["tasks"]))
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(
        ["student", "lab", "points", "max_points", *task_ids, "error", "sandbox", "round"]
    )
    for record in records:
        by_task = {task["id"]: points(task["points"]) for task in record["tasks"]}
        writer.writerow(
            [
                defused(record["student"]),
                defused(record["lab"]),
                points(record["points"]),
                points(record["max_points"]),
                *(by_task.get(task_id, "") for task_id in task_ids),
                defused(record["error"] or ""),
                defused(record["sandbox"]),
                defused(record["round"]),
            ]
        )
    return stream.getvalue()
