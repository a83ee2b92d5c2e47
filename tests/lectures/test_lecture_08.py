"""Lecture 08 prints the steps of the course, on the reference and in a blank workspace."""

import itertools
import re
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: the lecture stands beside it")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("lecture-08")]
ROOT = Path(__file__).parents[2]
NAME = "08-optimization"
STEPS = {
    "SGD, lr 0.1": [0.8, 0.64, 0.512, 0.4096, 0.32768],
    "momentum 0.9, lr 0.1": [0.8, 0.46, 0.062, -0.3086, -0.58042],
    "Nesterov 0.9, lr 0.1": [0.62, 0.2224, -0.108352, -0.324823, -0.415718],
    "RMSprop, lr 0.01": [0.9, 0.832918, 0.779982, 0.735389, 0.696466],
    "RMSprop, lr 0.01, alpha 0.9": [0.968377, 0.945788, 0.927053, 0.910543, 0.895507],
    "Adam, lr 0.1": [0.9, 0.800412, 0.701586, 0.603939, 0.507964],
    "Adam, lr 0.01": [0.99, 0.980003, 0.97001, 0.960024, 0.950046],
    "AdamW, lr 0.1": [0.899, 0.798519, 0.698911, 0.600599, 0.50408],
}


def numbers(printed, line):
    """The numbers of the first line that begins with `line`."""
    found = re.search(rf"(?m)^{re.escape(line)} {{2,}}(.*)$", printed)[1]
    return [float(each) for each in found.split()]


@pytest.mark.parametrize("name", STEPS)
def test_five_steps_of_each_optimizer_are_those_of_the_course(executed, name):
    assert numbers(executed.printed, name) == STEPS[name]


def test_both_runs_print_the_same(on_the_reference, in_a_blank_workspace):
    ours, theirs = (
        run.printed.splitlines()[1:] for run in (on_the_reference, in_a_blank_workspace)
    )
    assert ours == theirs
    assert "Computed by dltk." in on_the_reference.printed
    assert "Computed through torch" in in_a_blank_workspace.printed


def test_beyond_two_by_the_curvature_the_run_diverges(executed):
    after = dict(
        re.findall(r"lr ([\d.]+) *: factor.*\|w\| after 100 steps (\S+)", executed.printed)
    )
    assert all(float(after[rate]) < 0.2 for rate in ("0.01", "0.4", "0.5", "0.9", "0.99"))
    assert float(after["1.0"]) == 1
    assert float(after["1.01"]) > 5
    assert float(after["1.1"]) > 1e7


def test_a_saddle_holds_only_a_run_that_starts_on_its_ridge(executed):
    ends = re.findall(r"start y = (\S+): ends at \(0.000, (\S+)\)", executed.printed)
    assert ends == [("0", "0.000"), ("1e-06", "1.000")] * 2


def test_the_limits_and_the_fastest_point_are_those_of_the_text(executed):
    assert "limit with momentum 0.9: 0.152, Nesterov's: 0.054" in executed.printed
    assert "fastest point: learning rate 0.111, momentum 0.444" in executed.printed


def test_the_first_steps_of_adam_are_of_the_length_of_the_rate(executed):
    lines = re.findall(r"(?m)^(SGD|RMSprop|Adam) +g = (\S+) +(.*)$", executed.printed)
    steps = {(name, g): [float(each) for each in rest.split()] for name, g, rest in lines}
    for g in ("0.001", "1", "1000"):
        assert steps["Adam", g] == pytest.approx([-0.1] * 3, abs=1.1e-6)
        assert steps["RMSprop", g] == pytest.approx([-1.0, -0.7089, -0.5802], rel=2e-4)
        assert steps["SGD", g] == pytest.approx([-0.1 * float(g)] * 3)


def test_decay_depends_on_the_gradient_for_adam_alone(executed):
    shrunk = re.findall(r"gradient 100: w = (\S+), gradient 0.01: w = (\S+)", executed.printed)
    (adam_large, adam_small), (adamw_large, adamw_small) = shrunk
    assert float(adam_large) > 0.95
    assert float(adam_small) < 0.1
    assert adamw_large == adamw_small
    decay, gradients = (
        float(re.search(rf"the {what} alone: (\S+)", executed.printed)[1])
        for what in ("decay", "gradients")
    )
    assert float(adamw_large) == pytest.approx(decay * gradients, abs=1e-3)


def test_four_times_the_samples_halve_the_error_of_a_gradient(executed):
    distances = [float(each) for each in re.findall(r"(?m)^ +\d+   (\d\.\d\d)$", executed.printed)]
    assert len(distances) == 5
    assert all(0.4 < b / a < 0.6 for a, b in itertools.pairwise(distances))


def test_more_steps_in_a_pass_arrive_lower(executed):
    losses = re.findall(r"(?m)^batch +\d+, .*loss (\S+) at lr 0.05, loss", executed.printed)
    all_samples, mini_batches, single = map(float, losses)
    assert all_samples > mini_batches > single


def test_a_new_optimizer_forgets_where_it_was_going(executed):
    kept = numbers(executed.printed, "same optimizer, new rate")
    lost = numbers(executed.printed, "new optimizer")
    assert kept[:3] == lost[:3]
    assert kept[3] == pytest.approx(0.062 - 0.05 * (0.9 * 3.98 + 0.124))
    assert lost[3] == pytest.approx(0.9 * 0.062)
    assert "the new optimizer remembers: {}" in executed.printed


def test_the_rates_of_the_schedule_are_those_of_the_course(executed):
    once, each_batch = re.findall(r"(?:once an epoch|all 4 batches): *(\[.*\])", executed.printed)
    assert once == str(["1"] * 5 + ["0.1"] * 2 + ["0.01"] * 3)
    assert each_batch == str(["1"] * 2 + ["0.01"] * 8)


def test_a_misspelled_group_is_refused(executed):
    assert "KeyError: 'params'" in executed.printed


def test_the_defaults_of_torch_are_those_of_the_text(executed):
    text = (ROOT / "lectures" / f"{NAME}.md").read_text(encoding="utf-8")
    assert "optim.SGD(params, lr=0.001, momentum=0" in text
    assert "SGD      lr 0.001, momentum 0, weight_decay 0" in executed.printed
    assert "Adam     lr 0.001, betas (0.9, 0.999), eps 1e-08, weight_decay 0" in executed.printed
    assert "RMSprop  lr 0.01, alpha 0.99, eps 1e-08" in executed.printed


def test_it_ends_with_one_step_of_everything(executed):
    last = executed.printed.splitlines()[-1]
    assert last == "after one step: 0.800000, 0.900000, 0.900000, 0.899000"
