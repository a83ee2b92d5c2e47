"""Figures carry their description, and self-tests mark what was answered."""

import matplotlib
import pytest

matplotlib.use("agg")

import matplotlib.pyplot as plt

from autograder.figures import show
from autograder.selftest import agrees, mark


def test_a_figure_is_an_image_with_its_description_and_is_closed():
    figure, axes = plt.subplots()
    axes.plot([0, 1])
    shown = show(figure, alt='A line from "zero" to one.')
    assert 'alt="A line from &quot;zero&quot; to one."' in shown._repr_html_()
    assert repr(shown) == 'Figure: A line from "zero" to one.'
    assert not plt.fignum_exists(figure.number)


def test_a_figure_without_a_description_is_refused():
    figure, _ = plt.subplots()
    with pytest.raises(ValueError, match="needs a description"):
        show(figure, alt=" ")
    plt.close(figure)


def test_every_answer_gets_its_own_verdict(capsys):
    mark({"a": 11.652, "b": 3, "c": ...}, {"a": 11.652071, "b": 4, "c": "reverse"})
    assert capsys.readouterr().out.splitlines() == [
        "a: right",
        "b: not right: have another look",
        "c: no answer yet",
        "1 of 3 right",
    ]


@pytest.mark.parametrize(
    ("answer", "solution", "right"),
    [
        (1.7163, 1.716338, True),
        (1.72, 1.716338, False),
        ((5.5, 1.7163), (5.5, 1.716338), True),
        ([5.5, 1.7163], (5.5, 1.716338), True),
        ((5.5,), (5.5, 1.716338), False),
        (" Reverse ", "reverse", True),
        ("forward", "reverse", False),
        (1, "reverse", False),
        ("1", 1, False),
        (True, 1, False),
        (None, 1, False),
    ],
)
def test_answers_agree_up_to_rounding_and_case(answer, solution, right):
    assert agrees(answer, solution) is right


def test_a_row_of_numbers_is_right_as_a_list_and_as_a_tuple():
    assert agrees([3, 3, 3], (3, 3, 3))
    assert agrees((3, 3, 3), [3, 3, 3])
    assert not agrees([3, 3], [3, 3, 3])
    assert not agrees(3, [3, 3, 3])
