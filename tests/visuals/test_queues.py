"""Queues: who waits for whom, and what a timer on the host sees of it."""

import itertools

import pytest

from visuals.figures.queues import PROGRAMS, queues, timeline


def test_a_timer_that_waits_for_nothing_counts_launches():
    found = timeline("nothing", 8, 10, 400)
    assert found.timer == 80
    assert found.done == 10 + 8 * 400


@pytest.mark.parametrize("program", ["synchronize", "item last"])
def test_waiting_once_at_the_end_shows_the_whole_work(program):
    found = timeline(program, 8, 10, 400)
    assert found.timer == found.done == 3210


def test_waiting_after_each_kernel_leaves_the_device_without_work():
    found = timeline("item each", 8, 10, 400)
    assert found.timer == found.done == 8 * 410
    pairs = itertools.pairwise(found.device)
    assert all(then[0] - first[1] == 10 for first, then in pairs)


def test_kernels_shorter_than_a_launch_make_the_host_the_slow_one():
    found = timeline("synchronize", 8, 10, 2)
    assert found.done == 82
    assert found.host[-1] == (80, 82, "wait")


@pytest.mark.parametrize("program", [name for name, _ in PROGRAMS])
def test_nothing_overlaps_within_a_lane(program):
    found = timeline(program, 5, 7, 3)
    for lane in (found.host, found.device):
        assert all(first[1] <= then[0] for first, then in itertools.pairwise(lane))


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="above 0"):
        queues(kernel=0)


@pytest.mark.slow
def test_the_figure_counts_as_python_does(opened):
    figure = opened(queues(count=6, launch=20, kernel=300))
    for program, _ in PROGRAMS:
        figure.control("the program").select_option(program)
        for kernel in (5, 300, 900):
            figure.drag("one kernel takes", kernel)
            found = timeline(program, 6, 20, kernel)
            assert figure.read("timer") == f"{found.timer:.0f} µs"
            assert figure.read("done") == f"{found.done:.0f} µs"
            assert float(figure.read("ratio")) == pytest.approx(6 * kernel / found.timer, abs=0.05)
    assert figure.errors == []


@pytest.mark.slow
def test_measured_times_fit_the_sliders(opened):
    figure = opened(queues(count=6, launch=37.04, kernel=61_234.5))
    assert figure.read("timer") == "222 µs"
    figure.drag("look at the time", 0.01)
    assert figure.read("queue") == "5"
    assert figure.control("one kernel takes").input_value() in ("61234", "61235")


@pytest.mark.slow
def test_the_queue_fills_while_the_host_runs_ahead(opened):
    figure = opened(queues(count=8, launch=10, kernel=400), width="narrow")
    assert figure.read("queue") == "0"
    figure.drag("look at the time", 0.05)
    assert figure.read("queue") == "7"
    assert (
        "the host has read the timer, the device works"
        in figure.page.locator(".stage").inner_text()
    )
    figure.control("look at the time").press("Home")
    assert figure.read("moment") == "0.0 µs"
