"""Views share memory, writes are known to all who look at it, and autograd follows them."""

import numpy as np
import pytest
import torch
from comparing import array, assert_same, both, leaves, outcome
from hypothesis import given, settings
from hypothesis import strategies as st

import dltk

X = np.random.RandomState(3).uniform(0.2, 0.9, (3, 4))


def _written(change):
    """The value, and the gradient of a product with it, after `change(lib, x, y)` wrote to y."""

    def run(lib):
        (x,) = leaves(lib, (X,))
        y = x * 2
        result = change(lib, x, y)
        total = ((y if result is None else result) * x).sum()
        total.backward()
        return [array(total), array(x.grad)]

    return run


WRITES = {
    "an operation in place": lambda lib, x, y: y.mul_(x),
    "a view": lambda lib, x, y: y[0].mul_(x[1]),
    "a view of a view": lambda lib, x, y: y[1:].t()[2].add_(x[0, 0]),
    "an augmented assignment": lambda lib, x, y: y[:, 1].__iadd__(x[:, 0]),
    "an element": lambda lib, x, y: y.__setitem__((0, 1), x[2, 2] * 3),
    "a row": lambda lib, x, y: y.__setitem__(0, x[1] * 3),
    "a column with a number": lambda lib, x, y: y.__setitem__((slice(None), 1), 7.0),
    "rows by a tensor": lambda lib, x, y: y.__setitem__(lib.tensor([0, 2]), x[:2]),
    "what a mask chooses": lambda lib, x, y: y.__setitem__(y > 1, 0.0),
    "copy_": lambda lib, x, y: y.copy_(x),
    "copy_ of a row": lambda lib, x, y: y.copy_(x[0]),
    "fill_ of a view": lambda lib, x, y: y[1].fill_(3.0),
    "zero_": lambda lib, x, y: y.zero_(),
    "clamp_ of a view": lambda lib, x, y: y[0].clamp_(0.6, 1.2),
    "a base whose view is used": lambda lib, x, y: (y[1], y.mul_(x))[0].expand(3, 4),
    "a base twice": lambda lib, x, y: (y.mul_(x), y[2].exp_(), y[:, 0].add_(1))[0],
    "a result that was saved": lambda lib, x, y: (y.exp(), y.add_(1))[0],
    "a saved result": lambda lib, x, y: y.exp().add_(1),
    "a saved operand": lambda lib, x, y: (y * y, y.add_(1))[0],
    "a leaf": lambda lib, x, y: x.mul_(2),
    "a view of a leaf": lambda lib, x, y: x[0].mul_(2),
    "a leaf through detach": lambda lib, x, y: (x * x, x.detach().mul_(2))[0],
    "a saved tensor through data": lambda lib, x, y: (y * y, y.data.mul_(2))[0],
    "expanded cells": lambda lib, x, y: y.detach()[0].expand(3, 4).add_(1),
    "a target too small": lambda lib, x, y: y[0].add_(x),
    "shared cells with one value": lambda lib, x, y: y.detach()[0].expand(3, 4).fill_(2.0),
    "cells of its own operand": lambda lib, x, y: (
        y.detach().view(12)[1:].add_(y.detach().view(12)[:11])
    ),
    "a number from a vector of one": lambda lib, x, y: y.__setitem__((0, 1), x[0, :1]),
    "a row from a matrix of one row": lambda lib, x, y: y.__setitem__(1, x[2:]),
    "a matrix into a row": lambda lib, x, y: y.__setitem__(1, x[1:]),
    "floats into integers": lambda lib, x, y: y.detach().long().add_(x.detach()),
}


@pytest.mark.parametrize("name", WRITES)
def test_writing_in_place_has_torchs_outcome(name):
    want, got = both(_written(WRITES[name]))
    assert_same(got, want, rtol=1e-9)


# torch.func wraps its inputs, so that writes to them are other operations.
WRITES_INSIDE = [
    name
    for name in WRITES
    if name not in ("a leaf", "a view of a leaf", "a saved tensor through data")
]


@pytest.mark.parametrize("name", WRITES_INSIDE)
def test_tangents_follow_writes_as_in_torch(name):
    def run(lib):
        def function(x):
            y = x * 2
            result = WRITES[name](lib, x, y)
            return (y if result is None else result) * x

        x = lib.tensor(X)
        return array(lib.func.jvp(function, (x.clone(),), (lib.cos(x),))[1])

    want, got = both(run)
    assert_same(got, want, rtol=1e-9)


def test_a_view_writes_into_its_base_and_counts_there():
    base = dltk.zeros(2, 3)
    view = base.t()[1]
    view += 5
    assert base.tolist() == [[0, 5, 0], [0, 5, 0]]
    assert base._version == view._version == 1


