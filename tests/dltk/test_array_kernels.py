"""What the backend computes by a detour, because it is faster, is what NumPy computes."""

import itertools

import numpy as np
import pytest
from comparing import array, assert_same, both

from dltk.backends import cpu
from dltk.backends.extremes import has_short_rows
from dltk.backends.sums import fits

numbers = np.random.RandomState(16)
SHAPES = [(2, 3, 4), (1, 3, 1), (0, 3, 2), (2, 0, 3), (5,), (4, 1100), (2, 3, 4, 5)]
PAIRS = {
    "sum": (cpu.ops.sum, np.sum),
    "mean": (cpu.ops.mean, np.mean),
    "amax": (cpu.ops.amax, np.max),
    "amin": (cpu.ops.amin, np.min),
}


def dimensions(shape):
    count = range(len(shape))
    yield None
    yield from range(-len(shape), len(shape))
    for size in range(len(shape) + 1):
        yield from itertools.combinations(count, size)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("dtype", ["float32", "float64", "int64"])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", PAIRS)
def test_a_reduction_is_numpys(name, shape, dtype):
    ours, numpys = PAIRS[name]
    x = (10 * numbers.normal(size=shape)).astype(dtype)
    # Where large numbers nearly cancel, both round.
    atol = 1e-6 * np.abs(x).max(initial=0)
    for values in (x, x.T):
        for dim, keepdim in itertools.product(dimensions(shape), (False, True)):
            try:
                want = numpys(values, axis=dim, keepdims=keepdim)
            except ValueError:
                # There is no largest of nothing.
                continue
            found = ours(values, dim, keepdim)
            assert (found.shape, found.dtype) == (want.shape, want.dtype)
            assert np.allclose(found, want, rtol=1e-4, atol=atol, equal_nan=True)


def test_the_detours_are_taken():
    x = np.ones((3, 4), np.float32)
    assert fits(x, (1,))
    assert fits(x, -1)
    assert has_short_rows(x, 1)
    assert has_short_rows(x, (1,))
    assert not has_short_rows(x, 0)
    assert not fits(x.astype(np.int64), (1,))


@pytest.mark.parametrize("shape", [(2, 3, 4), (2, 3, 0), (0, 3, 4), (2, 0, 4), (3, 4), (4,)])
def test_a_product_and_a_linear_layer_of_any_sizes_are_torchs(shape):
    def run(lib):
        x = lib.ones(shape, requires_grad=True)
        w, b = lib.ones(5, shape[-1], requires_grad=True), lib.ones(5, requires_grad=True)
        y = lib.nn.functional.linear(x, w, b) * (x @ w.t())
        y.sum().backward()
        return [array(each) for each in (y, x.grad, w.grad, b.grad)]

    want, got = both(run)
    assert_same(got, want, 1e-6)


def test_extremes_of_rows_know_nan_and_infinity():
    x = numbers.normal(size=(4, 5))
    x[0, 3], x[1], x[2], x[3, 2] = np.nan, -np.inf, np.inf, -np.inf
    assert np.array_equal(cpu.ops.amax(x, 1), x.max(1), equal_nan=True)
    assert np.array_equal(cpu.ops.amin(x, 1), x.min(1), equal_nan=True)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("width", [1, 16, 17, 33, 64, 65])
def test_extremes_of_rows_of_any_width_are_numpys(width, dtype):
    x = numbers.normal(size=(3, 4, width)).astype(dtype)
    x.reshape(-1)[::3], x[1, 2, width // 2] = -np.inf, np.nan
    for ours, theirs in ((cpu.ops.amax, np.max), (cpu.ops.amin, np.min)):
        for keepdim in (False, True):
            got, want = ours(x, -1, keepdim), theirs(x, -1, keepdims=keepdim)
            assert got.dtype == want.dtype
            assert got.shape == want.shape
            assert np.array_equal(got, want, equal_nan=True)


def test_a_sum_by_products_is_as_exact_as_numpys():
    x = numbers.uniform(size=(300, 1000)).astype(np.float32)
    for dim in (0, 1):
        want = x.astype(np.float64).sum(dim)
        ours = np.abs(cpu.ops.sum(x, (dim,)) / want - 1).max()
        assert ours < 2 * np.abs(np.sum(x, dim) / want - 1).max() + 1e-7


@pytest.mark.parametrize(
    ("count", "rows", "columns"), [(1000, 7, (3,)), (5, 70_000, (2,)), (1, 1, (1,)), (3, 9, (2, 2))]
)
def test_rows_of_one_place_are_summed(count, rows, columns):
    places, added = numbers.randint(0, rows, count), numbers.normal(size=(count, *columns))
    want = np.zeros((rows, *columns))
    np.add.at(want, places, added)
    assert np.allclose(cpu.ops.index_add(added, (places,), (rows, *columns)), want)
