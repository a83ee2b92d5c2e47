"""The two machines compute what the loop computes, and differ in what each can see."""

import pytest

import dltk
from visuals import defined_or_run
from visuals.figures.defined_or_run import passes_until, repeated


def test_the_numbers_of_the_figure_are_those_of_a_framework():
    start, w, b = (dltk.tensor(v, dtype=dltk.float64) for v in (1.0, 2.0, 0.5))
    for passes, value, _ in defined_or_run().table.rows:
        assert repeated(start, w, b, passes).item() == value


def test_the_data_decide_how_often_the_loop_runs():
    assert [passes_until(limit, 1.0, 2.0, 0.5) for limit in (0.5, 1.0, 5.5, 10.0)] == [0, 1, 3, 3]


def to_the_end(page):
    page.page.get_by_role("button", name="Last").click()


@pytest.mark.slow
@pytest.mark.parametrize("limit", [2, 5, 10, 30])
def test_a_fixed_length_is_right_only_where_it_happens_to_fit(opened, limit):
    page = opened(defined_or_run())
    page.drag("limit (from the data)", limit)
    to_the_end(page)
    passes = passes_until(limit, 1.0, 2.0, 0.5)
    assert page.read("wanted") == str(passes)
    assert page.read("right-result") == f"{repeated(1.0, 2.0, 0.5, passes):.3f} ✓"
    fixed = f"{repeated(1.0, 2.0, 0.5, 3):.3f}"
    fits = passes == 3
    assert page.read("left-result") == fixed + (" ✓" if fits else " (not what the data ask for)")
    page.control("left: a loop that is a node").check()
    to_the_end(page)
    assert page.read("left-result") == page.read("right-result")
    assert page.errors == []
    assert page.requests == []


@pytest.mark.slow
def test_the_defined_graph_sees_the_unused_line_and_no_number(opened):
    page = opened(defined_or_run(), theme="dark", width="narrow")
    page.control("a line that nobody uses").check()
    page.page.get_by_role("button", name="Next").focus()
    page.page.keyboard.press("End")
    assert page.read("left-operations") == "6"
    assert page.read("right-operations") == "9"
    assert page.read("left-printed") == "Symbol(add_1) Symbol(add_2) Symbol(add_3)"
    assert page.read("right-printed") == "2.500 5.500 11.500"
