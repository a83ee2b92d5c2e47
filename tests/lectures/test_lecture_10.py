"""Lecture 10 teaches by counting and timing, on the reference and in a blank workspace."""

import importlib.util
import re
from pathlib import Path

import jupytext
import pytest

from visuals.figures.queues import timeline
from visuals.figures.two_memories import load

torch = pytest.importorskip("torch", reason="torch is not installed: the lecture stands beside it")

ROOT = Path(__file__).parents[2]
NAME = "10-devices-and-speed"
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("lecture-10")]


@pytest.fixture(params=["on_the_reference", "in_a_blank_workspace"])
def printed(request):
    return request.getfixturevalue(request.param).printed


@pytest.mark.parametrize(
    "rows",
    [
        "still where it was: cpu\nanother tensor, elsewhere: True True",
        "same device: True\nsame dtype:  True\nboth:        True\nother dtype: False",
        "the same module: True\nanother dtype: True\nanother device: True",
        "x + y: RuntimeError, two devices\ny + 2: fine, on the device",
        "y + a single number of the host: fine, on the device",
        "y + three numbers of the host: RuntimeError, two devices",
        "a module of the device on the host's x: RuntimeError, two devices",
    ],
)
def test_tensors_are_copied_and_modules_move_and_two_devices_do_not_mix(printed, rows):
    assert rows in printed


def test_the_careful_loop_brings_each_batch_over_once_and_one_number_back(printed):
    assert "careless 6 copies and 76,032 bytes to the device, 6 copies and 3,852" in printed
    assert "careful  6 copies and 25,344 bytes to the device, 1 copies and 4 bytes" in printed
    assert "by hand: 25344 bytes" in printed
    one, other = re.search(r"mean loss: ([\d.]+) and ([\d.]+)", printed).groups()
    assert one == other


def test_the_factor_of_a_thousand_vanishes_with_synchronization(printed):
    factors = re.findall(r"factor of ([\d,.]+)", printed)
    without, complete = (float(each.replace(",", "")) for each in factors)
    assert without > 100
    assert complete < without / 20


def test_a_kernel_slightly_shorter_than_a_launch_keeps_the_device_busy_for_nine_tenths():
    found = timeline("synchronize", 1000, 10.0, 9.01)
    assert 0.9 <= 1000 * 9.01 / found.done < 0.91


def test_the_host_is_free_long_before_the_device(printed):
    assert float(re.search(r"free after ([\d.]+)%", printed)[1]) < 60


def test_a_call_has_a_price_whatever_its_size(printed):
    small = float(re.search(r"1 to 1,000 elements: ([\d.]+)", printed)[1])
    large = float(re.search(r"10,000 to 1,000,000: (\d+)", printed)[1])
    assert small < 20 < 2 * large


@pytest.mark.parametrize(
    "rows", ["'2,0'      [2, 0]", "'0,-1,1'   [0]", "'2,2'      []", "'1x,0'     [1, 0]"]
)
def test_visible_devices_are_renumbered(printed, rows):
    assert rows in printed


def test_the_misspelled_variable_has_no_effect_and_no_message(printed):
    if "There is no bash here" not in printed:
        assert re.search(r"CUDA_VISIBLE_DEVICE=1 +-> not set, no message", printed)
        assert re.search(r"CUDA_VISIBLE_DEVICES = 1 +-> not set, a message", printed)


def test_a_model_too_large_for_the_machine_is_made_on_meta(printed):
    assert "40.0 GB, made in less than a second: True" in printed
    assert "a batch of 8 would give (8, 100000)" in printed


def test_each_run_says_what_it_computes_with(on_the_reference, in_a_blank_workspace):
    assert "['Simulated accelerator 2', 'Simulated accelerator 0']" in on_the_reference.printed
    blank = in_a_blank_workspace.printed
    assert "Computed through torch: lab1.strides" in blank
    assert "these counts were recorded with dltk's sim" in blank


def test_the_recorded_transfers_are_those_of_today(tmp_path):
    """The file for machines that compute through torch holds what the lecture's cells count."""
    cells = jupytext.read(ROOT / "lectures" / f"{NAME}.md").cells
    codes = [cell.source for cell in cells if cell.cell_type == "code"]
    last = next(place for place, code in enumerate(codes) if "runs = {" in code)
    file = tmp_path / "lecture.py"
    file.write_text("\n".join(codes[: last + 1]), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("lecture_10_until_the_runs", file)
    lecture = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(lecture)
    recorded = load(ROOT / "lectures" / "data" / "10-transfers.json")
    assert list(recorded) == list(lecture.runs)
    for name, today in lecture.runs.items():
        assert recorded[name].code == today.code
        assert [(step.line, step.places, moved(step)) for step in recorded[name].steps] == [
            (step.line, step.places, moved(step)) for step in today.steps
        ]


def moved(step):
    return {name: count for name, count in step.counters.items() if name != "kernels"}
