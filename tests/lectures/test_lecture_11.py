"""Lecture 11 trains, breaks and judges, on the reference and in a blank workspace."""

import ast
import re

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: the lecture stands beside it")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("lecture-11")]
NAME = "11-data-and-training"


def accuracies(printed):
    lines = re.findall(r"(?m)^without (\w+) +accuracy after each epoch: (\[.*\])$", printed)
    return {name: [float(each) for each in ast.literal_eval(rest)] for name, rest in lines}


def test_both_runs_print_the_same_but_for_the_time(on_the_reference, in_a_blank_workspace):
    ours, theirs = (
        [line for line in run.printed.splitlines()[1:] if "share of the time" not in line]
        for run in (on_the_reference, in_a_blank_workspace)
    )
    assert ours == theirs


def test_the_black_pixel_is_the_one_of_the_course(executed):
    assert "black: ['-2.117904', '-2.035714', '-1.804444']" in executed.printed


def test_the_batches_of_mnist_are_counted(executed):
    assert "60000 samples in batches of 64, drop_last=False: 938 batches" in executed.printed
    assert "the last batch of the first line has 32 samples" in executed.printed
    assert "10000 samples in batches of 1000, drop_last=False: 10 batches" in executed.printed


def test_the_files_of_mnist_are_read_as_they_were_written(executed):
    assert "train-images-idx3-ubyte 6416 bytes, (100, 8, 8)" in executed.printed
    assert "read as written: True" in executed.printed


def test_the_parameters_of_the_loader_are_torchs(executed):
    listed = "17 parameters: dataset, batch_size=1, shuffle=None, sampler=None"
    assert listed in executed.printed
    assert "the same names here: True" in executed.printed
    refused = "ValueError: sampler option is mutually exclusive with shuffle"
    assert refused in executed.printed


def test_the_raw_regressions_are_those_of_the_course(executed):
    steps = re.findall(
        r"(?m)^step \d: loss (\S+) at \((.*)\), gradients \((.*)\)$", executed.printed
    )
    assert [loss for loss, *_ in steps] == [
        "29.000000", "13.576400", "6.364574", "0.693147", "0.688238",
    ]  # fmt: skip
    assert steps[0][2] == "-24.000000, -34.000000, -10.000000"
    assert steps[1][2] == "-16.440000, -23.240000, -6.800000"
    assert steps[3][2] == "-0.500000, -0.500000, 0.000000"
    assert steps[4][2] == "-0.485001, -0.478752, 0.006250"
    assert "after three steps: [0.517104, 0.731224, 0.21412]" in executed.printed
    assert "loss 0.683677" in executed.printed


def test_two_points_do_not_determine_three_numbers(executed):
    ends = re.findall(r"ends at (\[.*\]) with loss (\S+)", executed.printed)
    assert len({end for end, _ in ends}) == len(ends) == 3
    assert all(float(loss) < 1e-6 for _, loss in ends)


def test_a_saturated_sigmoid_teaches_nothing(executed):
    assert "binary_cross_entropy: loss 100, gradient 0" in executed.printed
    assert "binary_cross_entropy_with_logits: loss 20, gradient 1" in executed.printed


def test_the_line_is_that_of_least_squares_and_the_slip_is_not(executed):
    line = "slope 0.553486, intercept -0.039096"
    assert f"trained:       {line}, MSE 0.518617" in executed.printed
    assert f"least squares: {line}" in executed.printed
    assert "share of the variance explained: 0.8366" in executed.printed
    slip = "target (100, 100): slope 0.053486, intercept -0.109707, MSE 2.685424"
    assert slip in executed.printed
    assert "a warning was given: True" in executed.printed


def test_the_own_layer_falls_and_shows_why_its_bias_begins_positive(executed):
    assert "falls in every step: True" in executed.printed
    assert "root of 0: 0, slope inf" in executed.printed
    assert "root of -1: nan, slope nan" in executed.printed


def test_each_omission_does_what_the_text_says(executed):
    found = accuracies(executed.printed)
    assert found["nothing"][-1] > 0.93
    assert found["step"][-1] < 0.2
    assert found["shuffle"][-1] < 0.6
    for quiet in ("zero_grad", "train", "eval"):
        assert found[quiet][-1] > 0.9


def test_softmax_twice_and_the_parameters_of_the_network(executed):
    assert "raw outputs:   0.417030" in executed.printed
    assert "softmax first: 0.802121" in executed.printed
    assert "= 407,050 parameters" in executed.printed


def test_a_leak_raises_validation_and_not_the_test(executed):
    lines = re.findall(r"(with\w*) leak +accuracy after 40 epochs: (\{.*\})", executed.printed)
    runs = {name: ast.literal_eval(rest) for name, rest in lines}
    assert runs["with"]["validation"] > 0.9
    assert runs["without"]["validation"] < 0.75
    assert runs["with"]["test"] < 0.75


def test_the_digits_are_learned_to_97_percent(executed):
    best, final = re.search(
        r"best on validation (\S+), on the test set (\S+),", executed.printed
    ).groups()
    assert float(best) >= 0.96
    assert float(final) >= 0.97
    assert re.search(r"right: 29\d of 297", executed.printed)


def test_what_was_saved_is_loaded_by_both_and_programs_are_refused(executed):
    assert "the loaded model has the same accuracy: True" in executed.printed
    assert "torch reads it as well: (64, 64)" in executed.printed
    assert re.findall(r"(?m)^(state dict|list) +opened$", executed.printed) == [
        "state dict",
        "list",
    ]
    refused = re.findall(
        r"(?m)^(.+?) +UnpicklingError: Weights only load failed$", executed.printed
    )
    assert refused == ["NumPy array", "whole module", "greeting"]
    assert executed.printed.count("this line was run by opening a file") == 1


def test_borrowed_features_help_where_they_know_what_is_asked(executed):
    means = re.findall(r"(?m)^(?:from scratch|frozen, new head) +mean (\S+),", executed.printed)
    scratch, frozen = map(float, means)
    assert frozen > scratch + 0.02


def test_a_model_rebuilt_from_its_children_lacks_the_flatten(executed):
    assert "rebuilt: RuntimeError, True" in executed.printed
    assert "head replaced in place: (1, 4)" in executed.printed


def test_it_ends_with_the_numbers_of_the_course(executed):
    last = executed.printed.splitlines()[-1]
    assert re.fullmatch(r"407050 parameters, 938 batches, accuracy 0\.9[78]\d", last)
