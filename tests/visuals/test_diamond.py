"""The towers of diamonds: both walks are counted as real ones are."""

import pytest

import dltk
from visuals import diamond
from visuals.figures.diamond import each_once, every_path


def tower(lib, depth):
    x = lib.tensor(1.0, dtype=lib.float64, requires_grad=True)
    y = x
    for _ in range(depth):
        y = y * 1 + y * 2
    return x, y


def below(node):
    return [each for each, _ in node.next_functions if each is not None]


def visits_of_a_recursion(node):
    return 1 + sum(map(visits_of_a_recursion, below(node)))


@pytest.mark.parametrize("depth", range(1, 9))
def test_the_counts_are_those_of_a_walk_over_a_recorded_graph(depth):
    x, y = tower(dltk, depth)
    assert visits_of_a_recursion(y.grad_fn) == every_path(depth)
    seen, waiting = set(), [y.grad_fn]
    while waiting:
        node = waiting.pop()
        seen.add(node)
        waiting.extend(below(node))
    assert len(seen) == each_once(depth)
    y.backward()
    assert x.grad.item() == 3**depth


def test_visits_grow_as_two_to_the_power_of_the_depth():
    assert every_path(25) == 4 * 2**25 - 3
    assert each_once(25) == 76


def test_a_tower_that_cannot_be_drawn_is_refused():
    for depth in (0, 26):
        with pytest.raises(ValueError, match="1 to 25 diamonds"):
            diamond(depth)


@pytest.mark.slow
@pytest.mark.parametrize("depth", [1, 2, 4])
def test_both_walks_end_at_the_slope_and_the_counts(opened, depth):
    figure = opened(diamond(depth))
    figure.page.get_by_role("button", name="Last").click()
    assert figure.read("naive-visits") == figure.read("naive-total") == str(every_path(depth))
    assert figure.read("engine-visits") == figure.read("engine-total") == str(each_once(depth))
    assert figure.read("naive-gradient") == figure.read("engine-gradient") == str(3**depth)
    assert figure.errors == []


@pytest.mark.slow
def test_visiting_at_the_first_share_is_right_for_one_diamond_and_wrong_for_two(opened):
    figure = opened(diamond(1))
    figure.control("the first walk").select_option("first")
    figure.page.get_by_role("button", name="Last").click()
    assert (figure.read("naive-gradient"), figure.read("engine-gradient")) == ("3", "3")
    figure.drag("diamonds", 2)
    figure.page.get_by_role("button", name="Last").click()
    assert (figure.read("naive-gradient"), figure.read("engine-gradient")) == ("3", "9")
    assert "The first walk is wrong" in figure.page.locator(".stage").inner_text()


@pytest.mark.slow
def test_the_slider_goes_to_twenty_five_by_keyboard(opened):
    figure = opened(diamond(3, counted={1: 5, 2: 13}), width="narrow", theme="dark")
    figure.control("diamonds").focus()
    figure.page.keyboard.press("End")
    assert figure.read("naive-total") == "134,217,725"
    assert figure.read("engine-total") == "76"
    assert figure.page.evaluate("document.documentElement.scrollWidth") <= 400
    figure.page.keyboard.press("Home")
    figure.page.get_by_role("button", name="First").focus()
    for _ in range(5):
        figure.page.keyboard.press("ArrowRight")
    assert figure.read("naive-visits") == "5"
    assert figure.errors == []
