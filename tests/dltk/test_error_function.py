"""erf and erfc are right to the last digits that their dtype has."""

import math

import numpy as np
import pytest

import dltk

EDGES = [0.0, -0.0, 0.46875, -0.46875, 4.0, 26.5, 30.0, 1e300, math.inf, -math.inf]
WIDE = np.concatenate([np.linspace(-7, 7, 20001), np.logspace(-300, 1.4, 400), EDGES])


@pytest.mark.parametrize("name", ["erf", "erfc"])
def test_every_digit_of_a_double_is_right(name):
    got = getattr(dltk, name)(dltk.tensor(WIDE)).numpy()
    want = np.array([getattr(math, name)(x) for x in WIDE])
    assert np.all(np.abs(got - want) <= 1e-15 * np.abs(want) + 1e-320)


@pytest.mark.parametrize("name", ["erf", "erfc"])
def test_a_single_is_right_to_two_units_of_its_last_place(name):
    with np.errstate(over="ignore"):
        x = WIDE.astype(np.float32)
    got = getattr(dltk, name)(dltk.tensor(x)).numpy()
    want = np.array([getattr(math, name)(float(each)) for each in x])
    assert got.dtype == np.float32
    assert np.all(np.abs(got - want) <= 2.4e-7 * np.abs(want) + 1e-45)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_what_is_no_number_stays_so_and_any_shape_is_kept(dtype):
    kind = getattr(dltk, dtype)
    for name in ("erf", "erfc"):
        function = getattr(dltk, name)
        assert math.isnan(function(dltk.tensor(math.nan, dtype=kind)).item())
        for shape in ((), (0, 3), (2, 1, 3)):
            found = function(dltk.zeros(shape, dtype=kind).transpose(0, -1))
            assert found.dtype is kind
            assert found.shape == dltk.zeros(shape).transpose(0, -1).shape
