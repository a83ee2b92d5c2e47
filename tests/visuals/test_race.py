"""Optimizers race on a surface: by torch's steps, from any start, at any rate."""

import math

import pytest

import dltk
from visuals import race, race_of_runs
from visuals.surfaces import SURFACES, descent, height, optimizers

PLAIN = {
    "SGD": [0.8, 0.64, 0.512, 0.4096, 0.32768],
    "momentum": [0.8, 0.46, 0.062, -0.3086, -0.58042],
    "Nesterov": [0.62, 0.2224, -0.108352, -0.324823, -0.415718],
    "Adam": [0.9, 0.800412, 0.701586, 0.603939, 0.507964],
    "AdamW": [0.899, 0.798519, 0.698911, 0.600599, 0.50408],
}
FAST = {"RMSprop": [0.9, 0.832918, 0.779982, 0.735389, 0.696466]}


@pytest.mark.parametrize("name", [*PLAIN, *FAST])
def test_recorded_points_are_the_steps_of_the_course(name):
    lr = 0.01 if name in FAST else 0.1
    made = optimizers(dltk, lr, 0.9)[name]
    points = descent(dltk, "x**2", (1.0, 0.0), made, 5)
    assert [round(x, 6) for x, _ in points[1:]] == {**PLAIN, **FAST}[name]


