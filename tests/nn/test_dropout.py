"""Dropout keeps expected values, uses one mask for both directions, and draws a new one a call."""

import math

import numpy as np
import pytest
import torch
from comparing import array, both

import dltk

LIBRARIES = [torch, dltk]
each_library = pytest.mark.parametrize("lib", LIBRARIES, ids=["torch", "dltk"])


@each_library
@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_values_are_zero_or_scaled_and_the_gradient_is_the_same_mask(lib, p):
    lib.manual_seed(1)
    x = lib.linspace(1, 2, 10_000, dtype=lib.float64, requires_grad=True)
    y = lib.nn.functional.dropout(x, p)
    y.sum().backward()
    values, inputs = array(y), array(x)
    kept = values != 0
    assert np.allclose(values[kept], inputs[kept] / (1 - p))
    assert np.allclose(array(x.grad), kept / (1 - p))
    spread = math.sqrt(p * (1 - p) * len(values))
    assert abs((~kept).sum() - p * len(values)) < 6 * spread
    assert y.grad_fn.name() == "MulBackward0"


@each_library
def test_every_call_draws_a_new_mask(lib):
    x = lib.ones(1000)
    first, second = (lib.nn.functional.dropout(x, 0.5) for _ in range(2))
    assert not lib.equal(first, second)


@each_library
def test_a_seed_gives_the_same_mask_again(lib):
    masks = []
    for _ in range(2):
        lib.manual_seed(5)
        masks.append(array(lib.nn.functional.dropout(lib.ones(100), 0.5)))
    assert np.array_equal(*masks)


@each_library
def test_evaluation_and_probability_zero_give_the_input_itself(lib):
    x = lib.ones(3, requires_grad=True)
    assert lib.nn.functional.dropout(x, 0.5, training=False) is x
    assert lib.nn.Dropout(0.5).eval()(x) is x
    assert lib.equal(lib.nn.Dropout(0.0)(x), x)


@each_library
def test_probability_one_gives_zeros_and_no_gradient(lib):
    x = lib.ones(3, requires_grad=True)
    y = lib.nn.functional.dropout(x, 1.0)
    y.sum().backward()
    assert y.tolist() == x.grad.tolist() == [0, 0, 0]


@pytest.mark.filterwarnings("ignore:dropout2d")
@each_library
@pytest.mark.parametrize("shape", [(20, 30), (20, 30, 2), (20, 30, 2, 3)])
def test_dropout2d_drops_whole_channels(lib, shape):
    lib.manual_seed(2)
    x = lib.ones(*shape, requires_grad=True)
    y = lib.nn.functional.dropout2d(x, 0.25)
    y.sum().backward()
    channels = array(y).reshape(20 * 30, -1)
    assert (channels == channels[:, :1]).all()
    assert set(np.unique(channels.round(6))) == {0.0, np.float32(1 / 0.75).round(6)}
    assert np.array_equal(array(x.grad), array(y))


@each_library
@pytest.mark.parametrize("kind", ["Dropout", "Dropout2d"])
def test_in_place_writes_into_the_input_and_the_gradient_knows(lib, kind):
    lib.manual_seed(3)
    x = lib.ones(4, 5, 2, 2, requires_grad=True)
    inner = x * 3
    module = getattr(lib.nn, kind)(0.5, inplace=True)
    assert module(inner) is inner
    inner.sum().backward()
    assert np.allclose(array(x.grad), array(inner))
    assert module.eval()(inner) is inner


@each_library
def test_in_place_on_a_leaf_that_is_trained_is_refused(lib):
    with pytest.raises(RuntimeError):
        lib.nn.functional.dropout(lib.ones(3, requires_grad=True), 0.5, inplace=True)


