"""What a student reads: short, whatever the values are."""

import numpy as np
import pytest

from autograder import messages


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.array([1.0, 2.5]), "float64 (2,) [1. , 2.5]"),
        (np.array([[True]]), "bool (1, 1) [[ True]]"),
        (np.array(2, dtype="float32"), "float32 () 2."),
        ({"a": [1, None], "b": "text"}, "{a: [1, None], b: 'text'}"),
        (True, "True"),
    ],
)
def test_a_value_is_one_short_line(value, text):
    assert messages.shorten(value) == text


@pytest.mark.parametrize(
    "value", [np.zeros((1000, 1000)), "x" * 10**6, ["y" * 1000] * 1000, {"a": list(range(10**5))}]
)
def test_a_long_value_is_cut(value):
    text = messages.shorten(value)
    assert len(text) <= messages.LONGEST_VALUE
    assert "\n" not in text
