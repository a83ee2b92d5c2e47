"""The records of a round on disk: one file a student, written as soon as it is known."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.course import Lab
from autograder.files import json_text, safe_stem, short_hash, write_atomically

Record = dict[str, Any]


class RecordStore:
    """Records in a folder, each with the key of what was graded, so that it can be kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stems: dict[str, str] = {}
        self._stored: dict[str, dict[str, Any]] = {}
        for path in sorted(folder.glob("*.json")):
            stored = _load(path)
            if stored is not None:
                self._stems[stored["record"]["student"]] = path.stem
                self._stored[stored["record"]["student"]] = stored

    def __iter__(self) -> Iterator[Record]:
        return iter(stored["record"] for stored in self._stored.values())

    def find(self, student: str, key: str) -> Record | None:
        """The student's record, if it was made of the same content by the same course."""
        stored = self._stored.get(student)
        return stored["record"] if stored is not None and stored["key"] == key else None

    def holds(self, student: str) -> bool:
        """Whether the student has a record, of whatever content."""
        return student in self._stored

    def stem(self, student: str) -> str:
        """The student's file name: harmless, and nobody else's on any machine."""
        if student not in self._stems:
            stem = safe_stem(student)
            if stem.casefold() in {other.casefold() for other in self._stems.values()}:
                stem = f"{stem}-{short_hash(student)}"
            self._stems[student] = stem
        return self._stems[student]

    def put(self, record: Record, key: str | None) -> None:
        """Keep a record; without a key it is graded again next time."""
        stored = {"key": key, "record": record}
        write_atomically(self._folder / f"{self.stem(record['student'])}.json", json_text(stored))
        self._stored[record["student"]] = stored


def _load(path: Path) -> dict[str, Any] | None:
    """A stored record; what a person or a full disk broke counts as not graded."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return None
    complete = (
        isinstance(stored, dict) and "key" in stored and isinstance(stored.get("record"), dict)
    )
    return stored if complete and isinstance(stored["record"].get("student"), str) else None


def refused_record(lab: Lab, student: str, error: str, sandbox: str) -> Record:
    """The record of a submission that could not be graded: 0, and one sentence why."""
    return {
        "student": student,
        "lab": lab.id,
        "sandbox": sandbox,
        "round": None,
        "points": 0,
        "max_points": lab.automatic_points,
        "error": error,
        "tasks": [
            {"id": task.id, "points": 0, "max_points": task.points, "checks": []}
            for task in lab.automatic_tasks
        ],
    }