def test_second_derivatives_and_tangents_pass_the_mask():
    def run(lib):
        lib.manual_seed(4)
        x = lib.linspace(1, 2, 50, dtype=lib.float64, requires_grad=True)
        y = lib.nn.functional.dropout(x, 0.5)
        (g,) = lib.autograd.grad((y**3).sum(), x, create_graph=True)
        (h,) = lib.autograd.grad(g.sum(), x)
        mask = array(y.detach() / x.detach())
        return np.allclose(array(g), 3 * mask**3 * array(x) ** 2) and np.allclose(
            array(h), 6 * mask**3 * array(x)
        )

    assert both(run) == (True, True)


def test_the_tangent_passes_the_mask():
    def run(lib):
        x, t = lib.ones(50), lib.arange(50.0)
        y, tangent = lib.func.jvp(lambda x: lib.nn.functional.dropout(x, 0.5), (x,), (t,))
        return np.allclose(array(tangent), array(y) * array(t))

    assert both(run) == (True, True)


def test_masks_and_what_is_drawn_after_them_are_torchs_for_a_seed():
    torch.manual_seed(0)
    torch.empty(20).bernoulli_(0.5)
    after = torch.rand(1)
    torch.manual_seed(0)
    torch.rand(20, dtype=torch.float64)
    if not torch.equal(after, torch.rand(1)):
        pytest.skip("this torch draws masks from a library of the processor's maker (MKL)")

    def run(lib):
        lib.manual_seed(8)
        nn = lib.nn
        found = [nn.functional.dropout(lib.ones(n), p) for n in (1, 17, 300) for p in (0.2, 0.7)]
        found += [nn.functional.dropout2d(lib.ones(3, 4, 2, 2), 0.5), lib.rand(4)]
        return [array(each) for each in found]

    want, got = both(run)
    assert all(np.array_equal(a, b) for a, b in zip(got, want, strict=True))


@each_library
@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 4), (2, 3, 1, 1, 1)])
def test_dropout2d_warns_of_shapes_in_which_channels_are_not_clear(lib, shape):
    with pytest.warns(UserWarning, match="dropout2d"):
        lib.nn.functional.dropout2d(lib.ones(*shape), 0.5)


REFUSED = {
    "above 1": lambda lib: lib.nn.functional.dropout(lib.ones(2), 1.5),
    "below 0": lambda lib: lib.nn.functional.dropout2d(lib.ones(2, 2, 1, 1), -0.1),
    "in evaluation too": lambda lib: lib.nn.functional.dropout(lib.ones(2), 1.5, training=False),
    "module above 1": lambda lib: lib.nn.Dropout(1.01),
    "module below 0": lambda lib: lib.nn.Dropout2d(-1),
    "integers": lambda lib: lib.nn.functional.dropout(lib.ones(2).long(), 0.5),
    "no tensor": lambda lib: lib.nn.functional.dropout([1.0], 0.5),
    "channels of a vector": lambda lib: lib.nn.functional.dropout2d(lib.ones(3), 0.5),
}


@pytest.mark.filterwarnings("ignore:dropout2d")
@pytest.mark.parametrize("name", REFUSED)
def test_what_torch_refuses_is_refused(name):
    want, got = both(REFUSED[name])
    assert isinstance(want, str)
    assert got == want


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_integers_may_be_kept_or_dropped_altogether(p):
    want, got = both(lambda lib: lib.nn.functional.dropout(lib.ones(2).long(), p).tolist())
    assert got == want


def test_a_refusal_names_the_probability():
    with pytest.raises(ValueError, match=r"p has to be between 0 and 1, but got 1\.5"):
        dltk.nn.Dropout(1.5)


@pytest.mark.parametrize("make", [lambda nn: nn.Dropout(), lambda nn: nn.Dropout2d(0.2, True)])
def test_printing_is_torchs(make):
    want, got = both(lambda lib: repr(make(lib.nn)))
    assert got == want


@each_library
def test_nothing_of_nothing_is_dropped(lib):
    assert lib.nn.functional.dropout(lib.ones(0, 3), 0.5).shape == (0, 3)
    assert lib.nn.functional.dropout(lib.tensor(2.0), 0.5).shape == ()
