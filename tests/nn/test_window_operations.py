"""What holds of every operation on windows: dtypes, and changes in place, are as in torch."""

import numpy as np
import pytest
from comparison import array, assert_same, both, outcome
from windows_support import OPERATIONS

IMAGE = np.random.RandomState(9).normal(size=(1, 1, 4, 4)) * 3


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int8", "int16", "int32", "int64", "float16"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_the_dtypes_are_those_of_torch(name, dtype):
    def run(lib):
        images = lib.tensor(abs(IMAGE)).to(getattr(lib, dtype))
        return array(OPERATIONS[name](lib.nn.functional, images))

    want, got = both(run)
    assert_same(got, want, 1e-9)


@pytest.mark.parametrize("changed", ["input", "output"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_after_a_change_in_place_the_gradient_or_its_refusal_is_torchs(name, changed):
    def run(lib):
        leaf = lib.tensor(IMAGE, requires_grad=True)
        images = leaf * 1
        z = OPERATIONS[name](lib.nn.functional, images)
        (images if changed == "input" else z).mul_(3)
        return outcome(lib, lambda: array(lib.autograd.grad((z * z).sum(), leaf)[0]))

    want, got = both(run)
    assert_same(got, want, 1e-9)
