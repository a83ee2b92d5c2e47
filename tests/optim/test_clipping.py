"""Clipping of gradients, and parameters as one vector, against torch's."""

import math
import warnings

import numpy as np
import pytest
from comparing import assert_same, both

import dltk


def module(lib):
    if lib is dltk:
        from dltk.nn import utils
    else:
        from torch.nn import utils
    return utils


def params_of(lib, *gradients, dtype="float32"):
    params = []
    for gradient in gradients:
        value = np.asarray(0.0 if gradient is None else gradient, dtype)
        param = lib.tensor(np.ones_like(value), requires_grad=True)
        param.grad = None if gradient is None else lib.tensor(value)
        params.append(param)
    return params


def gradients_of(params):
    return [None if param.grad is None else np.array(param.grad.numpy()) for param in params]


GRADIENTS = [[[3.0, 0.0], [0.0, 1.0]], None, [4.0], -2.0, np.zeros((0, 2))]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("norm_type", [2, 2.0, 1, 0.5, 3, math.inf])
@pytest.mark.parametrize("max_norm", [0.0, 1, 2.5, 100.0])
def test_the_norm_of_all_gradients_together_is_clipped(norm_type, max_norm, dtype):
    gradients = GRADIENTS[:-1] if norm_type == math.inf else GRADIENTS

    def run(lib):
        params = params_of(lib, *gradients, dtype=dtype)
        kept = [param.grad for param in params]
        norm = module(lib).clip_grad_norm_(iter(params), max_norm, norm_type)
        assert all(param.grad is each for param, each in zip(params, kept, strict=True))
        return [np.array(norm.numpy()), gradients_of(params)]

    assert_same(*both(run), rtol=1e-12)


def test_three_and_four_become_point_six_and_point_eight():
    (param,) = params_of(dltk, [3.0, 4.0])
    assert module(dltk).clip_grad_norm_(param, 1.0).item() == 5
    assert param.grad.tolist() == pytest.approx([0.6, 0.8])


@pytest.mark.parametrize("bad", [math.inf, math.nan])
@pytest.mark.parametrize("refuse", [True, False])
def test_a_norm_that_is_not_finite(bad, refuse):
    def run(lib):
        params = params_of(lib, [bad, 1.0], [2.0])
        norm = module(lib).clip_grad_norm_(params, 1.0, error_if_nonfinite=refuse)
        return [np.array(norm.numpy()), gradients_of(params)]

    got, want = both(run)
    assert isinstance(want, str) == refuse
    assert_same(got, want, rtol=1e-12)


def test_without_gradients_the_norm_is_zero_and_an_empty_generator_is_warned_of():
    def run(lib):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            norms = [
                module(lib).clip_grad_norm_(params_of(lib, None), 1.0),
                module(lib).clip_grad_norm_([], 1.0),
                module(lib).clip_grad_norm_((each for each in []), 1.0),
            ]
        assert len(caught) == 1
        return [np.array(norm.numpy()) for norm in norms]

    assert_same(*both(run), rtol=0)


def test_elements_are_clipped_one_by_one():
    def run(lib):
        params = params_of(lib, *GRADIENTS)
        module(lib).clip_grad_value_((each for each in params), 1.5)
        return gradients_of(params)

    assert_same(*both(run), rtol=0)


def test_clipping_is_not_recorded():
    def run(lib):
        w = lib.tensor([3.0, 4.0], requires_grad=True)
        (w * w).sum().backward()
        norm = module(lib).clip_grad_norm_([w], 1.0)
        return [np.array([norm.requires_grad, w.grad.requires_grad]), np.array(w.grad.numpy())]

    assert_same(*both(run), rtol=1e-6)


def test_parameters_go_into_a_vector_and_gradients_come_back():
    def run(lib):
        params = params_of(lib, [[1.0, 2.0]], 3.0, dtype="float64")
        vector = module(lib).parameters_to_vector(iter(params))
        (vector * lib.tensor([1.0, 2.0, 3.0], dtype=lib.float64)).sum().backward()
        return [np.array(vector.detach().numpy()), gradients_of(params)]

    assert_same(*both(run), rtol=0)


def test_a_vector_becomes_the_parameters_which_stay_the_same_objects():
    def run(lib):
        params = params_of(lib, [[1.0, 2.0], [3.0, 4.0]], 3.0)
        vector = lib.arange(5.0)
        module(lib).vector_to_parameters(vector, params)
        vector[0] = 7.0
        return [np.array(param.detach().numpy()) for param in params] + [
            np.array([param.requires_grad and param.is_leaf for param in params])
        ]

    assert_same(*both(run), rtol=0)


@pytest.mark.parametrize("vector", [[1.0, 2.0], None])
def test_what_is_no_vector_of_the_parameters_is_refused(vector):
    def run(lib):
        params = params_of(lib, [[1.0, 2.0], [3.0, 4.0]])
        module(lib).vector_to_parameters(vector if vector is None else lib.tensor(vector), params)

    got, want = both(run)
    assert want.startswith("raises")
    assert got == want
