"""Modes reach every descendant, and a new head trains alone on a frozen model."""

import numpy as np
import pytest
import torch
from comparing import array

import dltk
from dltk.nn import modes

LIBRARIES = [torch, dltk]
each_library = pytest.mark.parametrize("lib", LIBRARIES, ids=["torch", "dltk"])


def network(lib):
    nn = lib.nn
    lib.manual_seed(3)
    body = nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Dropout(0.5))
    return nn.Sequential(body, nn.Sequential(nn.Tanh()), nn.Linear(6, 2))


@each_library
def test_a_mode_reaches_every_descendant_and_the_module_returns(lib):
    model = network(lib)
    assert model.eval() is model
    assert not any(each.training for each in model.modules())
    assert model.train() is model
    assert all(each.training for each in model.modules())


@each_library
def test_a_module_with_a_train_of_its_own_keeps_it_in_a_larger_one(lib):
    class Frozen(lib.nn.BatchNorm1d):
        def train(self, mode=True):
            return super().train(False)

    model = lib.nn.Sequential(lib.nn.Linear(2, 2), lib.nn.Sequential(Frozen(2)))
    model.train()
    assert model.training
    assert not model[1][0].training


@each_library
def test_a_shared_module_and_an_absent_one_are_no_trouble(lib):
    model = network(lib)
    model.again = model[2]
    model.register_module("absent", None)
    model.eval()
    assert not model.again.training


def test_modes_go_through_the_owned_function(monkeypatch):
    seen = []
    original = modes.set_mode
    monkeypatch.setattr(modes, "set_mode", lambda m, mode: (seen.append(m), original(m, mode))[1])
    model = network(dltk)
    model.eval()
    assert seen == list(model.modules())


def test_what_is_frozen_asks_for_no_gradient_and_its_statistics_stay():
    model = network(dltk)
    assert modes.freeze(model) is model
    before = {name: array(each) for name, each in model.state_dict().items()}
    found = model(dltk.ones(3, 4))
    assert found.grad_fn is None
    assert all(np.array_equal(before[n], array(each)) for n, each in model.state_dict().items())
    assert not any(each.training for each in model.modules())


def trained_heads(lib, replace):
    """Three steps on a new head; the whole state before and after, and the losses."""
    model = network(lib)
    lib.manual_seed(4)
    head = lib.nn.Linear(6, 3)
    optimizer = lib.optim.SGD(replace(model, "2", head), lr=0.1)
    before = {name: array(each) for name, each in model.state_dict().items()}
    losses = []
    for _ in range(3):
        loss = model(lib.linspace(-1, 1, 20).reshape(5, 4)).square().sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    after = {name: array(each) for name, each in model.state_dict().items()}
    assert model[2] is head
    return before, after, losses


def replace_in_torch(model, name, head):
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    model.eval()
    setattr(model, name, head)
    return list(head.parameters())


def test_only_a_new_head_moves_and_as_in_torch():
    _, _, want = trained_heads(torch, replace_in_torch)
    before, after, got = trained_heads(dltk, modes.replace_head)
    assert np.allclose(got, want, rtol=1e-5)
    moved = {name for name in before if not np.array_equal(before[name], after[name])}
    assert moved == {"2.weight", "2.bias"}


def test_a_head_deep_in_a_model_is_trained_and_all_around_it_evaluated():
    model = network(dltk)
    head = dltk.nn.Sequential(dltk.nn.Dropout(0.5), dltk.nn.Linear(6, 3)).eval()
    parameters = modes.replace_head(model, "2", head)
    assert [id(each) for each in parameters] == [id(each) for each in head.parameters()]
    assert all(each.training for each in head.modules())
    assert not any(each.training for each in model[0].modules())
    assert {each.requires_grad for each in head.parameters()} == {True}
