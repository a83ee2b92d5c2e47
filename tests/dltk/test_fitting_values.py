"""A value that a dtype does not have is refused where it is written, as in torch."""

import math

import pytest
from comparing import array, assert_same, both

VALUES = [
    *(0, -1, 1.5, -1.5, 127, 128, -129, 255, 256, -255, -256, 2**31, -(2**31), True),
    *(65504.0, 65519.0, 65520, 1e6, -1e9, 3e38, 3.5e38, 1e300, math.inf, -math.inf, math.nan),
]
DTYPES = "float16 float32 float64 int8 int16 int32 int64 uint8 bool"
WAYS = {
    "full": lambda lib, x, value: lib.full((2,), value, dtype=x.dtype),
    "full_like": lambda lib, x, value: lib.full_like(x, value),
    "fill_": lambda lib, x, value: x.fill_(value),
    "masked_fill": lambda lib, x, value: x.masked_fill(x == 0, value),
    "pad": lambda lib, x, value: lib.nn.functional.pad(x, (1, 1), value=value),
}


@pytest.mark.parametrize("dtype", DTYPES.split())
@pytest.mark.parametrize("way", WAYS)
def test_a_value_is_cut_or_refused_as_in_torch(way, dtype):
    for value in VALUES:
        want, got = both(
            lambda lib, value=value: array(
                WAYS[way](lib, lib.zeros(2, dtype=getattr(lib, dtype)), value)
            )
        )
        assert_same(got, want, 1e-9)


def test_scores_that_are_masked_with_a_large_number_need_a_dtype_that_has_it():
    def run(lib):
        scores = lib.zeros(2, 2, dtype=lib.float16)
        return array(scores.masked_fill(lib.ones(2, 2, dtype=lib.bool).triu(1), -1e9))

    assert both(run) == ("raises RuntimeError", "raises RuntimeError")
