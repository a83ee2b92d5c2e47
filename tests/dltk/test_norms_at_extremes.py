"""Norms and deviations of large float16 numbers, of zeros, and of nothing."""

import math

import numpy as np
import pytest
from comparing import array, assert_same, both, seed_like

LARGE = np.random.default_rng(1).normal(size=(4, 50)) * 300
HOLES = np.array([[1.0, 0, 2], [0, 0, -1], [0, 0, 0]])


@pytest.mark.parametrize("p", [0, 0.5, 1, 2, 3, -1, -2, math.inf, -math.inf])
@pytest.mark.parametrize("dtype", ["float16", "float64"])
def test_a_norm_is_torchs_though_its_powers_exceed_the_dtype(dtype, p):
    def run(lib):
        x = lib.tensor(LARGE).to(getattr(lib, dtype))
        return [array(lib.norm(x, p)), array(lib.norm(x, p, 1)), array(lib.linalg.norm(x[0], p))]

    want, got = both(run)
    assert_same(got, want, 1e-9)


@pytest.mark.parametrize("p", [0, 0.5, 1, 2, 3, -1, -2])
@pytest.mark.parametrize("keepdim", [False, True])
def test_the_slope_of_a_norm_is_torchs_where_elements_are_0(p, keepdim):
    def run(lib):
        x = lib.tensor(HOLES, requires_grad=True)
        found = []
        for dim in (0, 1, (0, 1)):
            z = lib.norm(x, p, dim, keepdim)
            (grad,) = lib.autograd.grad(z, x, seed_like(lib, z), allow_unused=True)
            tangent = lib.func.jvp(
                lambda x, dim=dim: lib.norm(x, p, dim, keepdim),
                (x.detach(),),
                (seed_like(lib, x),),
            )[1]
            # Torch says "no gradient" of the number of elements, dltk that it is 0.
            found += [array(lib.zeros_like(x) if grad is None else grad), array(tangent + 0)]
        return found

    want, got = both(run)
    assert_same(got, want, 1e-9)


def test_large_float16_gradients_are_clipped():
    def run(lib):
        param = lib.nn.Parameter(lib.tensor(LARGE).half())
        param.grad = lib.tensor(LARGE).half()
        norm = lib.nn.utils.clip_grad_norm_([param], 1.0)
        return [array(norm), array(param.grad), array(lib.std(param)), array(lib.std(param, 0))]

    want, got = both(run)
    assert_same(got, want, 1e-9)
    assert np.isfinite(got[0])


@pytest.mark.parametrize("keepdim", [False, True])
def test_a_mean_over_nothing_is_recorded_and_written_where_it_is_asked_for(keepdim):
    def run(lib):
        x = lib.zeros(0, 3, requires_grad=True)
        z = lib.mean(x, None, keepdim)
        z.sum().backward()
        target = lib.zeros(1, 1) if keepdim else lib.zeros(())
        lib.mean(x.detach(), None, keepdim, out=target)
        return [array(z), array(x.grad), array(target)]

    want, got = both(run)
    assert_same(got, want, 1e-9)
