"""Graphs end without recursion, and loops do not grow."""

import gc
import sys
import tracemalloc
import weakref

import numpy as np
import pytest

import dltk
from dltk import nn

LENGTH = 100_000


@pytest.fixture(autouse=True)
def without_the_collector_of_cycles():
    """What only the collector of cycles would free counts as kept."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def chain(length):
    x = dltk.tensor(1.0, dtype=dltk.float64, requires_grad=True)
    y = x
    for _ in range(length):
        y = y * 0.999999
    return x, y


@pytest.mark.parametrize("how", ["dropped", "backward", "retained", "to inputs"])
def test_a_chain_of_100_000_operations_is_freed_without_recursion(how):
    limit = sys.getrecursionlimit()
    x, y = chain(LENGTH)
    first = weakref.ref(y.grad_fn)
    if how in ("backward", "retained"):
        y.backward(retain_graph=how == "retained")
        assert np.isclose(x.grad.item(), 0.999999**LENGTH)
    elif how == "to inputs":
        (gradient,) = dltk.autograd.grad(y, x)
        assert np.isclose(gradient.item(), 0.999999**LENGTH)
    del y
    assert first() is None
    assert sys.getrecursionlimit() == limit


def test_a_chain_of_writes_in_place_is_freed_without_recursion():
    x = dltk.ones(2, requires_grad=True)
    y = x * 1
    for _ in range(20_000):
        y.mul_(1.0)
    y.sum().backward()
    assert x.grad.tolist() == [1, 1]
    del y


def test_second_derivatives_of_a_long_chain_are_freed_without_recursion():
    x, y = chain(3000)
    z = (y * y).sum()
    (slope,) = dltk.autograd.grad(z, x, create_graph=True)
    (curvature,) = dltk.autograd.grad(slope, x)
    assert np.isclose(curvature.item(), 2 * 0.999999**6000)


def test_a_chain_of_views_is_freed_without_recursion():
    x = dltk.ones(2, 3, requires_grad=True)
    y = x
    for _ in range(20_000):
        y = y.t()
    y.sum().backward()
    assert x.grad.shape == (2, 3)
    del y


def network():
    dltk.manual_seed(0)
    layers = [nn.Linear(8, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.1), nn.Linear(16, 3)]
    return nn.Sequential(*layers)


def training(steps_with):
    model = network()
    optimizer = dltk.optim.Adam(model.parameters(), lr=1e-3)
    schedule = dltk.optim.lr_scheduler.StepLR(optimizer, 100)
    x, classes = dltk.randn(32, 8), dltk.randint(0, 3, (32,))

    def step():
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), classes)
        steps_with(model, loss, x)
        optimizer.step()
        schedule.step()

    return step


def plain(model, loss, x):
    loss.backward()


def dropped_without_backward(model, loss, x):
    assert loss.requires_grad


def with_hooks(model, loss, x):
    seen = []
    hidden = model[0](x)
    handles = [
        hidden.register_hook(lambda gradient: seen.append(gradient.shape)),
        model[0].weight.register_hook(lambda gradient: gradient * 2),
        model[0].weight.register_post_accumulate_grad_hook(lambda leaf: None),
        model[4].register_forward_hook(lambda module, inputs, output: None),
    ]
    hidden.retain_grad()
    (loss + hidden.square().mean()).backward()
    for handle in handles:
        handle.remove()
    assert seen


def clipped_and_penalized(model, loss, x):
    gradients = dltk.autograd.grad(loss, list(model.parameters()), create_graph=True)
    penalty = sum((each * each).sum() for each in gradients)
    (loss + 0.01 * penalty.detach()).backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)


def in_forward_mode(model, loss, x):
    dltk.func.jvp(lambda each: each.tanh().sum(), (x,), (x,))
    loss.backward()


def written_in_place(model, loss, x):
    y = model[0](x).clone()
    y[:, 0] = 0
    y[1:].mul_(2)
    (loss + y.mean()).backward()


STEPS = [
    plain,
    dropped_without_backward,
    with_hooks,
    clipped_and_penalized,
    in_forward_mode,
    written_in_place,
]


def growth(step, steps):
    """How many bytes more are allocated after `steps` steps than after a few."""
    for _ in range(20):
        step()
    tracemalloc.start()
    try:
        step()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(steps):
            step()
        return tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("steps_with", STEPS)
def test_sixty_training_steps_keep_nothing(steps_with):
    # Each step kept would be 20,000 bytes or more; free lists hold some hundred thousand in all.
    assert growth(training(steps_with), 60) < 500_000


@pytest.mark.slow
@pytest.mark.parametrize("steps_with", STEPS)
def test_a_loop_of_1_000_steps_does_not_grow(steps_with):
    resource = pytest.importorskip("resource", reason="needs the peak of the process's memory")
    step = training(steps_with)
    for _ in range(100):
        step()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert growth(step, 1000) < 1_000_000
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    unit = 1 if sys.platform == "darwin" else 1024
    assert grown * unit < 30 * 2**20
