"""Random numbers of every kind follow torch's stream, and bad input is refused as torch does."""

import numpy as np
import pytest
from comparing import assert_same, both

import dltk

DRAWS = {
    "normal of a size": lambda lib: lib.normal(0.0, 2.0, (5,)),
    "normal around tensors": lambda lib: lib.normal(lib.arange(3.0), 2.0),
    "normal of tensors": lambda lib: lib.normal(lib.zeros(9), lib.arange(9.0)),
    "normal without a size": lambda lib: lib.normal(0.0, 2.0),
    "multinomial": lambda lib: lib.multinomial(lib.tensor([0.1, 0.5, 2.0]), 9, True),
    "multinomial of rows": lambda lib: lib.tensor([[0.1, 0.5], [1.0, 0.0]]).multinomial(4, True),
    "multinomial of too many": lambda lib: lib.ones(3).multinomial(4),
    "multinomial of negatives": lambda lib: (-lib.ones(3)).multinomial(1),
    "multinomial of nothing likely": lambda lib: lib.zeros(3).multinomial(1),
    "multinomial of integers": lambda lib: lib.tensor([1, 2]).multinomial(1),
    "random_": lambda lib: lib.zeros(9).random_(),
    "random_ of int32": lambda lib: lib.zeros(9, dtype=lib.int32).random_(),
    "random_ of int64": lambda lib: lib.zeros(9, dtype=lib.int64).random_(),
    "random_ below": lambda lib: lib.zeros(9, dtype=lib.int64).random_(10),
    "random_ between": lambda lib: lib.zeros(9, dtype=lib.int64).random_(-5, 10),
    "random_ of an empty range": lambda lib: lib.zeros(9).random_(3, 3),
    "bernoulli": lambda lib: lib.bernoulli(lib.full((9,), 0.4)),
    "bernoulli above one": lambda lib: lib.bernoulli(lib.full((9,), 1.4)),
    "bernoulli_ above one": lambda lib: lib.zeros(3).bernoulli_(1.4),
}


@pytest.mark.parametrize("name", DRAWS)
def test_a_seed_gives_torchs_numbers(name):
    def run(lib):
        lib.manual_seed(3)
        return DRAWS[name](lib).numpy()

    want, got = both(run)
    assert_same(got, want, 1e-9)


def test_a_multinomial_draw_without_replacement_names_no_place_twice_and_none_of_weight_zero():
    def run(lib):
        lib.manual_seed(3)
        return lib.multinomial(lib.tensor([0.1, 0.0, 0.5, 2.0]), 3).numpy()

    _, got = both(run)
    assert sorted(got.tolist()) == [0, 2, 3]


REFUSED = {
    "a tensor of bytes": lambda lib: lib.tensor(b"ab"),
    "a name as index": lambda lib: lib.zeros(3)["a"],
    "an index of 20 digits": lambda lib: lib.zeros(3)[10**20],
    "minus a bool": lambda lib: -lib.tensor([True]),
    "a fraction as index": lambda lib: lib.zeros(3)[2.5],
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_torch_refuses_is_refused_with_the_same_class(name):
    want, got = both(lambda lib: REFUSED[name](lib).numpy())
    assert isinstance(want, str)
    assert got == want


@pytest.mark.parametrize("name", ["complex64", "sparse_coo_tensor", "vmap"])
def test_what_is_out_of_scope_is_named(name):
    with pytest.raises(NotImplementedError, match=name):
        getattr(dltk, name)


def test_complex_numbers_are_refused_by_name():
    with pytest.raises(NotImplementedError, match="complex"):
        dltk.tensor([1j])
    with pytest.raises(NotImplementedError, match="complex"):
        dltk.tensor(np.array([1, 2j]))
