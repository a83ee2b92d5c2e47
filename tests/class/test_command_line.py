"""The command line: one sentence for bad input, an exit status that means something."""

import errno
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from autograder.cli import group
from autograder.course import Course
from autograder.local import checking
from autograder.local.progress import recall, remember

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, course: Course) -> Run:
    """Runs a command in the course; gives its exit status and what it printed."""
    monkeypatch.chdir(course.root)

    def invoke(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(group, list(arguments), catch_exceptions=False)
        return result.exit_code, result.output

    return invoke


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("chek",), "There is no command 'chek'. Did you mean 'check'?"),
        (("check", "lab33"), "There is no lab 'lab33'; there are lab1, lab3. Did you mean 'lab3'?"),
        (("check", "lab3.engin"), "Did you mean 'lab3.engine'?"),
        (("check", "lab3", "--task", "engin"), "lab3 has no task 'engin'; it has lab3.record"),
        (("check", "lab3.written"), "lab3.written is marked by a person; it has no checks."),
        (("submit", "lab4"), "There is no lab 'lab4'"),
        (("status", "lab4"), "There is no lab 'lab4'"),
        (("grade", "nowhere", "--lab", "lab3", "--out", "out"), "There is no folder nowhere."),
        (("grade", ".", "--lab", "lab4", "--out", "out"), "There is no lab 'lab4'"),
    ],
)
def test_bad_input_gets_a_sentence_that_says_what_there_is(
    run: Run, arguments: tuple[str, ...], sentence: str
) -> None:
    status, printed = run(*arguments)
    assert status == 2
    assert sentence in " ".join(printed.split())
    assert "Traceback" not in printed


