"""What a class run writes for people: `grades.json`, `grades.csv`, feedback, Gradescope's files."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.course import Lab
from autograder.files import json_text, short_hash, write_atomically
from autograder.grade.records import Record, RecordStore
from autograder.grade.rounds import RoundFolder
from autograder.report.feedback import feedback_html
from autograder.report.gradescope import results
from autograder.report.spreadsheet import grades_csv


def parsed(text: str) -> dict[str, Any]:
    """A record that came back from a grading process, its scores clamped to what there is."""
    record: dict[str, Any] = json.loads(text)
    for task in record["tasks"]:
        task["points"] = min(max(task["points"], 0), task["max_points"])
    record["points"] = min(max(record["points"], 0), record["max_points"])
    return record


def write(out: Path, lab: Lab, rounds: Sequence[RoundFolder]) -> None:
    """Write everything anew from the records; a student's newest round counts."""
    latest: dict[str, tuple[Record, RoundFolder, str]] = {}
    for folder in sorted(rounds, key=lambda folder: folder.opened):
        store = RecordStore(folder.path / "records")
        for record in store:
            latest[record["student"]] = (record, folder, store.stem(record["student"]))
    owners: dict[str, str] = {}
    for student, (record, folder, stem) in sorted(latest.items()):
        if owners.setdefault(stem.casefold(), student) != student:
            stem = f"{stem}-{short_hash(student)}"
        page = feedback_html(record, lab, folder.seal)
        write_atomically(out / "feedback" / f"{stem}.html", page)
        write_atomically(out / "gradescope" / f"{stem}.json", json_text(results(record)))
    records = [latest[student][0] for student in sorted(latest)]
    write_atomically(out / "grades.csv", grades_csv(records))
    write_atomically(out / "grades.json", json_text(records))
