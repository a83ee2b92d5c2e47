"""What holds of lab 3 alone: its programs under torch, and its notebook."""

import os
import re
import warnings
from pathlib import Path

import jupytext
import numpy as np
import pytest

from autograder import checks, misconceptions
from autograder.worker.canonical import canonical
from autograder.worker.kit import Kit

torch = pytest.importorskip("torch", reason="torch is not installed: the programs run under it")
ROOT = Path(__file__).parents[2]
CHECKS = checks.load("lab3")
SEEDS = 20


def answer(check, seed, lib=torch):
    space = {}
    exec(check.source, space)
    kit = [Kit("")] if check.takes_kit else []
    inputs = check.inputs(np.random.RandomState(seed))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return canonical(space[check.name](lib, *kit, **inputs), lib)


def leaves(value, wanted):
    """Every value in a result that is `wanted(value)`, in its order."""
    if isinstance(value, dict | list):
        children = value.values() if isinstance(value, dict) else value
        return [leaf for child in children for leaf in leaves(child, wanted)]
    return [value] if wanted(value) else []


def arrays(value):
    return leaves(value, lambda leaf: isinstance(leaf, np.ndarray))


def verdicts(value):
    return leaves(value, lambda leaf: not isinstance(leaf, np.ndarray))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_what_is_no_array_does_not_depend_on_the_draw(check):
    """Names, orders, flags and error classes are one answer for all inputs: no unlucky draw."""
    first = verdicts(answer(check, 0))
    for seed in range(1, SEEDS):
        assert verdicts(answer(check, seed)) == first


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_no_gradient_is_nan(check):
    for array in arrays(answer(check, 5)):
        assert not np.isnan(array).any()


def test_every_task_has_five_to_ten_checks():
    for task in {check.task for check in CHECKS}:
        assert 5 <= sum(check.task == task for check in CHECKS) <= 10, task


def test_what_the_rules_file_says_of_ops_is_in_both_of_them():
    from dltk.autograd import vjp_rules
    from dltk.backends.arrays import ArrayOps
    from dltk.ops import namespace

    listed = vjp_rules.__doc__.partition("In `ops` there are")[2].partition("A docstring")[0]
    names = set(re.findall(r"`(\w{2,})[`(]", listed))
    assert len(names) > 15
    for ops in (ArrayOps(np), namespace):
        assert {name for name in names if not callable(getattr(ops, name, None))} == set()


def test_every_task_has_a_different_right_solution():
    known = misconceptions.load("lab3")
    for task in {check.task for check in CHECKS}:
        own = [item for item in known if item.task == task]
        assert any(item.right for item in own), task


def test_a_misconceptions_sentence_completes_what_you_get_if():
    for item in misconceptions.load("lab3"):
        if not item.right:
            assert item.sentence[0].islower() or item.sentence.startswith("."), item.id
            assert item.sentence.endswith("."), item.id


@pytest.mark.slow
def test_a_graph_of_100_000_nodes_goes_backward():
    import dltk

    x = dltk.tensor([1.0, -2.0], dtype=dltk.float64, requires_grad=True)
    out = x
    for _ in range(100_000):
        out = -out
    (out + x).backward(dltk.tensor([3.0, 4.0], dtype=dltk.float64))
    assert x.grad.tolist() == [6.0, 8.0]


@pytest.fixture(scope="module")
def notebook():
    return jupytext.read(ROOT / "labs" / "lab3-reverse-mode.md")


def code_of(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_every_picture_of_the_notebook_has_a_text(notebook):
    drawing = [cell for cell in code_of(notebook) if re.search(r"^plt\.show\(", cell.source, re.M)]
    assert len(drawing) == 9
    for cell in drawing:
        assert len(cell.metadata["mystnb"]["image"]["alt"]) > 60, cell.source


def test_the_engine_has_three_folded_hints_and_every_task_one(notebook):
    text = "\n".join(cell.source for cell in notebook.cells)
    sections = [text.split(f"\n## {n} ")[1].split("\n## ")[0] for n in range(1, 9)]
    hints = [section.count("<details><summary>Hint") for section in sections]
    assert min(hints) >= 1
    assert hints[2] == 3


def test_every_section_asks_before_it_shows(notebook):
    text = "\n".join(cell.source for cell in notebook.cells)
    for n in range(1, 9):
        section = text.split(f"\n## {n} ")[1].split("\n## ")[0]
        assert "**Predict**" in section
        assert section.index("**Predict**") < section.index("**Write**")


@pytest.mark.slow
def test_the_notebook_runs_from_top_to_bottom_and_ends_as_torch(notebook, monkeypatch):
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    place = {"metadata": {"path": os.fspath(ROOT / "labs")}}
    client = nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3", resources=place)
    client.execute()
    printed = "".join(
        output.get("text", "") for cell in code_of(notebook) for output in cell.outputs
    )
    last = "".join(output.get("text", "") for output in code_of(notebook)[-1].outputs)
    assert last.count("as torch") == 8
    for number in ("loss 29.000000", "loss 13.576400", "loss 6.364574", "loss 0.688238"):
        assert number in printed
    assert "Computed through torch" not in printed
