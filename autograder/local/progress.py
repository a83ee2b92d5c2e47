"""What the last local checks found, kept in `.autograder/` so that `status` can say it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.course import Course, Lab
from autograder.files import json_text, write_atomically
from autograder.local.own_work import blank_tasks, digest

FOLDER = ".autograder"


def remember(course: Course, lab: Lab, record: dict[str, Any]) -> None:
    """Keep each checked task's points with a hash of the files they were given for.

    A course that cannot be written to (read-only, a full disk) is checked all the same.
    """
    path = _path(course)
    known = recall(course)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    blank = blank_tasks(course, lab)
    for task in record["tasks"]:
        known[task["id"]] = {
            "points": task["points"],
            "max_points": task["max_points"],
            "passed": sum(check["passed"] for check in task["checks"]),
            "checks": len(task["checks"]),
            "blank": blank.get(task["id"], []),
            "files": digest(course, lab),
            "when": now,
        }
    try:
        write_atomically(path, json_text(known))
    except OSError:
        return


def recall(course: Course) -> dict[str, dict[str, Any]]:
    """What is kept, by task; a file somebody broke counts as none."""
    try:
        known = json.loads(_path(course).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def open_blanks(course: Course, lab: Lab) -> list[str]:
    """The tasks that are blank, but for those that passed with the same functions left blank.

    A helper that a solution does without may stay as it was handed out.
    """
    known = recall(course)
    blank = blank_tasks(course, lab)
    return [task for task, names in blank.items() if not _passed_without(known.get(task), names)]


def _passed_without(last: object, names: list[str]) -> bool:
    return (
        isinstance(last, dict)
        and last.get("passed") == last.get("checks", 0) > 0
        and set(names) <= set(last.get("blank", []))
    )


def _path(course: Course) -> Path:
    return course.root / FOLDER / "last_checks.json"
