"""The training loop with removable parts: recorded runs, the wheel and the guessing."""

import math

import pytest

from visuals import training_loop

RUNS = {
    "nothing": {"losses": [2.0, 1.0, 0.6, 0.4], "accuracies": [0.6, 0.9]},
    "zero_grad": {"losses": [2.0, 0.5, 3.0, 0.0], "accuracies": [0.5, 0.7]},
    "step": {"losses": [2.0, 2.0, 2.1, 2.0], "accuracies": [0.1, 0.1]},
}


def test_the_table_holds_the_ends_of_each_run():
    rows = training_loop(RUNS, 2).table.rows
    assert rows[1] == ("zero_grad", 2.0, 0.0, 0.7)


def test_losses_without_end_are_left_out_of_the_data():
    wild = {**RUNS, "train": {"losses": [2.0, math.inf, math.nan], "accuracies": [0.1, 0.1]}}
    assert training_loop(wild, 2).data["runs"]["train"]["losses"] == [2.0, None, None]


@pytest.mark.parametrize("runs", [{}, {"step": RUNS["step"]}, {**RUNS, "coffee": RUNS["step"]}])
def test_runs_of_parts_that_the_loop_does_not_have_are_refused(runs):
    with pytest.raises(ValueError, match="training_loop needs"):
        training_loop(runs, 2)


@pytest.mark.slow
def test_a_part_that_is_left_out_shows_its_run_and_what_is_missing(opened):
    figure = opened(training_loop(RUNS, 2))
    assert (figure.read("loss"), figure.read("accuracy")) == ("0.500", "0.900")
    figure.control("leave out").select_option("zero_grad")
    assert (figure.read("loss"), figure.read("accuracy")) == ("1.500", "0.700")
    said = figure.page.locator("p[role=status]", has_text="zero_grad() is left out").first
    assert "adds to the old gradients" in said.inner_text()
    assert figure.page.locator("svg polyline.accent2").count() == 2
    assert figure.errors == []


@pytest.mark.slow
def test_the_wheel_is_walked_by_keys(opened):
    figure = opened(training_loop(RUNS, 2), width="narrow")
    figure.page.get_by_role("button", name="Next").press("ArrowRight")
    assert figure.page.get_by_text("model.train(): BatchNorm uses").count() >= 1
    figure.page.get_by_role("button", name="Next").press("End")
    assert figure.page.get_by_text("model.eval(): before measuring").count() >= 1


@pytest.mark.slow
def test_guesses_are_counted_and_the_answers_shown_on_request(opened):
    figure = opened(training_loop(RUNS, 2))
    assert figure.read("right") == "0 of 3"
    figure.page.get_by_role("button", name="Show all").click()
    shown = figure.page.locator("p[role=status]", has_text="A: ").inner_text()
    for part in shown.split("; "):
        letter, _, said = part.partition(": ")
        name = "nothing" if said == "nothing left out" else said.removeprefix("without ")
        figure.control(f"{letter} is without").select_option(name)
    figure.page.get_by_role("button", name="Check").click()
    assert figure.read("right") == "3 of 3"
