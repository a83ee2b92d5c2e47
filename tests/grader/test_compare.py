"""Comparison: values within a tolerance, everything else exactly, and the difference told."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder.checks.spec import Tolerance
from autograder.compare import agree, difference


def array(*values, dtype="float64"):
    return np.array(values, dtype=dtype)


@given(arrays.arrays(st.sampled_from(["float64", "float32", "int64", "bool"]), (2, 3)))
def test_a_result_agrees_with_itself(value):
    assert agree({"x": value}, {"x": value.copy()})


@given(
    arrays.arrays("float64", 4, elements=st.floats(-1e6, 1e6)),
    st.integers(0, 3),
    st.floats(1e-6, 1e3),
)
def test_an_error_above_the_tolerance_never_passes(value, place, relative):
    wrong = value.copy()
    wrong[place] += relative * (1 + np.abs(value).max())
    found = difference({"x": value}, {"x": wrong})
    assert found is not None
    assert found.index == (place,)


def test_the_tolerance_is_relative_to_the_largest_element_of_the_array():
    want = array(1e-3, 1e3)
    assert agree(want, want + array(5e-7, 0))
    assert not agree(want, want + array(5e-6, 0))


@pytest.mark.parametrize(
    ("dtype", "key", "error", "passes"),
    [
        ("float64", "y", 5e-10, True),
        ("float64", "y", 5e-9, False),
        ("float64", "x.grad", 5e-8, True),
        ("float64", "x.grad", 5e-7, False),
        ("float64", "Jacobian", 5e-8, True),
        ("float64", "hessian", 5e-8, True),
        ("float64", "tangent", 5e-8, True),
        ("float64", "adjoint", 5e-8, True),
        ("float32", "y", 5e-6, True),
        ("float32", "y", 5e-5, False),
        ("float32", "grad", 5e-5, True),
        ("float32", "grad", 5e-4, False),
        ("float16", "y", 5e-3, True),
        ("float16", "y", 5e-2, False),
    ],
)
def test_each_dtype_and_kind_of_value_has_its_tolerance(dtype, key, error, passes):
    want = array(1.0, 0.5, dtype=dtype)
    assert agree({key: want}, {key: (want * (1 + error)).astype(dtype)}) is passes


def test_a_nested_result_has_the_tolerance_of_its_path():
    assert agree({"grad": {"x": [1.0]}}, {"grad": {"x": [1.0 + 5e-8]}})


@pytest.mark.parametrize("dtype", ["int64", "uint8", "bool"])
def test_whole_numbers_are_compared_exactly(dtype):
    want = array(0, 1, 1, dtype=dtype)
    found = difference({"x": want}, {"x": array(0, 1, 0, dtype=dtype)})
    assert found.index == (2,)
    assert found.largest_error == 1


@pytest.mark.parametrize(
    ("want", "got"),
    [
        (array(1.0, 2.0), array(1.0, 2.0, dtype="float32")),
        (array(1.0), array(1.0).reshape(1, 1)),
        (array(1.0), 1.0),
        (1.0, array(1.0)),
        (1.0, 1),
        (1, 1.0),
        (1, True),
        (True, 1),
        (None, 0),
        ("float32", "float64"),
        ([2, 3], [2, 3, 1]),
        ([2, 3], [3, 2]),
        ([1], [True]),
        ([1.0], 1.0),
        ([1, 2], [array(1, 2, dtype="int64"), 2]),
        ([None, "a"], [array(1.0, 2.0), "a"]),
        ([1, 2], [[array(1.0, 2.0)], 2]),
        ({"x": 1}, [1]),
        ({"x": 1}, None),
        ({"x": 1}, {}),
        ({}, {"x": 1}),
        (array(np.nan), array(0.0)),
        (array(0.0), array(np.nan)),
        (array(np.inf), array(np.nan)),
        (array(np.nan), array(np.inf)),
        (array(np.inf), array(-np.inf)),
        (array(np.inf), array(1.7e308)),
        (array(1.0, np.inf), array(2.0, np.inf)),
        (array(1.0), array(np.inf)),
        (math.nan, 0.0),
        (0.0, math.nan),
        (math.inf, -math.inf),
        (1.0, math.inf),
        (math.inf, math.nan),
    ],
)
def test_another_type_dtype_shape_length_key_or_finiteness_differs(want, got):
    assert not agree({"v": want}, {"v": got})


@pytest.mark.parametrize("value", [array(np.nan, np.inf, -np.inf, 1.0), math.nan, -math.inf, []])
def test_what_is_not_finite_agrees_in_the_same_places(value):
    assert agree({"v": value}, {"v": value})


def test_an_infinity_does_not_widen_the_tolerance_of_the_rest():
    assert not agree(array(np.inf, 1.0), array(np.inf, 1.1))


def test_nan_in_a_result_of_another_dtype_is_a_difference():
    assert not agree(array(1.0, np.nan), array(1.0, np.nan, dtype="float32"))


def test_an_empty_array_still_has_a_shape():
    assert agree(np.zeros((0, 3)), np.zeros((0, 3)))
    assert not agree(np.zeros((0, 3)), np.zeros((3, 0)))


def test_the_first_difference_and_the_largest_error_are_told():
    want = np.arange(6.0).reshape(2, 3)
    got = want.copy()
    got[0, 2] += 1
    got[1, 1] -= 3
    found = difference({"steps": [{"y": want}]}, {"steps": [{"y": got}]})
    assert found.path == "steps[0].y"
    assert found.index == (0, 2)
    assert found.largest_error == 3
    assert found.sentence == (
        "steps[0].y first differs at [0, 2]: 3.0 instead of 2.0; 2 of 6 elements differ, "
        "largest error 3."
    )


def test_a_missing_and_an_extra_key_are_told_by_path():
    assert difference({"a": {"b": 1}}, {"a": {}}).sentence == "The result has no 'a.b'."
    assert "'a.c'" in difference({"a": {}}, {"a": {"c": 1}}).sentence


def test_a_check_may_ask_for_another_tolerance():
    wide = Tolerance(rtol=0.1, atol=0.0, reason="a statistic")
    assert agree({"x": array(1.0)}, {"x": array(1.05)}, wide)
    assert not agree({"x": array(1.0)}, {"x": array(1.2)}, wide)


def test_rounding_of_a_sum_that_cancels_is_no_difference():
    assert agree(array(0.0), array(2e-16))
    assert not agree(array(0.0), array(1e-12))
