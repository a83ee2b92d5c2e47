"""Sums that are products, and updates of optimizers in place, give what their formulas do."""

import functools
import inspect
import math

import numpy as np
import pytest
from package_modules import every_module

from dltk.backends import sums
from dltk.optim import adam, rmsprop, sgd

TOLERANCE = {"float64": 1e-10, "float32": 2e-4}

SHAPES_AND_DIMS = [
    ((3, 5), (1,)),
    ((3, 5), (0,)),
    ((2, 3, 5), (0, 2)),
    ((2, 3, 5), (0, 1)),
    ((2, 3, 5), (1, 2)),
    ((2, 3, 5, 7), (1, 3)),
    ((2, 3, 5, 7), (-3, -2)),
    ((1, 5000), (1,)),
    ((7, 1, 3), (1,)),
    ((0, 3), (0,)),
]


def sums_by_products(dtype):
    for shape, dim in SHAPES_AND_DIMS:
        x = np.random.RandomState(0).standard_normal(shape).astype(dtype)
        assert sums.fits(x, dim)
        for keepdim in (False, True):
            yield sums.sum_by_products(np, x, dim, keepdim), x.sum(dim, keepdims=keepdim)


def rows_that_come_again(dtype):
    stream = np.random.RandomState(0)
    for count, shape in ((11, (5, 3)), (1, (4, 1)), (0, (4, 2)), (9, (1, 7)), (6, (70_000, 2))):
        places = stream.randint(0, shape[0], (count,))
        assert sums.is_row_numbers((places,))
        rows = stream.standard_normal((count, *shape[1:])).astype(dtype)
        expected = np.zeros(shape, dtype)
        np.add.at(expected, places, rows)
        yield sums.rows_by_place(np, rows, places, shape), expected


SUMS = {
    "sum_by_products fits": sums_by_products,
    "rows_by_place is_row_numbers": rows_that_come_again,
}


def functions_of(module):
    found = inspect.getmembers(module, inspect.isfunction)
    return {name for name, each in found if each.__module__ == module.__name__}


def test_every_quick_sum_is_held_to_the_plain_one():
    public = {name for name in functions_of(sums) if not name.startswith("_")}
    assert public == {name for names in SUMS for name in names.split()}


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("names", SUMS)
def test_a_quick_sum_is_the_plain_one(names, dtype):
    for found, expected in SUMS[names](dtype):
        assert found.dtype == expected.dtype == dtype
        assert found.shape == expected.shape
        np.testing.assert_allclose(found, expected, rtol=0, atol=TOLERANCE[dtype])


OPTIONS = {"lr": 0.1, "betas": (0.8, 0.9), "eps": 1e-3, "alpha": 0.7, "momentum": 0.6}


def moments(grad, mean, square, beta1, beta2):
    return beta1 * mean + (1 - beta1) * grad, beta2 * square + (1 - beta2) * grad**2


def run_moments(state, work):
    _, grad, mean, square, _ = state
    expected = moments(grad, mean, square, 0.8, 0.9)
    adam.update_moments(grad, mean, square, 0.8, 0.9, work)
    return (mean, square), expected


def stepped(state, step, largest):
    """Adam as its paper has it: corrected averages, and a step against their quotient."""
    param, grad, mean, square, most = state
    (beta1, beta2), lr = OPTIONS["betas"], OPTIONS["lr"]
    mean, square = moments(grad, mean, square, beta1, beta2)
    most = np.maximum(most, square)
    corrected = (most if largest else square) / (1 - beta2**step)
    update = mean / (1 - beta1**step) / (np.sqrt(corrected) + OPTIONS["eps"])
    return param - lr * update, grad, mean, square, most if largest else state[4]


def run_adam(state, work, largest):
    param, grad, mean, square, most = state
    for step in (1, 2, 3):
        state = stepped(state, step, largest)
        adam.adam(param, grad, mean, square, most if largest else None, step, OPTIONS, work)
    return (param, grad, mean, square, most), state


def run_descend(state, work):
    param, direction, *rest = state
    expected = (param - 0.1 * direction, direction, *rest)
    sgd.descend(param, direction, 0.1, work)
    return (param, direction, *rest), expected


def run_momentum(state, work, nesterov):
    grad, buffer, *rest = state
    moved = 0.6 * buffer + 0.7 * grad
    direction, kept = sgd.momentum_direction(grad, buffer, 0.6, 0.3, nesterov, work)
    expected = grad + 0.6 * moved if nesterov else moved
    return (direction, kept, *rest), (expected, moved, *rest)


def root_of(state, centered):
    grad, mean, square = state
    square = 0.7 * square + 0.3 * grad**2
    mean = 0.7 * mean + 0.3 * grad
    return np.sqrt(square - (mean**2 if centered else 0)) + 1e-3, mean, square


def run_root(state, work, centered):
    _, grad, mean, square, _ = state
    # The variance of a history with this mean is not negative.
    square += mean**2
    expected = root_of((grad, mean, square), centered)
    given = mean if centered else None
    found = rmsprop.root_mean_square(square, grad, given, 0.7, 1e-3, work)
    return (found, square), (expected[0], expected[2])


def run_rmsprop(state, work, momentum):
    param, grad, mean, square, buffer = state
    square += mean**2
    root, _, moved = root_of((grad, mean, square), True)
    direction = grad / root + (0.6 * buffer if momentum else 0)
    expected = (param - 0.1 * direction, moved)
    rmsprop.rmsprop(param, grad, square, mean, buffer if momentum else None, OPTIONS, work)
    return (param, square), expected


UPDATES = {
    "update_moments": [run_moments],
    "adam": [functools.partial(run_adam, largest=each) for each in (False, True)],
    "descend": [run_descend],
    "momentum_direction": [functools.partial(run_momentum, nesterov=n) for n in (False, True)],
    "root_mean_square": [functools.partial(run_root, centered=each) for each in (False, True)],
    "rmsprop": [functools.partial(run_rmsprop, momentum=each) for each in (False, True)],
}


def test_every_update_that_works_in_place_is_held_to_its_formula():
    found = {
        name
        for module in every_module()
        if module.__name__.startswith("dltk.optim.")
        for name in functions_of(module)
        if "work" in inspect.signature(getattr(module, name)).parameters
    }
    assert found == set(UPDATES)


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("shape", [(3, 5), (1,), (), (2, 1, 7)], ids=str)
@pytest.mark.parametrize("name", UPDATES)
def test_an_update_in_place_is_its_formula(name, shape, dtype):
    for run in UPDATES[name]:
        stream = np.random.RandomState(0)
        signed = [np.asarray(stream.standard_normal(shape), dtype) for _ in range(3)]
        positive = [np.asarray(stream.uniform(0.5, 2, shape), dtype) for _ in range(2)]
        work = np.full(shape, math.nan, dtype)
        for found, expected in zip(*run((*signed, *positive), work), strict=True):
            assert found.dtype == dtype
            np.testing.assert_allclose(found, expected, rtol=TOLERANCE[dtype], atol=1e-6)
