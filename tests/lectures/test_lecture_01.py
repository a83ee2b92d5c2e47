"""Lecture 01 measures what it claims, and its history comes from dated files with sources."""

import csv
import re
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: the lecture stands beside it")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("lecture-01")]

ROOT = Path(__file__).parents[2]
NAME = "01-frameworks"


@pytest.fixture(params=["on_the_reference", "in_a_blank_workspace"])
def printed(request):
    return request.getfixturevalue(request.param).printed


def test_it_runs_without_a_complaint(on_the_reference, in_a_blank_workspace):
    assert on_the_reference.complaints == in_a_blank_workspace.complaints == ""
    assert "Computed by dltk." in on_the_reference.printed
    assert "Computed through torch" in in_a_blank_workspace.printed


def test_all_four_programs_take_the_same_step(printed):
    found = re.findall(
        r"^(\w+) +loss ([\d.]+), 1490 weights, at most (\S+) from", printed, re.MULTILINE
    )
    assert [name for name, *_ in found] == ["loops", "NumPy", "torch", "dltk"]
    assert {loss for _, loss, _ in found} == {"2.381688534"}
    assert all(float(apart) < 1e-12 for *_, apart in found)


def test_the_framework_saves_the_backward_pass_and_the_loops_cost_time(printed):
    rows = {
        name: [float(each) for each in numbers.split()]
        for name, numbers in re.findall(
            r"^(loops|NumPy|torch|dltk) +(\d+ +\d+ +\d+ +[\d.]+ +[\d.]+)$", printed, re.MULTILINE
        )
    }
    assert rows["loops"][:3] == [24, 21, 6]
    assert rows["NumPy"][:3] == [9, 6, 3]
    assert rows["torch"][:3] == rows["dltk"][:3] == [10, 0, 0]
    for name in ("NumPy", "torch", "dltk"):
        assert rows["loops"][3] > 3 * rows[name][3]
        assert rows["loops"][4] > 3 * rows[name][4]


def test_the_recipe_ends_at_a_tested_model(printed):
    right = [int(each) for each in re.findall(r"(\d+) of 297 unseen digits right", printed)]
    assert len(right) == 4
    assert right[-1] > 220


def test_each_component_taken_away_breaks_or_slows_the_step(printed):
    slower = [float(each) for each in re.findall(r"(\d+) times as slow", printed)]
    assert len(slower) == 3
    assert all(factor > 1.5 for factor in slower)
    assert "RuntimeError: element 0 of tensors does not require grad" in printed
    assert "2980 forward passes" in printed
    away = dict(re.findall(r"^(\w): at most (\S+) away", printed, re.MULTILINE))
    assert all(float(away[name]) < 1e-8 for name in "wvc")
    assert float(away["b"]) > 1e-4


def test_the_table_of_2020_becomes_numbers(printed):
    assert "as numbers: [8500, 9100, 16800, 18700, 30300, 38900, 48300, 145000]" in printed
    assert "contributors per 1,000 stars: MXNet 42, Theano 36, PyTorch 36, TensorFlow 17" in printed


def test_what_became_of_the_eight_is_printed_with_its_source(printed):
    for each in rows_of("github-2020-05.csv"):
        assert f"{each['framework']:11}{each['since']}  {each['now']}\n" in printed
        assert each["source"] in printed


def rows_of(name):
    with (ROOT / "lectures" / "data" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("file", sorted((ROOT / "lectures" / "data").glob("*.csv")))
def test_every_row_of_a_dated_table_is_complete(file):
    optional = {"last", "last_is", "last_source"}
    rows = rows_of(file.name)
    assert rows
    for each in rows:
        assert all(value for name, value in each.items() if name not in optional), each


def test_an_end_has_a_date_and_a_source_or_there_is_none():
    for each in rows_of("frameworks.csv"):
        ends = [each["last"], each["last_is"], each["last_source"]]
        assert all(ends) or not any(ends), each["framework"]
