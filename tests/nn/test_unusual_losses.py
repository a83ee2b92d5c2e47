"""Losses where every target is ignored, a number is infinite, or there is nothing to compare."""

import math

import numpy as np
import pytest
from comparing import array, assert_same, both, seed_like

LOGITS = np.random.default_rng(3).normal(size=(3, 4, 2))
pytestmark = pytest.mark.filterwarnings("ignore:reduction")


def with_slopes(lib, loss, *tensors):
    """The loss and the derivatives by each tensor, or zeros where one has none."""
    grads = lib.autograd.grad(loss, tensors, seed_like(lib, loss), allow_unused=True)
    return [
        array(loss),
        *(
            array(lib.zeros_like(t) if g is None else g)
            for t, g in zip(tensors, grads, strict=True)
        ),
    ]


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize(
    "options",
    [{}, {"label_smoothing": 0.2}, {"weight": [0.5, 0, 2.0, math.nan]}, {"weight": [0.0] * 4}],
    ids=str,
)
def test_what_is_ignored_gets_a_slope_of_0_though_the_mean_is_not_a_number(options, reduction):
    def run(lib):
        f = lib.nn.functional
        x = lib.tensor(LOGITS, requires_grad=True)
        given = dict(options)
        if "weight" in options:
            given["weight"] = lib.tensor(options["weight"], dtype=lib.float64)
        found = []
        for target in (lib.full((3, 2), 3), lib.tensor([[3, 3], [3, 3], [3, 1]])):
            loss = f.cross_entropy(x, target, ignore_index=3, reduction=reduction, **given)
            found += with_slopes(lib, loss, x)
        return found

    want, got = both(run)
    assert_same(got, want, 1e-9)
    assert reduction != "mean" or np.isnan(got[0])
    assert (got[1] == 0).all() or "label_smoothing" in options


def test_the_tangent_of_what_is_ignored_is_0():
    def run(lib):
        x = lib.tensor(LOGITS[:, :, 0])
        t = lib.full_like(x, float("inf"))

        def loss(x):
            return lib.nn.functional.nll_loss(
                x, lib.full((3,), 1), ignore_index=1, reduction="none"
            )

        return [array(each) for each in lib.func.jvp(loss, (x,), (t,))]

    want, got = both(run)
    assert_same(got, want, 1e-9)


@pytest.mark.parametrize("name", ["smooth_l1_loss", "huber_loss"])
def test_an_infinite_difference_has_the_slope_of_the_line(name):
    def run(lib):
        x = lib.tensor([math.inf, -math.inf, 0.25, 1.0, 3.0], requires_grad=True)
        y = lib.tensor([0.0, 1.0, 0.5, 0.0, math.inf], requires_grad=True)
        loss = getattr(lib.nn.functional, name)(x, y, reduction="none")
        tangent = lib.func.jvp(
            lambda x: getattr(lib.nn.functional, name)(x, y.detach(), reduction="none"),
            (x.detach(),),
            (lib.ones(5),),
        )[1]
        return [*with_slopes(lib, loss, x, y), array(tangent)]

    want, got = both(run)
    assert_same(got, want, 1e-9)
    assert np.isfinite(got[1]).all()


def test_the_slopes_by_a_target_at_its_bounds_are_torchs():
    def run(lib):
        f = lib.nn.functional
        x = lib.tensor([0.0, 1.0, 0.5], requires_grad=True)
        y = lib.tensor([0.0, 1.0, 0.0], requires_grad=True)
        divergence = f.kl_div(x, y, reduction="sum")
        crossed = f.binary_cross_entropy(x, y, reduction="sum")
        return with_slopes(lib, divergence, x, y) + with_slopes(lib, crossed, x, y)

    want, got = both(run)
    assert_same(got, want, 1e-6)


@pytest.mark.parametrize("target", [-0.5, 1.5, math.nan])
def test_binary_cross_entropy_takes_shares_as_targets(target):
    def run(lib):
        return lib.nn.functional.binary_cross_entropy(lib.tensor([0.5]), lib.tensor([target]))

    assert both(run) == ("raises RuntimeError", "raises RuntimeError")


LOSSES = (
    "mse_loss l1_loss smooth_l1_loss huber_loss kl_div binary_cross_entropy "
    "binary_cross_entropy_with_logits"
)


@pytest.mark.parametrize("name", LOSSES.split())
def test_the_mean_over_an_empty_batch_is_recorded(name):
    def run(lib):
        x = lib.zeros(0, 2, requires_grad=True)
        loss = getattr(lib.nn.functional, name)(x, lib.zeros(0, 2))
        loss.backward()
        return [array(loss), loss.grad_fn.name(), array(x.grad)]

    want, got = both(run)
    assert_same(got, want, 1e-9)
    assert np.isnan(got[0])
