"""Lecture 12: two processes are one, few bits suffice, and a gradient shows the image."""

import re

import pytest

pytest.importorskip("torch", reason="torch is not installed: two processes of it are started")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("lecture-12")]
NAME = "12-beyond-one-machine"


def percents(printed, pattern):
    return [float(each) for each in re.findall(pattern, printed)]


def test_two_processes_arrive_at_the_weights_of_one(on_the_reference):
    assert "\nit is below 1e-6: True\n" in on_the_reference.printed
    moved = re.search(r"largest move of a weight in 20 steps: ([\d.]+)", on_the_reference.printed)
    assert float(moved[1]) > 0.1


def test_the_mean_of_half_batches_is_the_gradient_of_the_batch(on_the_reference):
    said = r"(?m)^largest difference: \de-\d\d, below 1e-6: True$"
    assert re.search(said, on_the_reference.printed)


def test_old_gradients_hurt_and_a_larger_rate_moves_the_border(on_the_reference):
    printed = on_the_reference.printed
    slow = percents(printed, r"(?m)^gradient +\d+ steps old: loss after 150 steps ([\d.]+)")
    fast = percents(printed, r"rate 0.2, gradient \d steps old: loss after 150 steps ([\d.]+)")
    assert slow == sorted(slow)
    assert slow[2] < 1.2 * slow[0]
    assert slow[3] > 2 * slow[0]
    assert fast[2] > 4 * fast[0]


def test_half_of_the_weights_and_three_bits_are_enough(on_the_reference):
    pruned = percents(on_the_reference.printed, r"of the weights are zero: ([\d.]+)% right")
    bits = percents(on_the_reference.printed, r"\d bits: +[\d.]+ kB, ([\d.]+)% right")
    assert pruned[2] > pruned[0] - 1
    assert pruned[4] < pruned[0] - 20
    assert bits[4] > bits[0] - 1
    assert bits[5] < bits[0] - 10


def test_training_with_the_rounding_brings_two_bits_back(on_the_reference):
    before = percents(on_the_reference.printed, r"rounded after training: +([\d.]+)%")
    after = percents(on_the_reference.printed, r"trained with the rounding: +([\d.]+)%")
    assert after[0] > before[0] + 10


def test_a_teacher_helps_where_labels_are_few(on_the_reference):
    pairs = re.findall(r"100 labels ([\d.]+)%, taught ([\d.]+)%", on_the_reference.printed)
    assert len(pairs) == 3
    assert all(float(taught) > float(alone) + 4 for alone, taught in pairs)


def test_a_federation_beats_every_member_and_a_gradient_shows_the_image(on_the_reference):
    printed = on_the_reference.printed
    shared = percents(printed, r"shared model after 20 rounds: ([\d.]+)%")[0]
    alone = percents(re.search(r"each alone: (.*)", printed)[1], r"([\d.]+)%")
    assert shared > 3 * max(alone)
    error = re.search(r"largest error of a pixel: (\S+)", printed)
    assert float(error[1]) < 1e-5


def test_integer_sums_need_more_than_sixteen_bits(on_the_reference):
    largest = re.search(r"sums are int32, the largest ([\d,]+)", on_the_reference.printed)
    assert int(largest[1].replace(",", "")) > 2**16


def test_the_models_of_two_rounds_weigh_more_than_all_images(on_the_reference):
    sent = re.search(r"(?m)^2 +0\.\d+ +(\d+)$", shown(on_the_reference))
    assert int(sent[1]) > 1400 * 64 * 4


def shown(run):
    return "\n".join(data["text/plain"] for data in run.shown)
