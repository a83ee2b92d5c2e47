"""Embedding, one-hot vectors: torch's values, gradients, initial weights and errors."""

import numpy as np
import pytest
import torch
from comparing import array, assert_same, both
from layer_comparison import assert_differentiates_as_torch

import dltk

LIBRARIES = [torch, dltk]
numbers = np.random.RandomState(9)
TABLE = numbers.normal(size=(5, 3))
PLACES = np.array([[0, 2, 2, 4], [1, 2, 0, 3]])

CASES = {
    "a matrix of numbers": (PLACES, {}),
    "a vector": (PLACES[0], {}),
    "one number": (np.array(3), {}),
    "one element": (np.array([[2]]), {}),
    "int32": (PLACES.astype(np.int32), {}),
    "no numbers": (np.zeros((2, 0), np.int64), {}),
    "padding": (PLACES, {"padding_idx": 2}),
    "padding from the end": (PLACES, {"padding_idx": -5}),
    "frequencies": (PLACES, {"scale_grad_by_freq": True}),
    "padding and frequencies": (PLACES, {"scale_grad_by_freq": True, "padding_idx": 0}),
}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", CASES)
def test_values_and_derivatives_are_torchs(name, dtype):
    places, options = CASES[name]

    def program(lib, table):
        return lib.nn.functional.embedding(lib.tensor(places), table, **options)

    # Torch has no second derivative where gradients are scaled by frequency.
    second = "scale_grad_by_freq" not in options
    assert_differentiates_as_torch(program, TABLE.astype(dtype), second=second)


def test_a_table_and_numbers_that_are_not_row_major_are_read_as_they_are():
    def program(lib, table):
        return lib.nn.functional.embedding(lib.tensor(PLACES).t(), table.t())

    assert_differentiates_as_torch(program, TABLE.T.copy())


def test_gradients_of_a_squared_embedding_go_through_twice():
    def program(lib, table):
        rows = lib.nn.functional.embedding(lib.tensor(PLACES), table, padding_idx=2)
        return (rows * rows).sum(-1)

    assert_differentiates_as_torch(program, TABLE)


@pytest.mark.parametrize(("norm_type", "limit"), [(2.0, 1.0), (1.0, 0.5), (float("inf"), 0.3)])
def test_rows_above_the_largest_norm_are_scaled_down_in_the_table(norm_type, limit):
    def run(lib):
        table = lib.tensor(TABLE, requires_grad=True)
        used = lib.tensor([0, 2, 2])
        rows = lib.nn.functional.embedding(used, table, max_norm=limit, norm_type=norm_type)
        rows.square().sum().backward()
        return [array(rows), array(table), array(table.grad), table._version > 0]

    want, got = both(run)
    assert (want.pop(), got.pop()) == (True, True)
    assert_same(got, want, 1e-9)


def test_a_module_starts_from_torchs_numbers_trains_and_prints_as_torchs():
    def run(lib):
        lib.manual_seed(12)
        module = lib.nn.Embedding(6, 4, padding_idx=-1, scale_grad_by_freq=True)
        found = [repr(module), " ".join(module.state_dict()), array(module.weight)]
        for _ in range(2):
            module(lib.tensor(PLACES)).square().sum().backward()
            with lib.no_grad():
                module.weight -= 0.1 * module.weight.grad
        return [*found, array(module.weight), array(module(lib.tensor([5])))]

    want, got = both(run)
    assert_same(got, want, 1e-9)


def test_all_arguments_are_printed_as_by_torch():
    options = {"padding_idx": 1, "max_norm": 2.0, "norm_type": 1.0, "scale_grad_by_freq": True}
    want, got = both(lambda lib: repr(lib.nn.Embedding(3, 4, **options)))
    assert got == want


