"""The table of dtypes: every answer is the library's, and torch's."""

import pytest

import dltk
from visuals import promotion

torch = pytest.importorskip("torch", reason="torch is not installed: it says what is right")


def test_dltk_and_torch_fill_the_same_table():
    ours, theirs = promotion(dltk), promotion(torch)
    assert ours.data == theirs.data
    assert ours.table == theirs.table


def test_every_pair_is_answered():
    counts = {kinds: len(pairs) for kinds, pairs in promotion(dltk).data["answers"].items()}
    assert sum(counts.values()) == (9 + 9 + 3) ** 2


def answer(figure):
    return figure.read("result"), figure.read("why")


@pytest.mark.slow
def test_the_figure_answers_and_gives_the_rule(opened):
    figure = opened(promotion(dltk))
    assert answer(figure) == (
        "float32",
        "a counts first, but the category of b is higher (float): a Python float brings the "
        "default, float32.",
    )
    figure.control("b is a").select_option("tensor of rank 0")
    assert figure.read("result") == "float64"
    figure.control("dtype of a").select_option("float16")
    assert answer(figure)[0] == "float16"
    assert "is not higher" in answer(figure)[1]
    figure.control("b is a").select_option("tensor with dimensions")
    assert answer(figure) == (
        "float64",
        "Both count alike and are of one category. The larger one wins: float64.",
    )
    figure.control("dtype of a").select_option("uint8")
    figure.control("dtype of b").select_option("int8")
    assert answer(figure) == (
        "int16",
        "Neither holds all values of both, so the next larger one does: int16.",
    )
    assert figure.errors == []


@pytest.mark.slow
def test_exchanging_the_operands_keeps_the_result(opened):
    figure = opened(promotion(dltk))
    before = figure.read("result")
    figure.page.get_by_role("button", name="Exchange a and b").press("Enter")
    assert figure.read("result") == before
    assert figure.control("a is a").input_value() == "Python number"


@pytest.mark.slow
def test_the_marked_cell_holds_the_result(opened):
    figure = opened(promotion(torch))
    for dtype in ("bool", "int64", "float16", "float64"):
        figure.control("dtype of a").press("Home")
        figure.control("dtype of a").select_option(dtype)
        marked = figure.page.locator('td span[aria-current="true"]')
        assert marked.count() == 1
        assert marked.inner_text().split()[-1] == figure.read("result")
