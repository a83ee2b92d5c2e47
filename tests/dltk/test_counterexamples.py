"""What drawn programs once showed to differ from torch, each as the shortest program that did."""

import numpy as np
import pytest
from comparing import array, assert_same, both

import dltk

NAN, INF = float("nan"), float("inf")
X = np.random.RandomState(5).normal(size=(2, 4, 3))


def _gradient_of_filled_shared_cells(lib):
    x = lib.tensor(3.0, requires_grad=True)
    base = x * 1.5
    base.expand(2).zero_()
    return lib.autograd.grad((base * base).sum(), x)[0]


def _gradient(lib, numbers, function):
    x = lib.tensor(numbers, dtype=lib.float64, requires_grad=True)
    function(x).backward()
    return x.grad


def _written(lib, key, value):
    x = lib.tensor(X)
    x[key] = value
    return x


FOUND = {
    "a number beyond an int8 divides before it is cut": lambda lib: (
        lib.tensor(7, dtype=lib.int8) / 300
    ),
    "an int8 to a power beyond it": lambda lib: lib.tensor(7, dtype=lib.int8).pow(300),
    "a boolean to a boolean power": lambda lib: lib.tensor(False).pow(True),
    "a boolean less a tensor": lambda lib: True - lib.tensor(1.0),
    "a tensor less a boolean": lambda lib: lib.tensor(1.0) - True,
    "a maximum with a number": lambda lib: lib.tensor(1.0).maximum(2),
    "integers modulo zero": lambda lib: lib.tensor([7]).remainder(0),
    "no integers modulo zero": lambda lib: lib.tensor([], dtype=lib.int8).remainder(0),
    "an integer between arrays": lambda lib: lib.tensor(X)[0, :, lib.tensor([0, 2])],
    "arrays around an integer": lambda lib: lib.tensor(X)[
        lib.tensor([0, 1]), 1, lib.tensor([0, 2])
    ],
    "two ellipses": lambda lib: lib.tensor([1.0])[..., ..., None],
    "a row for the elements of a mask": lambda lib: _written(
        lib, lib.tensor(X) > 9, lib.tensor([[1.0, 2.0]], dtype=lib.float64)
    ),
    "one element for a mask, as a matrix": lambda lib: _written(
        lib, lib.tensor(X) > 0, lib.tensor([[1.0]], dtype=lib.float64)
    ),
    "the transpose of a vector": lambda lib: lib.tensor([1.0]).mT,
    "the transpose of a number": lambda lib: lib.tensor(1.0).mT,
    "a running maximum of nothing along a dimension it has not": lambda lib: (
        lib.tensor([]).cummax(1).values
    ),
    "the median of no integers": lambda lib: lib.tensor([], dtype=lib.int32).median(),
    "a mean over no dimensions": lambda lib: lib.tensor(X).mean(dim=()),
    "a norm over no dimensions": lambda lib: lib.tensor(X).norm(dim=()),
    "a running sum of a number": lambda lib: lib.tensor(2.0).cumsum(0),
    "a running sum of bytes": lambda lib: lib.tensor([200, 100], dtype=lib.uint8).cumsum(0),
    "a sum of a number along its dimension, kept": lambda lib: lib.tensor(2.0).sum(0, keepdim=True),
    "a write to no shared cells": lambda lib: lib.tensor([]).expand(2, 0).mul_(2),
    "a dimension named twice before one that is not there": lambda lib: lib.tensor(1.0).var(
        (0, 0, 1)
    ),
    "shared cells filled and differentiated": _gradient_of_filled_shared_cells,
    "a list of lists as an index": lambda lib: lib.tensor(X)[[[0, 1], [1, 2]]],
    "a list of tensors as an index": lambda lib: lib.tensor(X)[[lib.tensor(0), lib.tensor(1)]],
    "a list with a slice as an index": lambda lib: lib.tensor(X)[[slice(None), 1]],
    "a list of lists as the index of a write": lambda lib: _written(lib, [[0, 1], [1, 2]], -1),
    "bytes as a mask": lambda lib: lib.tensor(X)[:, lib.tensor([1, 0, 1, 0], dtype=lib.uint8)],
    "short integers as an index": lambda lib: lib.tensor(X)[lib.tensor([1, 0], dtype=lib.int16)],
    "no floats as an index": lambda lib: lib.tensor(X)[lib.tensor([])],
    "a slice up to a float": lambda lib: lib.tensor(X)[:1.5],
    "a mask between ellipses": lambda lib: lib.tensor(X)[..., lib.tensor(X[0, 0]) > 0, ...],
    "a list as what is written": lambda lib: _written(lib, (0, 0), [1.0, 2.0, 3.0]),
    "nothing as what is written": lambda lib: _written(lib, 0, None),
    "a number as a place to put at": lambda lib: lib.tensor(X).index_put(
        (lib.tensor(1), lib.tensor([0, 2])), lib.tensor(X)[0, :2]
    ),
    "a number as a place to add at": lambda lib: lib.tensor(X).index_put(
        (lib.tensor(1),), lib.tensor(X)[0], accumulate=True
    ),
    "a row of another length added at places": lambda lib: lib.tensor(X).index_put(
        (lib.tensor([1]),), lib.tensor(X)[0, :, :2], accumulate=True
    ),
    "the sign of NaN": lambda lib: lib.tensor([NAN, -0.0, -2.0]).sign(),
    "the slope of |x| at NaN": lambda lib: _gradient(lib, [NAN, -2.0], lambda x: x.abs().sum()),
    "the norm that counts": lambda lib: lib.tensor([2.0, 0.0, NAN]).norm(p=0),
    "the largest of nothing as a norm": lambda lib: lib.ones(2, 0).norm(p=INF, dim=1),
    "a negative norm of nothing": lambda lib: lib.ones(2, 0).norm(p=-1),
    "the slope of a norm below 1 at 0": lambda lib: _gradient(
        lib, [2.0, 0.0], lambda x: x.norm(p=0.5)
    ),
    "the curvature of a norm where one element is 0": lambda lib: lib.autograd.functional.hessian(
        lambda x: x.norm(), lib.tensor([2.0, 0.0, 1.0], dtype=lib.float64)
    ),
    "the slope of logsumexp beside infinity": lambda lib: _gradient(
        lib, [INF, 1.0, -INF], lambda x: x.logsumexp(0)
    ),
    "a mean of nothing, differentiated": lambda lib: _gradient(lib, [], lambda x: x.mean()),
    "NaNs among distinct values": lambda lib: lib.tensor([NAN, 1.0, NAN]).unique(),
    "distinct slices of a number": lambda lib: lib.tensor(1.0).unique(dim=0),
    "the least int8 as a power": lambda lib: (
        lib.tensor([2, 1, -1], dtype=lib.int8) ** lib.tensor(-128, dtype=lib.int8)
    ),
    "integers in steps of a fraction": lambda lib: lib.arange(0, 10, 2.5, dtype=lib.int32),
    "integers up to a fraction": lambda lib: lib.arange(3.7, dtype=lib.int64),
    "integers in steps below 1": lambda lib: lib.arange(0, 1, 0.3, dtype=lib.int64),
    "numbers up to infinity": lambda lib: lib.arange(0, INF),
    "numbers up to an end that is named": lambda lib: lib.arange(end=3),
    "booleans in a range": lambda lib: lib.arange(0, 2, dtype=lib.bool),
    "fewer than no steps": lambda lib: lib.linspace(0, 1, -1),
    "fewer than no rows": lambda lib: lib.eye(-1),
    "a tensor full of a tensor": lambda lib: lib.full((2,), lib.tensor(3)),
    "a number beyond an int64": lambda lib: lib.tensor([2**63]),
    "a tensor of None": lambda lib: lib.tensor([1, None]),
    "the bits of a float, inverted": lambda lib: lib.ones(2).bitwise_not(),
    "a float, inverted": lambda lib: ~lib.ones(2),
    "booleans shifted": lambda lib: lib.tensor([True]) << lib.tensor([True]),
    "repeats as a matrix": lambda lib: lib.ones(2).repeat_interleave(lib.ones(2, 2).long()),
    "everything behind a second ellipsis": lambda lib: lib.tensor(X)[..., ..., :],
    "a tensor backwards": lambda lib: reversed(lib.tensor(X)),
    "two elements as an integer": lambda lib: int(lib.ones(2)),
    "two elements with a format": lambda lib: f"{lib.ones(2):.2f}",
    "bits of floats of shapes that differ": lambda lib: lib.bitwise_or(lib.ones(5), lib.ones(3)),
}


@pytest.mark.parametrize("name", FOUND)
@pytest.mark.filterwarnings("ignore:Tensor.mT is deprecated")
@pytest.mark.filterwarnings("ignore:Using a non-tuple sequence")
@pytest.mark.filterwarnings("ignore:indexing with dtype torch.uint8")
def test_torch_agrees_now_on(name):
    def run(lib):
        found = FOUND[name](lib)
        return [array(found), str(found.dtype).split(".")[-1]]

    want, got = both(run)
    assert_same(got, want, 1e-9)


def test_a_singular_matrix_has_the_cofactors_as_gradient_of_its_determinant():
    x = dltk.tensor([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [1.0, 0.0, 1.0]], requires_grad=True)
    (gradient,) = dltk.autograd.grad(dltk.linalg.det(x), x, create_graph=True)
    assert gradient.tolist() == [[4.0, 4.0, -4.0], [-2.0, -2.0, 2.0], [0.0, 0.0, 0.0]]
    # The determinant is linear in each element: each second derivative is an element or its minus.
    (second,) = dltk.autograd.grad(gradient[0, 0], x)
    assert second.tolist() == [[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, -6.0, 4.0]]
