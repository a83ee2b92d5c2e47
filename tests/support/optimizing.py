"""Parameters, gradients and states for tests of optimizers, in either library."""

import numpy as np
import torch

import dltk

SHAPES = [(3, 4), (5,), (), (2, 0)]


def params_of(lib, dtype="float32"):
    numbers = np.random.default_rng(0)
    arrays = [np.asarray(numbers.normal(size=shape), dtype) for shape in SHAPES]
    return [lib.tensor(each, requires_grad=True) for each in arrays]


def set_gradients(lib, params, step, missing=()):
    numbers = np.random.default_rng(step)
    for place, param in enumerate(params):
        values = np.asarray(numbers.normal(size=tuple(param.shape)))
        param.grad = None if place in missing else lib.tensor(values).to(param.dtype)


def values(params):
    return [np.array(param.detach().numpy()) for param in params]


def plain_state(state):
    """A state with arrays in place of either library's tensors."""
    if isinstance(state, dict):
        return {name: plain_state(value) for name, value in state.items()}
    if isinstance(state, list | tuple):
        return type(state)(plain_state(each) for each in state)
    return np.array(state.numpy()) if hasattr(state, "numpy") else state


def in_library(lib, state):
    if isinstance(state, dict):
        return {name: in_library(lib, value) for name, value in state.items()}
    if isinstance(state, list | tuple):
        return type(state)(in_library(lib, each) for each in state)
    return lib.tensor(state) if isinstance(state, np.ndarray) else state


def assert_near(got, want):
    if isinstance(want, dict):
        assert got.keys() == want.keys()
        for name in want:
            assert_near(got[name], want[name])
    elif isinstance(want, list | tuple):
        assert type(got) is type(want)
        assert len(got) == len(want)
        for each, expected in zip(got, want, strict=True):
            assert_near(each, expected)
    elif isinstance(want, np.ndarray):
        assert got.dtype == want.dtype
        assert got.shape == want.shape
        tight = want.dtype == np.float64
        np.testing.assert_allclose(
            got, want, rtol=1e-11 if tight else 3e-5, atol=1e-12 if tight else 1e-6
        )
    else:
        assert got == want


def agree(run):
    """`run(lib)` gives the same under both libraries; what it gives under dltk."""
    got, want = run(dltk), run(torch)
    assert_near(got, want)
    return got
