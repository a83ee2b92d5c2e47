"""Gradescope's `results.json`, one a student.

Format: https://gradescope-autograders.readthedocs.io/en/latest/specs/#output-format
"""

from typing import Any

from autograder.report.text import clean


def results(record: dict[str, Any]) -> dict[str, Any]:
    """The record as Gradescope reads it: one test a check, all visible, all plain text."""
    return {
        "score": float(record["points"]),
        "output": clean(record["error"] or f"Graded in the sandbox: {record['sandbox']}."),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(task, check) for task in record["tasks"] for check in task["checks"]]
        or [_whole_task(task) for task in record["tasks"]],
    }


def _test(task: dict[str, Any], check: dict[str, Any]) -> dict[str, Any]:
    output = "\n\n".join(clean(part) for part in (check["message"], check["diagnosis"]) if part)
    return {
        "name": clean(f"{task['id']}: {check['name'].replace('_', ' ')}", 200),
        "score": float(check["points"]),
        "max_score": float(check["max_points"]),
        "status": "passed" if check["passed"] else "failed",
        "output": output,
        "output_format": "text",
        "visibility": "visible",
    }


def _whole_task(task: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": task["id"],
        "score": float(task["points"]),
        "max_score": float(task["max_points"]),
        "status": "failed",
        "output": "",
        "output_format": "text",
        "visibility": "visible",
    }