def test_outside_of_a_course_every_command_says_so(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for arguments in (("check", "lab3"), ("status",), ("submit", "lab3")):
        status, printed = run(*arguments)
        assert status == 2
        assert "There is no course in" in printed


@pytest.mark.parametrize("passed", [True, False])
def test_check_names_the_package_first_and_its_exit_status_says_whether_all_passed(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    course: Course,
    record_of: Callable[..., dict[str, Any]],
    passed: bool,
) -> None:
    asked: list[Any] = []

    def check_own_work(course: Course, lab: Any, tasks: Any, level: Any) -> checking.Checked:
        asked.append(tasks)
        return checking.Checked(record_of(passed=passed), "Checked on recorded inputs.")

    monkeypatch.setattr(checking, "check_own_work", check_own_work)
    monkeypatch.setattr("autograder.local.progress.remember", lambda *arguments: None)
    status, printed = run("check", "lab3", "--task", "engine")
    assert status == (0 if passed else 1)
    assert asked == [["lab3.engine"]]
    lines = printed.replace("\n", " ")
    assert lines.index(str(course.root / "dltk")) < lines.index("lab3.record")
    assert ("yours: 2" in printed) is (not passed)


def test_status_shows_points_of_the_last_check_and_whether_files_changed_since(
    tmp_path: Path, record_of: Callable[..., dict[str, Any]], course: Course, run: Run, monkeypatch
) -> None:
    root = tmp_path / "course"
    (root / "labs").mkdir(parents=True)
    (root / "labs/course.toml").write_bytes((course.root / "labs/course.toml").read_bytes())
    mine = Course.load(root)
    for path in mine.lab("lab3").files:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text('def f():\n    """Asked."""\n    return 1\n')
    remember(mine, mine.lab("lab3"), record_of())
    assert recall(mine)["lab3.engine"]["points"] == 20
    monkeypatch.chdir(root)
    status, printed = run("status", "lab3")
    assert status == 0
    assert "20 of 20" in printed
    assert "90 of 100" in printed
    assert "changed since" not in printed
    file = root / mine.lab("lab3").files[0]
    file.write_text('def f():\n    """Asked."""\n    raise NotImplementedError("lab3.record")\n')
    printed = " ".join(run("status", "lab3")[1].split())
    assert "changed since" in printed
    assert "blank" in printed
    (root / ".autograder/last_checks.json").write_text("{broken")
    assert run("status", "lab3")[0] == 0


def test_a_student_course_has_no_commands_that_make_courses(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.cli._is_here", lambda name: name not in ("release",))
    assert "release" not in run("--help")[1]
    status, printed = run("release")
    assert status == 2
    assert "this is a student course" in " ".join(printed.split())


def test_grade_prints_the_table_and_its_exit_status_is_zero_whatever_the_points(
    run: Run, tmp_path: Path, write_submission: Callable[..., Path]
) -> None:
    write_submission(tmp_path / "class" / "alice", {"autograd/engine.py": b"x"})
    (tmp_path / "class" / "bob.zip").write_bytes(b"x")
    (tmp_path / "class" / "carol.py").write_bytes(b"x")
    status, printed = run(
        "grade", str(tmp_path / "class"), "--lab", "lab3", "--out", str(tmp_path / "out")
    )
    assert status == 0
    assert "a submission is a folder or a zip: carol.py." in " ".join(printed.split())
    assert "no folder dltk/" in " ".join(printed.split())
    assert "2 submissions, 2 with an error" in " ".join(printed.split())
    assert len(json.loads((tmp_path / "out/grades.json").read_text())) == 2


def test_grade_ends_with_status_one_when_the_grader_itself_failed(
    run: Run,
    tmp_path: Path,
    write_submission: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_submission(tmp_path / "class" / "alice", {"autograd/engine.py": b"x"})
    record = {
        "student": "[/red]\x1b[2Jalice",
        "lab": "lab3",
        "sandbox": "plain",
        "points": 0.0,
        "max_points": 90,
        "error": "The grader itself failed: OSError: the disk is full",
        "tasks": [],
        "grader_failed": True,
    }
    monkeypatch.setattr("autograder.grade.grade_class", lambda *args, **kwargs: [record])
    arguments = ("grade", str(tmp_path / "class"), "--lab", "lab3", "--out", str(tmp_path / "out"))
    status, printed = run(*arguments)
    assert status == 1
    assert "The grader itself failed on 1 of 1 submissions" in " ".join(printed.split())
    assert "first [/red]alice" in printed
    assert "\x1b" not in printed


@pytest.mark.parametrize(
    "arguments",
    [
        ("grade", "class", "--lab", "lab3", "--out", "file/out"),
        ("submit", "lab3", "--out", "file/lab3.zip"),
    ],
)
def test_a_place_that_cannot_be_written_is_one_sentence_that_names_it(
    run: Run, tmp_path: Path, write_submission: Callable[..., Path], arguments: tuple[str, ...]
) -> None:
    write_submission(tmp_path / "class" / "alice", {"autograd/engine.py": b"x"})
    (tmp_path / "file").write_text("")
    places = {"class", *(word for word in arguments if word.startswith("file/"))}
    status, printed = run(*(str(tmp_path / word) if word in places else word for word in arguments))
    assert status == 1
    assert f"Error: {tmp_path / 'file'}" in printed
    assert "Not a directory." in printed or "File exists." in printed


def test_a_full_disk_loses_no_record(
    run: Run,
    tmp_path: Path,
    write_submission: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for student in ("alice", "bob"):
        write_submission(tmp_path / "class" / student, {"autograd/engine.py": b"x"})
    arguments = ("grade", str(tmp_path / "class"), "--lab", "lab3", "--out", str(tmp_path / "out"))
    real = os.fdopen
    room = [3]

    def full(*how: Any, **more: Any) -> Any:
        room[0] -= 1
        if room[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*how, **more)

    monkeypatch.setattr("autograder.files.os.fdopen", full)
    status, printed = run(*arguments)
    assert status == 1
    assert "bob.json: No space left on device. What is graded is kept" in printed
    assert [path.name for path in (tmp_path / "out/rounds/first/records").iterdir()] == [
        "alice.json"
    ]
    room[0] = 100
    assert run(*arguments)[0] == 0


def test_a_scheduler_without_dask_is_refused_with_what_to_install(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    out = str(tmp_path / "out")
    status, printed = run(
        "grade", str(tmp_path), "--lab", "lab3", "--out", out, "--scheduler", "tcp://x:1"
    )
    assert status == 2
    assert "pip install distributed" in printed
