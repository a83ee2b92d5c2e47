"""What holds of lab 1 alone: its programs under torch, and its notebook."""

import ast
import os
from pathlib import Path

import jupytext
import numpy as np
import pytest

from autograder import checks, misconceptions, session, variants
from autograder.answers import Round
from autograder.course import Course
from autograder.worker.canonical import canonical
from autograder.worker.kit import Kit

torch = pytest.importorskip("torch", reason="torch is not installed: the programs run under it")
ROOT = Path(__file__).parents[2]
CHECKS = checks.load("lab1")


@pytest.fixture(scope="module")
def notebook():
    return jupytext.read(ROOT / "labs" / "lab1-tensors.md")


def answer(check, seed, lib=torch):
    space = {}
    exec(check.source, space)
    kit = [Kit("")] if check.takes_kit else []
    return canonical(space[check.name](lib, *kit, **check.inputs(np.random.RandomState(seed))), lib)


def arrays(value):
    """Every array in a result, in its order."""
    if isinstance(value, np.ndarray):
        return [value]
    if not isinstance(value, dict | list):
        return []
    children = value.values() if isinstance(value, dict) else value
    return [array for child in children for array in arrays(child)]


def same(left, right):
    return len(left) == len(right) and all(map(np.array_equal, left, right))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_the_arrays_of_a_check_depend_on_its_inputs(check):
    first = arrays(answer(check, 0))
    assert first
    assert not same(first, arrays(answer(check, 1)))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_the_same_inputs_give_the_same_answer(check):
    first, again = answer(check, 3), answer(check, 3)
    assert same(arrays(first), arrays(again))
    assert repr(first) == repr(again)


def test_the_programs_leave_the_default_dtype_of_torch_alone():
    before = torch.get_default_dtype()
    for check in CHECKS:
        answer(check, 0)
        assert torch.get_default_dtype() is before, check.id


def test_every_task_has_five_to_ten_checks():
    for task in {check.task for check in CHECKS}:
        assert 5 <= sum(check.task == task for check in CHECKS) <= 10, task


def test_every_picture_of_the_notebook_has_a_text(notebook):
    drawing = [cell.source for cell in notebook.cells if "plt.subplots(" in cell.source]
    assert drawing
    for source in drawing:
        assert "plt.show" not in source
        shown = [
            node
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "show"
        ]
        assert [len(call.args) for call in shown] == [2] * source.count("plt.subplots("), source


def test_view_has_three_folded_hints(notebook):
    text = "\n".join(cell.source for cell in notebook.cells)
    section = text.split("## 4 ")[1].split("## 5 ")[0]
    assert section.count("<details><summary>Hint") == 3


def test_the_last_program_of_the_notebook_is_the_same_under_dltk(notebook):
    import dltk

    program = defined(notebook, "program")
    mine, torchs = program(dltk), program(torch)
    assert list(mine) == list(torchs)
    for name in torchs:
        assert mine[name].tolist() == torchs[name].tolist(), name
        assert mine[name].stride() == torchs[name].stride(), name
        assert str(mine[name].dtype)[5:] == str(torchs[name].dtype)[6:], name


def test_the_table_of_2020_becomes_numbers(notebook):
    count = defined(notebook, "count")
    assert [count(text) for text in ("8.5K", "145K", "10K", "2496")] == [8500, 145000, 10000, 2496]


def defined(notebook, name):
    """The function of that name that a cell of the notebook defines."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            for node in ast.parse(cell.source).body:
                if isinstance(node, ast.FunctionDef) and node.name == name:
                    space = {}
                    exec(ast.unparse(node), space)
                    return space[name]
    raise AssertionError(f"no cell defines {name}")


@pytest.mark.slow
def test_the_notebook_runs_from_top_to_bottom(notebook, monkeypatch):
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    place = {"metadata": {"path": os.fspath(ROOT / "labs")}}
    client = nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3", resources=place)
    client.execute()
    printed = "".join(
        output.get("text", "")
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )
    assert "NOT as torch" not in printed
    assert printed.count("as torch") == 8


@pytest.mark.slow
def test_each_misconception_is_told_by_its_own_sentence():
    course = Course.find(ROOT)
    answers = Round(course, "lab1", bytes(32))
    for item in misconceptions.load("lab1", course):
        if item.right:
            continue
        files = variants.with_misconception(course, item)
        record = session.grade(course, "lab1", files, answers, tasks=[item.task])
        told = {check["diagnosis"] for check in record["tasks"][0]["checks"]}
        assert any(text and text.endswith(item.sentence[1:]) for text in told), item.id