def test_a_result_without_dimensions_becomes_memory_when_it_is_shared():
    x = dltk.tensor(2.0) * 3
    y = x.view(1)
    x.add_(1)
    assert y.tolist() == [7.0]


def test_numpy_shares_memory_both_ways():
    array = np.arange(3.0)
    tensor = dltk.from_numpy(array)
    tensor[0] = 9
    assert array[0] == 9
    tensor.numpy()[1] = 8
    assert tensor.tolist() == [9, 8, 2]


def test_an_out_tensor_of_another_size_is_resized_with_a_warning():
    x = dltk.ones(2, 2)
    out = dltk.empty(3)
    with pytest.warns(UserWarning, match="resized"):
        dltk.add(x, x, out=out)
    assert out.tolist() == [[2, 2], [2, 2]]


@st.composite
def chains_of_views(draw):
    """A shape and a few view operations, as functions of any library's tensor."""
    shape = draw(st.lists(st.integers(0, 4), min_size=0, max_size=4))
    steps = []
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["permute", "slice", "index", "unsqueeze", "expand", "view"]))
        steps.append((kind, draw(st.integers(0, 10_000))))
    return shape, steps


def _apply(tensor, kind, choice):
    rng = np.random.RandomState(choice)
    ndim = tensor.dim()
    if kind == "permute":
        return tensor.permute(rng.permutation(ndim).tolist())
    if kind == "unsqueeze":
        return tensor.unsqueeze(int(rng.randint(-ndim - 1, ndim + 1)))
    if kind == "expand":
        new = [(2,), (1,), (1, 1), (2, 1), (1, 2)][choice % 5]
        return tensor.expand(*new, *[3 if size == 1 else -1 for size in tensor.shape])
    if kind == "view":
        return tensor.view(-1) if rng.randint(2) else tensor.reshape(1, -1)
    if kind == "index":
        return tensor[int(rng.randint(-4, 4))]
    bounds = rng.randint(-5, 6, (ndim, 2))
    steps = rng.randint(1, 4, ndim)
    return tensor[
        tuple(slice(int(a), int(b), int(s)) for (a, b), s in zip(bounds, steps, strict=True))
    ]


@settings(max_examples=150, deadline=None)
@given(chains_of_views())
def test_any_chain_of_views_has_torchs_geometry_and_elements(chain):
    shape, steps = chain

    def run(lib):
        tensor = lib.arange(int(np.prod(shape))).reshape(*shape) if shape else lib.tensor(5)
        for kind, choice in steps:
            tensor = _apply(tensor, kind, choice)
        return tensor, tuple(tensor.stride()), tensor.storage_offset()

    want, got = (outcome(lib, lambda lib=lib: run(lib)) for lib in (torch, dltk))
    if isinstance(want, str) or isinstance(got, str):
        assert got == want
    else:
        assert got[0].tolist() == want[0].tolist()
        if want[0].numel():
            assert got[1:] == want[1:]


def test_parts_of_a_tensor_share_one_node_and_are_not_written_to():
    def run(lib):
        x = lib.arange(6.0).reshape(3, 2).requires_grad_()
        y = x * 1
        first, second, third = y.unbind(0)
        (second.sum() + 2 * third.sum()).backward()
        nodes = [second.grad_fn is third.grad_fn, second.grad_fn.next_functions[0][0].name()]
        refused = [
            outcome(lib, lambda: first.add_(1)),
            outcome(lib, lambda: first[0].mul_(2)),
            outcome(lib, lambda: y.split(2)[0].zero_()),
        ]
        alone = x.detach().clone().unbind(0)[0].add_(1)
        return [array(x.grad), array(alone)], nodes, refused

    want, got = both(run)
    assert got[1:] == want[1:]
    assert_same(got[0], want[0], 0)


def test_a_flipped_tensor_has_memory_of_its_own_even_where_nothing_moves():
    x = dltk.ones(1, 3)
    dltk.flip(x, (0,)).mul_(5)
    assert x.tolist() == [[1.0, 1.0, 1.0]]


def test_a_write_into_windows_that_share_cells_is_refused():
    windows = dltk.arange(5.0).unfold(0, 3, 1)
    with pytest.raises(RuntimeError, match=r"\[3, 3\] and strides \[1, 1\].*single memory"):
        windows.add_(1)


def test_a_write_into_interleaved_rows_is_done():
    x = dltk.arange(8.0)
    x.as_strided((2, 3), (3, 2)).mul_(2)
    assert x.tolist() == [0, 1, 4, 6, 8, 10, 6, 14]
