"""Lecture 07 shows the numbers it teaches, on the reference and in a blank workspace."""

import math
import re

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: the lecture stands beside it")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("lecture-07")]
NAME = "07-nn"


def lines(executed, start):
    return [line for line in executed.printed.splitlines() if line.startswith(start)]


def test_it_runs_without_a_complaint(executed):
    assert executed.complaints == ""


def test_both_ways_of_computing_print_the_same(on_the_reference, in_a_blank_workspace):
    ours, theirs = (
        run.printed.splitlines()[1:] for run in (on_the_reference, in_a_blank_workspace)
    )
    assert ours == theirs


def test_a_weight_has_a_row_for_each_output_and_any_batch_goes_in(executed):
    assert "weight (2, 3)  bias (2,)" in executed.printed
    assert "input (4, 5, 3) -> output (4, 5, 2)" in executed.printed
    assert "input (3,) -> output (2,)" in executed.printed


def test_networks_have_the_parameters_one_counts(executed):
    assert "(64, 32, 10) [2048, 32, 320, 10] together 2410" in executed.printed
    assert "(784, 512, 10) [401408, 512, 5120, 10] together 407050" in executed.printed


def test_a_layer_in_a_plain_list_does_not_learn_and_nothing_complains(executed):
    ends = {
        line.split()[0]: [float(number) for number in re.findall(r"\d+\.\d+", line)]
        for line in lines(executed, ("Careless  2", "Careful   6"))
    }
    assert ends["Careless"][0] == ends["Careful"][0]
    assert ends["Careless"][1] > 1.5
    assert ends["Careful"][1] < 0.1
    (hidden,) = lines(executed, "Careless  gradient")
    assert "gradient of the hidden layer: True; saved names: 2" in hidden
    assert hidden.endswith("float32")


def test_the_layer_of_ones_own_has_the_numbers_of_the_course(executed):
    for line in (
        "output      [[7.932949, 11.393762], [15.451524, 22.656837]]",
        "weight.grad [[4.306952, 4.306952], [6.359174, 6.359174]]",
        "bias.grad   [1.711409, 2.414122]",
        "x.grad      [[2.44949, 6.26099], [2.919986, 6.790998]]",
        "falls in every step: True",
    ):
        assert line in executed.printed


def test_its_pitfalls_are_shown(executed):
    assert "memory nobody wrote to: [[nan, nan, nan], [nan, nan, nan]]" in executed.printed
    assert "root nan, slope by b nan" in executed.printed
    assert "root 0.0000, slope by b inf" in executed.printed
    assert "unsupported operand type(s) for +: 'Tensor' and 'NoneType'" in executed.printed


def test_rounding_passes_nothing_unless_a_function_says_so(executed):
    assert "round            value [1.0, 3.0], gradient [0.0, 0.0]" in executed.printed
    assert "straight through value [1.0, 3.0], gradient [1.0, 1.0]" in executed.printed
    assert "calls of Module.backward: 0" in executed.printed


def test_dropout_as_a_function_stays_on(executed):
    assert "Dropout    training=False, values after eval(): [1.0]" in executed.printed
    assert "ByFunction training=False, values after eval(): [0.0, 2.0]" in executed.printed


def test_activations_have_the_values_and_slopes_of_the_course(executed):
    rows = [
        [float(each) for each in re.findall(r"-?\d+\.\d+", line)]
        for line in lines(executed, tuple(f"x = {x:2}  " for x in (-3, -1, 0, 1, 3)))
    ]
    sigmoid = [0.047426, 0.045177, 0.268941, 0.196612, 0.5, 0.25, 0.731059, 0.196612]
    assert [each for row in rows for each in row[:2]] == [*sigmoid, 0.952574, 0.045177]
    tanh = [-0.995055, 0.009866, -0.761594, 0.419974, 0.0, 1.0, 0.761594, 0.419974]
    assert [each for row in rows for each in row[2:4]] == [*tanh, 0.995055, 0.009866]
    assert [each for row in rows for each in row[4:]] == [0, 0, 0, 0, 0, 0, 1, 1, 3, 1]
    assert "tanh x = 2 sigmoid(2x) - 1: True" in executed.printed
    assert "active for 0 of 600 images; largest gradient of a weight: 0.0" in executed.printed


def test_first_weights_have_the_size_that_is_named(executed):
    assert "default: 0.577 / sqrt(n), and 1 / sqrt(3) is 0.577" in executed.printed
    assert "kaiming: 1.41" in executed.printed


def test_losses_have_the_numbers_of_the_course(executed):
    assert "equal numbers, unequal shapes: 2.5" in executed.printed
    assert "loss 0.417030" in executed.printed
    assert "softmax  [0.659001, 0.242433, 0.098566]" in executed.printed
    assert "gradient [-0.340999, 0.242433, 0.098566]" in executed.printed
    assert "loss with softmax applied twice: 0.802121" in executed.printed


def test_a_second_softmax_keeps_the_loss_above_its_floor(executed):
    ends = {
        line.split()[3].rstrip(":"): float(line.split()[-1])
        for line in lines(executed, "model ends in")
    }
    assert ends["softmax"] > math.log(1 + 9 / math.e)
    assert ends["logits"] == ends["log_softmax"] < 0.2


def test_a_sure_and_wrong_answer_still_teaches_through_the_logit(executed):
    assert [line.split("loss")[1].split() for line in lines(executed, "z = ")] == [
        ["100.0,", "slope", "0.0"],
        ["20.0,", "slope", "1.0"],
        ["100.0,", "slope", "0.0"],
        ["200.0,", "slope", "-1.0"],
    ]


def test_the_figures_show_the_readers_own_run(executed):
    shown = "".join(data["text/html"] for data in executed.shown if "text/html" in data)
    for name in ("module_tree", "flow", "logits"):
        assert f'data-visual="{name}"' in shown
