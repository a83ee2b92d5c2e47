"""A check is a pytest item, for an author and for a student."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import checks, release
from autograder.course import Course


def run_pytest(root: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    environment = os.environ | {"PYTEST_ADDOPTS": "", "PYTHONPATH": str(root)}
    return subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )


def test_every_check_of_a_lab_is_an_item_and_no_test_is(course: Course) -> None:
    done = run_pytest(course.root, "--lab", "lab3", "--collect-only", "-q")
    items = [line for line in done.stdout.splitlines() if "::" in line]
    assert len(items) == len(checks.load("lab3", course)), done.stdout + done.stderr
    assert all("lab3." in item for item in items)


def test_an_unknown_lab_is_one_sentence(course: Course) -> None:
    done = run_pytest(course.root, "--lab", "lab77")
    assert done.returncode == 4
    assert "The course has no lab 'lab77'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_an_item_passes_on_right_work_and_fails_with_the_students_message_on_a_blank(
    course: Course, tmp_path: Path
) -> None:
    done = run_pytest(course.root, "--lab", "lab1", "-k", "strides", "-v")
    assert done.returncode == 0, done.stdout + done.stderr
    assert str(course.root / "dltk") in done.stdout
    assert "::lab1.strides::" in done.stdout
    release.make(course.root, tmp_path / "student")
    done = run_pytest(tmp_path / "student", "--lab", "lab1", "-k", "strides")
    assert done.returncode == 1, done.stdout + done.stderr
    assert str(tmp_path / "student" / "dltk") in done.stdout
    assert "lab1.strides is not written yet." in done.stdout
    assert "Traceback" not in done.stdout
