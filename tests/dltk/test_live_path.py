"""What students write runs: programs agree with torch, and break without any one function."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from programs import PROGRAMS

import dltk
from autograder import solutions
from autograder.course import Course

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course.load(ROOT)
BLANKS = [
    (path, qualname) for places in solutions.blanks_of(COURSE).values() for path, qualname in places
]
RUN_ALL = """
import json
import sys
sys.path.insert(0, sys.argv[1])
import dltk
from programs import PROGRAMS

broken = []
for name, program in PROGRAMS.items():
    try:
        program(dltk)
    except Exception as error:
        broken.append((name, str(error)))
print(json.dumps(broken))
"""


def _flat(value):
    if isinstance(value, list | tuple):
        return [leaf for each in value for leaf in _flat(each)]
    return [value]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_gives_what_it_gives_under_torch(name):
    want, got = _flat(PROGRAMS[name](torch)), _flat(PROGRAMS[name](dltk))
    assert len(got) == len(want)
    for ours, theirs in zip(got, want, strict=True):
        if isinstance(theirs, float):
            assert np.isclose(ours, theirs, rtol=1e-4, atol=1e-6)
        else:
            assert ours == theirs


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    folder = tmp_path_factory.mktemp("taken out")
    shutil.copytree(ROOT / "dltk", folder / "dltk", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(("path", "qualname"), BLANKS, ids=lambda value: str(value))
def test_a_function_taken_out_breaks_a_program(copied, path, qualname):
    file = copied / path
    whole = file.read_text(encoding="utf-8")
    mark = f'raise NotImplementedError("taken out {qualname}")\n'
    file.write_text(solutions.replace(whole, {qualname: mark}, path), encoding="utf-8")
    try:
        done = subprocess.run(
            [sys.executable, "-c", RUN_ALL, str(ROOT / "tests" / "support")],
            cwd=copied,
            env=os.environ | {"PYTHONPATH": str(copied)},
            capture_output=True,
            text=True,
        )
    finally:
        file.write_text(whole, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert f"taken out {qualname}" in done.stdout


def test_importing_and_printing_meet_no_blank(tmp_path):
    for source in (ROOT / "dltk").rglob("*.py"):
        path = source.relative_to(ROOT).as_posix()
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(solutions.blank(source.read_text(encoding="utf-8"), path=path))
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
