"""The zip to hand in: what the grader reads, and what the student should know."""

import shutil
import zipfile
from pathlib import Path

import pytest

from autograder import intake
from autograder.course import Course
from autograder.local.handing_in import HandInError, hand_in
from autograder.local.own_work import blank_tasks
from autograder.local.progress import open_blanks, remember

LAB1 = """
[[lab]]
id = "lab1"
title = "Tensors"
notebook = "labs/lab1.md"
files = ["dltk/views.py", "dltk/strides.py"]
[[lab.task]]
id = "lab1.strides"
title = "Strides"
kind = "code"
points = 90
[[lab.task]]
id = "lab1.written"
title = "Why"
kind = "written"
points = 10
"""
BLANK = 'def strides(shape):\n    """Asked."""\n    raise NotImplementedError("lab1.strides")\n'


@pytest.fixture
def student(tmp_path: Path) -> Course:
    root = tmp_path / "my course"
    for path, text in {
        "labs/course.toml": LAB1,
        "labs/lab1.ipynb": "{}",
        "dltk/__init__.py": "",
        "dltk/views.py": "x = 1\n",
        "dltk/strides.py": BLANK,
        "dltk/given.py": "y = 1\n",
        "course/tree/dltk/given.py": "y = 1\n",
        "course/tree/dltk/__init__.py": "",
        "course/tree/dltk/views.py": "x = 1\n",
        "course/tree/dltk/strides.py": BLANK,
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return Course.load(root)


def test_the_zip_holds_the_labs_files_the_notebook_and_added_modules_only(
    student: Course, tmp_path: Path
) -> None:
    (student.root / "dltk/helpers.py").write_text("z = 1\n")
    (student.root / "secret.txt").write_text("mine")
    lab = student.lab("lab1")
    written = hand_in(student, lab, tmp_path / "alice.zip")
    with zipfile.ZipFile(tmp_path / "alice.zip") as archive:
        assert archive.namelist() == list(written.files)
    assert set(written.files) == {
        "dltk/helpers.py",
        "dltk/strides.py",
        "dltk/views.py",
        "labs/lab1.ipynb",
    }
    read = intake.read(tmp_path / "alice.zip", lab)
    assert read.error is None
    assert set(read.files) == {path for path in written.files if path.endswith(".py")}


def test_the_same_work_makes_the_same_bytes(student: Course, tmp_path: Path) -> None:
    lab = student.lab("lab1")
    hand_in(student, lab, tmp_path / "one.zip")
    again = tmp_path / "again"
    shutil.copytree(student.root, again)
    hand_in(Course.load(again), lab, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_it_says_what_is_blank_and_what_python_cannot_read(student: Course, tmp_path: Path) -> None:
    lab = student.lab("lab1")
    (student.root / "dltk/views.py").write_text("x = (\n")
    written = hand_in(student, lab, tmp_path / "a.zip")
    assert written.blank == ("lab1.strides",)
    (warning,) = written.warnings
    assert warning.startswith("dltk/views.py, line 1: ")
    (student.root / "dltk/strides.py").write_text(BLANK.replace("raise", "return"))
    assert blank_tasks(student, lab) == {}


def test_a_helper_that_a_passing_solution_leaves_blank_is_not_called_blank(student: Course) -> None:
    lab = student.lab("lab1")
    assert open_blanks(student, lab) == ["lab1.strides"]
    task = {"id": "lab1.strides", "points": 1.0, "max_points": 1.0, "checks": [{"passed": True}]}
    remember(student, lab, {"tasks": [task]})
    assert open_blanks(student, lab) == []
    (student.root / "dltk/views.py").write_text(BLANK.replace("def strides", "def another"))
    assert open_blanks(student, lab) == ["lab1.strides"]


def test_a_missing_notebook_is_said_and_a_missing_file_refused(
    student: Course, tmp_path: Path
) -> None:
    lab = student.lab("lab1")
    (student.root / "labs/lab1.ipynb").unlink()
    assert "lab1.ipynb was not found" in hand_in(student, lab, tmp_path / "a.zip").warnings[0]
    (student.root / "dltk/views.py").unlink()
    with pytest.raises(HandInError, match=r"dltk/views\.py is missing"):
        hand_in(student, lab, tmp_path / "b.zip")
    assert not (tmp_path / "b.zip").exists()