def test_dltk_and_torch_record_the_same_race():
    torch = pytest.importorskip("torch", reason="torch is not installed: nothing to compare with")
    ours, theirs = race(dltk).data["recorded"], race(torch).data["recorded"]
    for name, points in ours.items():
        for mine, other in zip(points, theirs[name], strict=True):
            assert mine == pytest.approx(other, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("formula", ["x +", "z", "__import__('os')", "x.real", "max(x, y)", "'a'"])
def test_what_is_no_formula_is_refused(formula):
    with pytest.raises(ValueError, match="no formula"):
        race(dltk, formula)


def test_a_diverging_run_ends_where_numbers_end():
    figure = race(dltk, "bowl", lr=1e30, steps=50)
    assert 1 < len(figure.data["recorded"]["SGD"]) < 51
    assert "inf" not in repr(figure)
    figure._repr_html_()


def test_runs_of_ones_own_are_kept_and_unusable_losses_left_out():
    figure = race_of_runs({"a": [2.0, 1.0], "b": [2.0, math.inf, math.nan]})
    assert figure.data["runs"] == {"a": [2.0, 1.0], "b": [2.0, None, None]}
    with pytest.raises(ValueError, match="needs runs"):
        race_of_runs({"a": []})


def minus(text):
    return text.replace("\N{MINUS SIGN}", "-")


@pytest.mark.slow
@pytest.mark.parametrize("name", SURFACES)
def test_the_figure_walks_as_dltk_does_on_each_surface(opened, name):
    figure = opened(
        race(dltk, name, names=("SGD", "momentum", "Nesterov", "RMSprop", "Adam", "AdamW"), lr=0.01)
    )
    assert figure.read("difference") == "0.000000000"
    assert figure.errors == []


@pytest.mark.slow
def test_a_run_from_elsewhere_is_not_said_to_agree_with_the_recorded_one(opened):
    figure = opened(race(dltk, "bowl"))
    agreement = figure.page.get_by_text("difference to your run:")
    assert agreement.is_visible()
    figure.control("start x").fill("1")
    figure.control("start x").press("Enter")
    assert not agreement.is_visible()


@pytest.mark.slow
@pytest.mark.parametrize("name", [*PLAIN, *FAST])
def test_the_figure_makes_the_steps_of_the_course(opened, name):
    lr = 0.01 if name in FAST else 0.1
    figure = opened(race(dltk, "x**2", names=(name,), lr=lr, start=(1.0, 0.0), steps=5))
    steps = []
    for step in range(1, 6):
        figure.drag("step", step)
        steps.append(float(figure.read(f"{name}.x")))
    assert steps == {**PLAIN, **FAST}[name]


@pytest.mark.slow
def test_a_rate_past_two_by_the_curvature_diverges(opened):
    visual = race(dltk, "bowl", names=("SGD",), lr=0.02, steps=30)
    figure = opened(visual)
    rates = visual.data["rates"]
    found = {}
    for rate in (0.02, 0.5, 0.9, 1.0, 1.1):
        figure.drag("learning rate", rates.index(rate))
        found[rate] = figure.read("SGD.so far")
    assert found[0.02] == "on its way"
    assert found[0.5] == "below 1 % since step 1"
    assert found[0.9].startswith("below 1 %")
    assert found[1.1] == "diverged"
    figure.drag("learning rate", rates.index(0.5))
    figure.control("learning rate").press("ArrowRight")
    assert figure.read("SGD.so far") == "below 1 % since step 2"


@pytest.mark.slow
def test_a_formula_typed_by_the_reader_is_walked_by_its_own_gradient(opened):
    typed = "x**2/4 + sin(2*y)*exp(-x/3) + log(3 + y^2) - sqrt(x^2 + 1)/(2 + y**2)"
    figure = opened(race(dltk, "bowl", names=("SGD",), lr=0.1, start=(-1.5, 1.2), steps=40))
    figure.control("formula in x and y").fill(typed)
    figure.control("formula in x and y").press("Enter")
    made = optimizers(dltk, 0.1, 0.9)["SGD"]
    x, y = descent(dltk, typed.replace("^", "**"), (-1.5, 1.2), made, 40)[-1]
    assert float(figure.read("SGD.x")) == pytest.approx(x, abs=1e-6)
    assert float(figure.read("SGD.y")) == pytest.approx(y, abs=1e-6)
    value = height(
        dltk, typed.replace("^", "**"), *(dltk.tensor(v, dtype=dltk.float64) for v in (x, y))
    )
    assert float(figure.read("SGD.loss")) == pytest.approx(value.item(), abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("formula", ["x +", "q", "x**y", "sin x", "(x", "x) y"])
def test_a_formula_that_cannot_be_read_is_named_and_changes_nothing(opened, formula):
    figure = opened(race(dltk, "bowl", names=("SGD",), lr=0.1))
    before = figure.read("SGD.loss")
    figure.control("formula in x and y").fill(formula)
    figure.control("formula in x and y").press("Enter")
    assert figure.page.locator("p.bad").inner_text() != ""
    assert figure.read("SGD.loss") == before
    assert figure.errors == []


@pytest.mark.slow
def test_a_click_moves_the_start_and_optimizers_can_be_hidden(opened):
    figure = opened(race(dltk, "bowl"))
    lines = figure.page.locator("svg polyline.accent2")
    shown = lines.count()
    figure.page.locator("svg[aria-label^='Lines of equal height']").click(
        position={"x": 250, "y": 80}
    )
    assert figure.control("start x").input_value() != "-2"
    figure.control("momentum").uncheck()
    assert lines.count() < shown


@pytest.mark.slow
def test_runs_of_ones_own_are_ordered_by_their_loss_at_the_chosen_step(opened):
    figure = opened(race_of_runs({"early": [3.0, 1.0, 1.0], "late": [3.0, 2.0, 0.5]}))
    first = figure.page.locator("caption:has-text('The lowest first') ~ tbody td").first
    assert "late" in first.inner_text()
    figure.drag("step", 1)
    assert "early" in first.inner_text()
    assert figure.read("late.loss") == "2.0000"
    figure.drag("mean over", 2)
    assert figure.read("late.loss") == "2.5000"


def test_runs_of_ones_own_ask_who_leads_early():
    runs = {"slow": [3.0] * 5 + [0.1] * 5, "fast": [3.0, 2.0, 1.0] + [0.5] * 7, "one": [4.0] * 10}
    asked = race_of_runs(runs).predict
    assert "after 2 steps" in asked.question
    assert asked.choices[asked.answer] == "fast"
    assert race_of_runs({"alone": [2.0, 1.0]}).predict is None


@pytest.mark.slow
def test_a_start_without_a_value_is_refused_and_the_old_one_stays(opened):
    figure = opened(race(dltk, "sqrt(x + 3) + y * y", start=(1.0, 0.5)))
    before = figure.read("SGD.loss")
    figure.control("start x").fill("-5")
    figure.control("start x").press("Tab")
    assert "no value at (-5" in figure.page.locator("p.bad").inner_text()
    assert figure.control("start x").input_value() == "1"
    assert figure.read("SGD.loss") == before
