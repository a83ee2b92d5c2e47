"""A record as people see it: cleaned text, titles, and what stands open."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from autograder.course import Lab
from autograder.report.text import clean, points


@dataclass(frozen=True)
class CheckView:
    """One check: its sentence, and where it failed what went wrong and why."""

    name: str
    sentence: str
    passed: bool
    score: str
    message: str
    diagnosis: str


@dataclass(frozen=True)
class TaskView:
    """One task and its checks; `passed` counts the passed ones."""

    id: str
    title: str
    points: float
    max_points: float
    checks: tuple[CheckView, ...]

    @property
    def score(self) -> str:
        return f"{points(self.points)} of {points(self.max_points)}"

    @property
    def passed(self) -> tuple[CheckView, ...]:
        return tuple(check for check in self.checks if check.passed)

    @property
    def failed(self) -> tuple[CheckView, ...]:
        return tuple(check for check in self.checks if not check.passed)

    @property
    def complete(self) -> bool:
        return bool(self.checks) and not self.failed

    @property
    def state(self) -> str:
        """One word: `complete`, `partial` or `open`."""
        if self.complete:
            return "complete"
        return "partial" if self.passed else "open"


@dataclass(frozen=True)
class RecordView:
    """One submission of a lab."""

    student: str
    lab: str
    title: str
    points: float
    max_points: float
    error: str
    sandbox: str
    notes: tuple[str, ...]
    tasks: tuple[TaskView, ...]

    @property
    def score(self) -> str:
        return f"{points(self.points)} of {points(self.max_points)}"


def view(record: dict[str, Any], lab: Lab) -> RecordView:
    """The record of a submission of `lab`, ready to be shown."""
    titles = {task.id: task.title for task in lab.tasks}
    return RecordView(
        student=clean(record["student"], 200),
        lab=lab.id,
        title=lab.title,
        points=record["points"],
        max_points=record["max_points"],
        error=clean(record["error"] or "", 1_000),
        sandbox=clean(record["sandbox"], 40),
        notes=tuple(_notes(record)),
        tasks=tuple(
            TaskView(
                id=task["id"],
                title=titles.get(task["id"], ""),
                points=task["points"],
                max_points=task["max_points"],
                checks=tuple(_check(check) for check in task["checks"]),
            )
            for task in record["tasks"]
        ),
    )


def _check(check: dict[str, Any]) -> CheckView:
    name = clean(check["name"], 200)
    sentence = check.get("sentence") or name.replace("_", " ")
    return CheckView(
        name=name,
        sentence=clean(sentence, 500),
        passed=check["passed"] is True,
        score=f"{points(check['points'])} of {points(check['max_points'])}",
        message="" if check["passed"] else clean(_without_sentence(check)),
        diagnosis="" if check["passed"] else clean(check["diagnosis"] or "", 1_000),
    )


def problem_of(record: dict[str, Any]) -> str | None:
    """The first sentence about what was wrong with the submission as a whole, or None."""
    unusable = record.get("unusable") or {}
    return record["error"] or next(iter(unusable.values()), None) or _same_everywhere(record)


def _same_everywhere(record: dict[str, Any]) -> str | None:
    """What every check failed with, where that is one and the same: the import of the package."""
    checks = [check for task in record["tasks"] for check in task["checks"]]
    if not checks or any(check["passed"] for check in checks):
        return None
    said = {_without_sentence(check) for check in checks}
    return clean(said.pop(), 300) if len(said) == 1 and len(checks) > 1 else None


def _without_sentence(check: dict[str, Any]) -> str:
    return (check["message"] or "").removeprefix(f"{check.get('sentence')}\n")


def _notes(record: dict[str, Any]) -> Iterator[str]:
    for sentence in (record.get("unusable") or {}).values():
        if sentence != record["error"]:
            yield clean(sentence, 500)
    if ignored := record.get("ignored"):
        listed = ", ".join(clean(path, 120) for path in ignored[:10])
        more = f" and {len(ignored) - 10} more" if len(ignored) > 10 else ""
        yield f"Not graded, as they are no files of {record['lab']}: {listed}{more}."
    if record.get("graded_on") == "student":
        yield "Some checks passed only on your own earlier labs; those points count."
