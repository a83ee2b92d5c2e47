"""Lecture 09 teaches numbers that its cells print, on the reference and in a blank workspace."""

import re
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: the lecture stands beside it")

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("lecture-09")]


@pytest.fixture(scope="module")
def on_the_reference(run_lecture):
    return run_lecture(ROOT, "09-layers")


@pytest.fixture(scope="module")
def in_a_blank_workspace(run_lecture, blank_workspace):
    return run_lecture(blank_workspace, "09-layers")


@pytest.fixture(params=["on_the_reference", "in_a_blank_workspace"])
def printed(request):
    return request.getfixturevalue(request.param).printed


def test_both_runs_print_the_same(on_the_reference, in_a_blank_workspace):
    ours, theirs = (
        each.printed.splitlines()[1:] for each in (on_the_reference, in_a_blank_workspace)
    )
    assert ours == theirs
    assert on_the_reference.printed.startswith("Computed by dltk.")
    assert in_a_blank_workspace.printed.startswith("Computed through torch: lab1.strides")


@pytest.mark.parametrize(
    "rows",
    [
        "[34.0, 44.0, 54.0]\n[74.0, 84.0, 94.0]\n[114.0, 124.0, 134.0]",
        "[0.0, 11.0, 9.0]\n[40.0, 84.0, 40.0]\n[24.0, 41.0, 15.0]",
        "[16.0, 26.0, 36.0]\n[56.0, 66.0, 76.0]\n[96.0, 106.0, 116.0]",
        "kernel: [[45.0, 54.0], [81.0, 90.0]]\nimage:  [1.0, 3.0, 3.0, 2.0]",
        "image:  [4.0, 10.0, 10.0, 6.0]\nimage:  [3.0, 7.0, 7.0, 4.0]",
        "max:     [[5.0, 7.0], [13.0, 15.0]]",
        "after the convolution: (1, 64, 112, 112)\nafter the pooling: (1, 64, 56, 56)",
        "padding_mode = zeros",
    ],
)
def test_sliding_gives_the_numbers_of_the_course(printed, rows):
    assert rows in printed


def test_loops_and_layer_agree_for_every_setting(printed):
    assert printed.count("same numbers: True") == 4
    assert "same numbers: False" not in printed


@pytest.mark.parametrize(
    "rows",
    [
        "[-1.341635, -0.447212, 0.447212, 1.341635]",
        "running mean: [0.25]\nrunning variance: [1.066667]",
        "[0.726181, 1.694422, 2.662664, 3.630905]",
        "d first output / d gamma: -1.341635\nd first output / d beta:  1.0",
        "d first output / d inputs: [0.26833, -0.357768, -0.089443, 0.178882]",
        "buffers: ['running_mean', 'running_var', 'num_batches_tracked']",
        "training: ValueError, one value has no variance",
    ],
)
def test_normalizing_gives_the_numbers_of_the_course(printed, rows):
    assert rows in printed


def test_normalizing_leaves_the_shape_of_a_distribution(printed):
    before, after = re.search(r"skewness before ([\d.]+), after ([\d.]+)", printed).groups()
    assert before == after
    assert float(after) > 1


def test_dropping_keeps_the_expectation(printed):
    assert "values: [0.0, 1.428571]\nshare of zeros 0.301, mean 0.999" in printed
    one, many = re.search(
        r"evaluation: +([\d.]+)\nmean over 100,000 masks: ([\d.]+)", printed
    ).groups()
    assert abs(float(one) - float(many)) < 0.02


def test_behind_a_relu_evaluation_is_not_the_mean_over_the_masks(printed):
    one, many = re.search(
        r"ReLU behind: +([\d.]+) in evaluation, mean over the masks ([\d.]+)", printed
    ).groups()
    assert float(many) > float(one) + 0.1


def test_the_same_image_gets_another_class_from_other_batch_mates(printed):
    said = dict(re.findall(r"^(.*?) +the image is a (\d)$", printed, re.MULTILINE))
    assert said == {"mixed digits": "1", "15 other ones": "8", "alone, after eval()": "1"}


def test_forgetting_eval_costs_most_where_a_batch_holds_one_class(printed):
    shares = {
        name.strip(): [float(each) for each in re.findall(r"([\d.]+)%", rest)]
        for name, rest in re.findall(r"^(eval\(\).*?)  +((?:[\d.]+% ?)+)$", printed, re.MULTILINE)
    }
    right = shares["eval()"]
    assert len(set(right)) == 1
    assert right[0] > 96
    assert min(shares["eval() forgotten, sorted by class"]) < right[0] - 5
    assert max(shares["eval() forgotten, shuffled"]) > right[0] - 1


def test_a_look_in_training_mode_moves_statistics_and_not_parameters(printed):
    assert float(re.search(r"change of a running mean: ([\d.]+)", printed)[1]) > 0.005
    assert "parameters are the same: True" in printed


def test_too_much_regularization_is_worse_than_none(printed):
    shares = {
        name: float(share)
        for name, share in re.findall(r"^(.*?) +([\d.]+)%, from ", printed, re.MULTILINE)
    }
    assert shares["weight decay 0.1"] < shares["nothing"] - 5
    assert shares["dropout 0.9 twice"] < shares["nothing"] - 50
    assert shares["dropout 0.5"] > shares["nothing"]


def test_a_large_learning_rate_kills_units(printed):
    start, slow, fast = (int(each) for each in re.findall(r"(\d+) of 128 units", printed))
    assert slow < start + 10
    assert fast > 64
