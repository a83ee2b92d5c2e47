"""Where nothing depends on an element its gradient is 0, also if inf or NaN arrives there."""

import pytest
from comparing import array, assert_same, both

MASK = [True, False, True]


def _written(x, place, value):
    y = x * 1
    y[place] = value
    return y


STOPS = {
    "where": lambda lib, x: lib.where(lib.tensor(MASK), x, 3.0),
    "where, the other side": lambda lib, x: lib.where(lib.tensor(MASK), 1.0, x),
    "masked_fill": lambda lib, x: x.masked_fill(lib.tensor(MASK), 2.0),
    "masked_scatter": lambda lib, x: x.masked_scatter(lib.tensor(MASK), lib.ones(3).double()),
    "fill_": lambda lib, x: (x * 1).fill_(2.0),
    "zero_": lambda lib, x: (x * 1).zero_(),
    "copy_": lambda lib, x: (x * 1).copy_(lib.ones(3)),
    "a slice written": lambda lib, x: _written(x, slice(0, 2), 5.0),
    "a mask written": lambda lib, x: _written(x, lib.tensor(MASK), 5.0),
    "indices written": lambda lib, x: _written(x, lib.tensor([0, 1]), 5.0),
    "a view zeroed": lambda lib, x: _zeroed(x * 1),
    "scatter": lambda lib, x: x.scatter(0, lib.tensor([0, 1]), 2.0),
    "floor": lambda lib, x: x.floor(),
    "round": lambda lib, x: x.round(),
    "sign": lambda lib, x: x.sign(),
    "trunc": lambda lib, x: x.trunc(),
    "floor division": lambda lib, x: lib.div(x, 2.0, rounding_mode="floor"),
    "relu": lambda lib, x: (x - 2).relu(),
    "maximum": lambda lib, x: lib.maximum(x, lib.full((3,), 2.5).double()),
    "minimum": lambda lib, x: lib.minimum(x, lib.full((3,), -2.5).double()),
    "clamp": lambda lib, x: x.clamp(min=2.5, max=3.0),
    "clamp by tensors": lambda lib, x: x.clamp(lib.full((3,), 2.5).double()),
    "a power of 0": lambda lib, x: x**0,
    "a stop inside": lambda lib, x: lib.where(x > 0, x, x * 0).masked_fill(x < 0, 0.0),
}


def _zeroed(x):
    x.view(3, 1)[1:].zero_()
    return x


@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.parametrize("name", STOPS)
def test_a_stopped_gradient_is_zero_whatever_arrives(name, create_graph):
    def run(lib):
        x = lib.tensor([-1.0, 2.0, 0.5], dtype=lib.float64, requires_grad=True)
        seed = lib.tensor([float("inf"), float("nan"), 1.0], dtype=lib.float64)
        result = STOPS[name](lib, x)
        if not result.requires_grad:
            return array(result)
        found = lib.autograd.grad(result, x, seed, create_graph=create_graph, allow_unused=True)
        return None if found[0] is None else array(found[0])

    theirs, ours = both(run)
    assert_same(ours, theirs, 1e-12)


def test_a_logarithm_is_guarded_by_where():
    def run(lib):
        x = lib.tensor([-1.0, 2.0], dtype=lib.float64, requires_grad=True)
        lib.where(x > 0, x, 0.0).log()[1].backward()
        return array(x.grad)

    theirs, ours = both(run)
    assert_same(ours, theirs, 1e-12)
