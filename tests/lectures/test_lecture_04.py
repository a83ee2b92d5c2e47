"""Lecture 04 runs on the reference and in a blank workspace, with the numbers it teaches."""

import math
import re
import textwrap
from pathlib import Path

import jupytext
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: the lecture stands beside it")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("lecture-04")]

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def on_the_reference(run_lecture):
    return run_lecture(ROOT, "04-reverse-mode")


@pytest.fixture(scope="module")
def in_a_blank_workspace(run_lecture, blank_workspace):
    return run_lecture(blank_workspace, "04-reverse-mode")


@pytest.fixture(params=["on_the_reference", "in_a_blank_workspace"])
def executed(request):
    return request.getfixturevalue(request.param)


def after(executed, words):
    """What a printed line says after `words`."""
    return re.search(rf"^{re.escape(words)} *(.*)$", executed.printed, re.MULTILINE)[1]


def test_it_runs_without_a_complaint(executed):
    assert executed.complaints == ""


def test_it_says_what_computes(on_the_reference, in_a_blank_workspace):
    assert "Computed by dltk." in on_the_reference.printed
    assert "Computed through torch" in in_a_blank_workspace.printed


def test_the_shared_value_gets_both_shares(executed):
    both = f"{math.log(7) + 1:.6f}"
    assert after(executed, "g(2, 5) =") == f"{7 * math.log(7):.6f}, gradient ({both}, {both})"
    assert after(executed, "by hand:  ln 7 + 1 =") == both


def test_the_tape_gives_the_numbers_of_the_course(executed):
    assert after(executed, "y =") == "11.652071, gradient (5.500000, 1.716338)"
    assert after(executed, "f:") == "[5.5, 1.716338]"


def test_eight_of_all_orders_are_right_and_they_are_the_lawful_ones(executed):
    assert "8 of 120 orders give the right gradient:" in executed.printed
    assert "they are those in which every line comes after all its users: True" in executed.printed


def test_visits_on_every_path_double_and_the_nodes_grow_by_three(executed):
    lines = re.findall(
        r"^ *(\d+) diamonds: +(\d+) visits on every path, +(\d+) nodes$",
        executed.printed,
        re.MULTILINE,
    )
    for depth, visits, nodes in [tuple(map(int, line)) for line in lines]:
        assert visits == 4 * 2**depth - 3
        assert nodes == 3 * depth + 1
    assert len(lines) == 5
    assert f"slope of 25 diamonds: {3**25}, and" in executed.printed


def test_every_path_would_take_far_longer_than_the_engine(executed):
    assert int(after(executed, "every path through 25 diamonds would take about").split()[0]) > 5
    assert int(after(executed, "through 60 diamonds about").split()[0]) > 1_000


def test_dltk_and_torch_visit_the_same_nodes_in_the_same_order(executed):
    order = "MulBackward0 with 1.000000, then LogBackward0 with 7.000000, then AddBackward0 with"
    assert after(executed, "dltk:") == after(executed, "torch:") == f"{order} 2.945910"
    last = executed.printed.splitlines()[-1]
    assert last == "the same nodes, in the same order, with the same gradients: True"


def test_a_deep_graph_stops_a_recursion_and_not_the_engine(executed):
    assert "RecursionError: maximum recursion depth exceeded" in executed.printed
    assert "20,000 nodes and no recursion: 20001.0" in executed.printed


def test_gradients_add_at_each_of_the_four_places(executed):
    assert after(executed, "shares of x:") == "[4.0, 4.0, 4.0]"
    assert after(executed, "4.0  8.0") == "12.0  "
    assert after(executed, "after emptying:") == "4.0"
    assert after(executed, "bias.grad:") == "[15.0, 18.0, 21.0, 24.0]"


def test_the_mean_of_two_y_squared_is_taken_apart(executed):
    assert after(executed, "out =") == "8.0"
    assert after(executed, "d out / d z =") == "[[0.25, 0.25], [0.25, 0.25]]"
    assert after(executed, "d out / d x =") == "[[2.0, 2.0], [2.0, 2.0]]"


def test_folding_and_repeating_fit_together(executed):
    left, right = after(executed, "left").split(", right ")
    assert left == right


def test_a_write_is_refused_where_a_rule_needs_what_it_destroyed(executed):
    answers = re.findall(r"^version 0 to 1: (.*)$", executed.printed, re.MULTILINE)
    assert answers[0] == str([round(2 * math.cos(1), 6)] * 3)
    assert answers[1].startswith("RuntimeError: one of the variables needed for gradient")
    assert answers[2] == "[2.0, 2.0, 2.0]"
    assert "RuntimeError: a leaf Variable that requires grad" in executed.printed


def test_a_graph_is_walked_twice_only_where_nothing_was_lost(executed):
    printed = executed.printed.splitlines()
    refused = next(
        at for at, line in enumerate(printed) if line.startswith("RuntimeError: Trying to backward")
    )
    assert printed[refused + 1 : refused + 3] == ["12.0", "4.0"]


def test_the_figures_hold_the_run_of_the_lecture(executed):
    pages = [data.get("text/html", "") for data in executed.shown]
    operated = [name for page in pages for name in re.findall(r'data-visual="(\w+)"', page)]
    assert operated == ["trace_stepper", "diamond", "graph_explorer", "unbroadcast"]
    diamond = next(page for page in pages if 'data-visual="diamond"' in page)
    assert '"counted": [[1, 5], [2, 13], [3, 29]' in diamond


def test_the_solutions_print_what_their_texts_say(capsys, monkeypatch):
    import matplotlib

    matplotlib.use("agg")
    monkeypatch.chdir(ROOT)
    text = (ROOT / "lectures" / "04-reverse-mode.md").read_text(encoding="utf-8")
    names = {"__name__": "lecture_04_solutions"}
    for cell in jupytext.reads(text, fmt="md:myst").cells:
        if cell.cell_type == "code":
            exec(cell.source, names)
    capsys.readouterr()
    for solution in re.findall(r"<summary>Solution</summary>(.*?)</details>", text, re.DOTALL):
        for code in re.findall(r"(?:^ {4}.*\n|^\n)+", solution, re.MULTILINE):
            exec(textwrap.dedent(code), names)
    printed = capsys.readouterr().out.splitlines()
    assert "3 of 24" in printed
    assert [line for line in printed if re.fullmatch(r"\d \d+", line)] == ["1 8", "2 29", "3 92"]
    assert "3 of 5 lines" in printed
    assert "0.142857 is 1/7" in printed
    assert str([[[20.0] * 3], [[20.0] * 3]]) in printed
