"""The sample class in `examples/`, graded as `make grade` grades it."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from autograder.course import Course

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
Tasks = dict[str, dict[str, Any]]


def makes_class(course: Course, out: Path) -> dict[str, Any]:
    code = (
        "import sys; from pathlib import Path; from autograder.course import Course\n"
        "from make_class import make_class\n"
        "make_class(Course.load(Path(sys.argv[1])), Path(sys.argv[2]))"
    )
    command = [sys.executable, "-c", code, str(course.root), str(out)]
    subprocess.run(command, check=True, env=os.environ | {"PYTHONPATH": str(EXAMPLES)})

    return tomllib.loads((EXAMPLES / "class/class.toml").read_text(encoding="utf-8"))


def test_the_class_is_made_of_every_submission_described_and_names_what_exists(
    course: Course, tmp_path: Path
) -> None:
    described = makes_class(course, tmp_path / "class")
    made = {path.name.removesuffix(".zip") for path in (tmp_path / "class").iterdir()}
    assert made == {submission["name"] for submission in described["submission"]}
    assert len(made) >= 10


@pytest.fixture(scope="module")
def graded(course: Course, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """The folder of the grades, and the records by student."""
    folder = tmp_path_factory.mktemp("sample")
    makes_class(course, folder / "class")
    command = [sys.executable, "-m", "autograder", "grade", str(folder / "class")]
    done = subprocess.run(
        [*command, "--lab", "lab3", "--out", str(folder / "out")],
        cwd=course.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    records = json.loads((folder / "out/grades.json").read_text())
    return folder / "out", {record["student"]: record for record in records}


@pytest.mark.slow
def test_right_work_has_full_marks_in_any_style_and_beside_a_broken_lab1(graded: Any) -> None:
    _, records = graded
    for student in ("complete", "complete-in-another-style", "broken-lab1"):
        assert records[student]["points"] == records[student]["max_points"] == 90
        assert records[student]["error"] is None


@pytest.mark.slow
def test_a_blank_has_nothing_and_half_the_work_has_its_tasks(graded: Any, course: Course) -> None:
    _, records = graded
    assert records["blank"]["points"] == 0
    done = {"lab3.record", "lab3.rules", "lab3.engine", "lab3.unbroadcast"}
    for task in records["half-done"]["tasks"]:
        assert task["points"] == (task["max_points"] if task["id"] in done else 0)


@pytest.mark.slow
@pytest.mark.parametrize("task_id", ["lab3.engine", "lab3.unbroadcast", "lab3.leaves"])
def test_a_misconception_costs_its_task_and_those_that_need_it_and_is_named(
    graded: Any, course: Course, task_id: str
) -> None:
    out, records = graded
    student = f"misconception-{task_id.partition('.')[2]}"
    tasks: Tasks = {task["id"]: task for task in records[student]["tasks"]}
    assert tasks[task_id]["points"] < tasks[task_id]["max_points"]
    for task in course.lab("lab3").automatic_tasks:
        if task.id != task_id and task_id not in task.needs:
            assert tasks[task.id]["points"] == task.points
    assert any(check["diagnosis"] for check in tasks[task_id]["checks"])
    page = (out / "feedback" / f"{student}.html").read_text()
    assert "Your answer is what you get if " in page


@pytest.mark.slow
@pytest.mark.parametrize(
    ("student", "sentence"),
    [
        ("syntax-error", "dltk/autograd/modes.py, line 2: '(' was never closed"),
        ("endless-loop", "did not finish in its time"),
        ("imports-torch", "imports torch, which lab3 does not allow"),
        ("path-escape", "'../../outside.py' leads out of the submission"),
    ],
)
def test_what_cannot_be_graded_has_0_and_a_clear_sentence(
    graded: Any, student: str, sentence: str
) -> None:
    out, records = graded
    assert records[student]["points"] == 0
    assert sentence in records[student]["error"]
    assert student in (out / "grades.csv").read_text()


@pytest.mark.slow
def test_a_loud_submission_is_quoted_and_not_obeyed(graded: Any) -> None:
    out, _ = graded
    page = (out / "feedback/loud.html").read_text()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "\x1b" not in page
    assert len(page) < 1_000_000


@pytest.mark.slow
def test_every_result_names_its_sandbox(graded: Any) -> None:
    from autograder import sandbox

    _, records = graded
    assert {record["sandbox"] for record in records.values()} == {sandbox.strongest()}
