"""`grades.csv`: one row a student, safe to open in a spreadsheet."""

import csv
import io
import re
from collections.abc import Sequence
from typing import Any

from autograder.report.text import clean, points

# Also in their full-width forms, which some languages' spreadsheets read as the others.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_HARMLESS = " '\"\ufffd"
# Where the decimal mark is a comma, a spreadsheet splits at semicolons, whatever is quoted.
_AFTER_A_SEPARATOR = re.compile(rf"([;\t])(?=[{_HARMLESS}]*[-=+@\uff1d\uff0b\uff0d\uff20])")


def defused(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = _AFTER_A_SEPARATOR.sub(r"\1'", clean(cell, 500).replace("\n", " "))
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
