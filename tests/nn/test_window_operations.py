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


@pytest.mark.parametrize(
    "write", ["z.mul_(2)", "z.detach().mul_(2)", "z[0].mul_(2)", "z.data.mul_(2)"]
)
@pytest.mark.parametrize("read_first", [True, False])
def test_a_kept_result_in_an_order_of_its_own_is_known_to_be_written(write, read_first):
    """A node keeps the result of ReLU on a convolution before anyone brought it in line."""

    def run(lib):
        leaf = lib.tensor(IMAGE, requires_grad=True)
        z = lib.nn.functional.conv2d(leaf.expand(3, 1, 4, 4), lib.ones(2, 1, 2, 2).double()).relu()
        if read_first:
            lib.autograd.grad((z * z).sum(), leaf, create_graph=True)
        eval(write, {"z": z})
        found = outcome(lib, lambda: array(lib.autograd.grad(z.sum(), leaf)[0]))
        return array(z), array(z.detach()), array(z.view(-1)[3:]), found

    want, got = both(run)
    assert_same(got, want, 1e-9)


def test_all_aliases_of_a_result_in_an_order_of_its_own_see_a_write():
    def run(lib):
        z = lib.nn.functional.conv2d(
            lib.tensor(IMAGE).expand(3, 1, 4, 4).requires_grad_(), lib.ones(2, 1, 2, 2).double()
        ).relu()
        seen, row = z.detach(), z.detach().view(-1)
        other = lib.zeros(1)
        other.data = z.detach()
        row[5] = 7
        return array(z), array(seen), array(row), array(other)

    want, got = both(run)
    assert_same(got, want, 1e-9)
