"""The course, a student's lab 3 as bytes, and a grader that needs no sandbox."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.course import Course, Lab

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def course() -> Course:
    return Course.load(ROOT)


@pytest.fixture(scope="session")
def lab3(course: Course) -> Lab:
    return course.lab("lab3")


@pytest.fixture(scope="session")
def work(lab3: Lab) -> dict[str, bytes]:
    """One harmless file for each that lab 3 owns."""
    return {path: f"name = {path!r}\n".encode() for path in lab3.files}


@pytest.fixture(scope="session")
def record_of(lab3: Lab) -> Callable[..., dict[str, Any]]:
    """A record of lab 3 with one check a task; overridden by keyword."""

    def make(student: str = "alice", *, passed: bool = True, **fields: Any) -> dict[str, Any]:
        tasks: list[dict[str, Any]] = [
            {
                "id": task.id,
                "points": task.points if passed else 0,
                "max_points": task.points,
                "checks": [
                    {
                        "name": "a_thing_holds",
                        "sentence": "A thing holds.",
                        "passed": passed,
                        "points": task.points if passed else 0,
                        "max_points": task.points,
                        "message": "" if passed else "A thing holds.\ntorch: 1\nyours: 2",
                        "diagnosis": None,
                        "seconds": 0.01,
                    }
                ],
            }
            for task in lab3.automatic_tasks
        ]
        total = sum(task["points"] for task in tasks)
        return {
            "student": student,
            "lab": "lab3",
            "sandbox": "plain",
            "round": "0" * 64,
            "points": total,
            "max_points": lab3.automatic_points,
            "error": None,
            "tasks": tasks,
        } | fields

    return make


@pytest.fixture(scope="session")
def write_submission() -> Callable[[Path, dict[str, bytes]], Path]:
    """A function that writes files by path under a folder and returns the folder."""

    def write(folder: Path, files: dict[str, bytes]) -> Path:
        for path, content in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        return folder

    return write
