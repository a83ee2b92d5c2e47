"""The matrix of costs: which rows break a promise of the course."""

import pytest

from autograder import matrix


@pytest.fixture
def lab(course):
    return course.lab("lab2")


def row(kind, task, times=0, square=0):
    variant = matrix.Variant("it", kind, task, {})
    lost = {"lab2.times": times, "lab2.square": square}
    return matrix.Row(variant, lost, {name: ("a_check",) for name in lost})


@pytest.mark.parametrize(
    "found",
    [
        row("reference", None),
        row("right", "lab2.times"),
        row("blank", "lab2.times", 50, 40),
        row("blank", "lab2.square", 0, 40),
        row("wrong", "lab2.times", 10, 40),
        row("wrong", "lab2.square", 0, 1),
    ],
)
def test_a_row_that_costs_its_own_task_and_those_that_need_it_is_sound(lab, found):
    assert matrix.defects(lab, found) == []


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (row("reference", None, 1), "it costs 1 points of lab2.times: a_check."),
        (row("right", "lab2.times", 5), "it costs 5 points of lab2.times: a_check."),
        (row("wrong", "lab2.square", 3, 40), "it costs 3 points of lab2.times: a_check."),
        (row("wrong", "lab2.times", 0, 40), "it has full marks for lab2.times."),
        (row("blank", "lab2.square", 0, 30), "it keeps 10 points of lab2.square."),
    ],
)
def test_a_row_that_breaks_a_promise_is_told(lab, found, sentence):
    assert matrix.defects(lab, found) == [sentence]
