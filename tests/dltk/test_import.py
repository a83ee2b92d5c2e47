"""`import dltk` brings what every program uses, and nothing that is slow and may not be used."""

import json
import subprocess
import sys

import pytest

LATER = ("numpy.random", "dltk.nn", "dltk.optim", "dltk.utils", "dltk.trace", "dltk.serialization")


@pytest.fixture(scope="module")
def imported():
    program = "import json, sys, dltk; print(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("name", LATER)
def test_what_a_program_may_never_use_is_imported_when_it_is_used(imported, name):
    assert name not in imported


@pytest.mark.parametrize("name", ["torch", "autograder", "matplotlib", "pytest"])
def test_nothing_but_numpy_and_the_standard_library_is_imported(imported, name):
    assert "numpy" in imported
    assert name not in imported
