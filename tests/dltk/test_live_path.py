"""What students write runs: each owned function is on the path of a whole program."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from live_path import LIVE_PATH
from programs import PROGRAMS
from taken_out import functions, without

from autograder import solutions
from autograder.course import Course

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course.load(ROOT)
TABLE = [
    (path, name, program)
    for files in LIVE_PATH.values()
    for path, by_program in files.items()
    for program, names in by_program.items()
    for name in names.split()
]
FILES = [path for files in LIVE_PATH.values() for path in files]


def _read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def test_the_table_has_the_files_that_each_lab_of_the_course_owns():
    for lab in COURSE.labs:
        owned = [path for path in lab.files if path.startswith("dltk/")]
        assert sorted(LIVE_PATH.get(lab.id, {})) == sorted(owned), lab.id


def test_every_owned_function_has_a_program_and_only_those():
    owned = [(path, name) for path in FILES for name in functions(_read(path))]
    assert sorted((path, name) for path, name, _ in TABLE) == sorted(owned)
    assert {program for _, _, program in TABLE} <= set(PROGRAMS)


@pytest.mark.slow
def test_each_owned_function_taken_out_breaks_its_program():
    if not hasattr(os, "fork"):
        pytest.skip("os.fork is missing on this platform: each function is taken out in a fork")
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "support" / "taken_out.py")],
        input=json.dumps(TABLE),
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests' / 'support'}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    outcomes = json.loads(done.stdout)
    assert len(outcomes) == len(TABLE)
    unbroken = {
        f"{path} without {name}, {program}": outcome
        for (path, name, program), outcome in zip(TABLE, outcomes, strict=True)
        if outcome != "broken"
    }
    assert not unbroken


def _without_any(path, text):
    for name in functions(text) if path in FILES else ():
        text = without(text, name, "taken out")
    return text


def _with_markers_blanked(path, text):
    return solutions.blank(text, path=path)


@pytest.mark.parametrize("change", [_with_markers_blanked, _without_any])
def test_importing_and_printing_meet_no_blank(tmp_path, change):
    for source in (ROOT / "dltk").rglob("*.py"):
        path = source.relative_to(ROOT).as_posix()
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(change(path, source.read_text(encoding="utf-8")), encoding="utf-8")
    code = "import dltk; t = dltk.tensor([[1.0, 2], [3, 4]]); print(t, t.shape, t.dtype, len(t))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        "tensor([[1., 2.],\n        [3., 4.]]) dltk.Size([2, 2]) dltk.float32 2\n"
    )
