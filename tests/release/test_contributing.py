"""What CONTRIBUTING.md says about adding a task, a check and a misconception is enough."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
Edit = Callable[[str, str, str], None]

TASK = """[[lab.task]]
id = "lab3.sigmoid"
title = "Write the VJP of sigmoid"
kind = "code"
points = 5
needs = ["lab3.record"]

[[lab.task]]
id = "lab3.written"
"""
RULE = '''def sigmoid_x(ops, g, z):
    """z = 1 / (1 + e⁻ˣ)"""
    # BEGIN SOLUTION lab3.sigmoid
    return g * z * (1 - z)
    # END SOLUTION


def pow_x('''
CELL = 'check("lab3.sigmoid")\n```\n\n```{code-cell} ipython3\ncheck("lab3.engine")'
CHECK = '''from autograder.checks.draws import normal
from autograder.checks.spec import check


@check("lab3.sigmoid", x=normal(3, 4), g=normal(3, 4))
def the_slope_comes_from_the_result(lib, x, g):
    """The gradient of sigmoid is g z (1 - z)."""
    z = lib.sigmoid(lib.tensor(x, requires_grad=True))
    return {"z": z, "grad of x": z.grad_fn(lib.tensor(g))}
'''
MISCONCEPTIONS = '''from autograder.misconceptions.spec import wrong


@wrong("lab3.sigmoid", blank="sigmoid_x")
def the_slope_alone(ops, g, z):
    """the slope is not multiplied by the gradient that arrives."""
    return z * (1 - z)


@wrong("lab3.sigmoid", blank="sigmoid_x")
def as_if_it_were_tanh(ops, g, z):
    """the rule of tanh is used."""
    return g * (1 - z * z)


@wrong("lab3.sigmoid", blank="sigmoid_x")
def one_factor_is_lost(ops, g, z):
    """the factor 1 - z is lost."""
    return g * z
'''


def _run(root: Path, *arguments: str) -> str:
    """What a command of the copy itself prints, in one line."""
    done = subprocess.run(
        [sys.executable, "-m", "autograder", *arguments],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root), "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )
    return " ".join((done.stdout + done.stderr).split())


def test_a_task_a_check_and_misconceptions_added_as_written_are_taken(
    reference: Path, edit: Edit
) -> None:
    edit("labs/course.toml", '[[lab.task]]\nid = "lab3.written"\n', TASK)
    edit("labs/course.toml", 'id = "lab3.engine"', 'id = "lab3.engine" # five points less')
    text = (reference / "labs/course.toml").read_text()
    before, after = text.split('id = "lab3.engine"')
    text = before + 'id = "lab3.engine"' + after.replace("points = 20", "points = 15", 1)
    (reference / "labs/course.toml").write_text(text)
    edit("labs/lab3-reverse-mode.md", 'check("lab3.engine")', CELL)
    refused = _run(reference, "release")
    for missing in ("blank", "check in autograder/checks/lab3", "misconception"):
        assert f"lab3.sigmoid has no {missing}" in refused

    edit("dltk/autograd/vjp_rules.py", "def pow_x(", RULE)
    edit(
        "dltk/autograd/given_vjps.py", '    "sigmoid": (lambda ops, g, z: g * z * (1 - z),),\n', ""
    )
    (reference / "autograder/checks/lab3/sigmoid.py").write_text(CHECK)
    (reference / "autograder/misconceptions/lab3/sigmoid.py").write_text(MISCONCEPTIONS)
    assert "5 of 5 points" in _run(reference, "check", "lab3.sigmoid")
    _run(reference, "release", "--to", "student")
    assert (reference / "student" / "course" / "recorded" / "lab3.msgpack").is_file()

    edit("dltk/autograd/vjp_rules.py", "return g * z * (1 - z)", "return g * z")
    told = _run(reference, "check", "lab3.sigmoid")
    assert "0 of 5 points" in told
    assert "Your answer is what you get if the factor 1 - z is lost" in told