@pytest.mark.parametrize("freeze", [True, False])
def test_a_given_table_is_used_as_it_is(freeze):
    for lib in LIBRARIES:
        table = lib.tensor(TABLE)
        module = lib.nn.Embedding.from_pretrained(table, freeze=freeze, padding_idx=1)
        assert module.weight.requires_grad != freeze
        assert module.weight.data_ptr() == table.data_ptr()
        assert (module.num_embeddings, module.embedding_dim, module.padding_idx) == (5, 3, 1)
        assert array(module(lib.tensor([1]))).any()


def test_sparse_gradients_are_out_of_scope_and_say_so():
    with pytest.raises(NotImplementedError, match="sparse"):
        dltk.nn.Embedding(3, 4, sparse=True)
    with pytest.raises(NotImplementedError, match="sparse"):
        dltk.nn.functional.embedding(dltk.tensor([0]), dltk.ones(2, 2), sparse=True)


def lookup(lib, places, *table, **options):
    return lib.nn.functional.embedding(lib.tensor(places), lib.ones(*table), **options)


REFUSED = {
    "too large": lambda lib: lookup(lib, [0, 5], 5, 3),
    "negative": lambda lib: lookup(lib, [0, -1], 5, 3),
    "too large, with a largest norm": lambda lib: lookup(lib, [7], 5, 3, max_norm=1.0),
    "reals": lambda lib: lookup(lib, [0.0, 1.0], 5, 3),
    "truths": lambda lib: lookup(lib, [True], 5, 3),
    "short integers": lambda lib: lib.nn.functional.embedding(
        lib.tensor([0], dtype=lib.int16), lib.ones(5, 3)
    ),
    "a list": lambda lib: lib.nn.functional.embedding([0], lib.ones(5, 3)),
    "a vector as table": lambda lib: lookup(lib, [0], 5),
    "a table of three dimensions": lambda lib: lookup(lib, [0], 5, 3, 2),
    "padding beyond": lambda lib: lookup(lib, [0], 5, 3, padding_idx=5),
    "padding below": lambda lib: lib.nn.Embedding(5, 3, padding_idx=-6),
    "negative size": lambda lib: lib.nn.Embedding(-5, 3),
    "another table": lambda lib: lib.nn.Embedding(5, 3, _weight=lib.ones(4, 3)),
    "pretrained vector": lambda lib: lib.nn.Embedding.from_pretrained(lib.ones(4)),
    "one_hot of reals": lambda lib: lib.nn.functional.one_hot(lib.tensor([0.0])),
    "one_hot of int32": lambda lib: lib.nn.functional.one_hot(lib.tensor([0], dtype=lib.int32)),
    "one_hot of a negative": lambda lib: lib.nn.functional.one_hot(lib.tensor([-1])),
    "one_hot of too few": lambda lib: lib.nn.functional.one_hot(lib.tensor([3]), 3),
    "one_hot of minus two": lambda lib: lib.nn.functional.one_hot(lib.tensor([3]), -2),
    "one_hot of nothing": lambda lib: lib.nn.functional.one_hot(lib.tensor([]).long()),
    "one_hot of a number": lambda lib: lib.nn.functional.one_hot(2),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_torch_refuses_is_refused(name):
    want, got = both(REFUSED[name])
    assert isinstance(want, str)
    assert got == want


def test_a_number_out_of_range_is_named_with_the_table():
    with pytest.raises(IndexError) as error:
        lookup(dltk, [[0, 7]], 5, 3)
    assert all(word in str(error.value) for word in ("input", "[1, 2]", "7", "0 to 4"))


ONE_HOT = {
    "classes found": (np.array([[0, 2], [1, 0]]), -1),
    "classes given": (np.array([0, 2]), 5),
    "one class": (np.array(1), -1),
    "nothing of three": (np.zeros((0, 2), np.int64), 3),
}


@pytest.mark.parametrize("name", ONE_HOT)
def test_one_hot_vectors_are_torchs(name):
    classes, count = ONE_HOT[name]
    want, got = both(lambda lib: array(lib.nn.functional.one_hot(lib.tensor(classes), count)))
    assert_same(got, want, 0)
