"""Tensors, modules and whole epochs of training on another device; the current device."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from comparing import outcome

import dltk
from dltk import nn, sim
from dltk.devices.epoch import train_epoch

ROOT = Path(__file__).resolve().parents[2]


def _run(program, **variables):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


TO = {
    "its own dtype": lambda lib, x: x.to(lib.float32) is x,
    "its own device": lambda lib, x: x.to("cpu") is x,
    "both": lambda lib, x: x.to("cpu", lib.float32) is x,
    "like itself": lambda lib, x: x.to(x) is x,
    "nothing": lambda lib, x: x.to(device=None) is x,
    "a copy": lambda lib, x: x.to("cpu", copy=True) is x,
    "cpu()": lambda lib, x: x.cpu() is x,
    "another dtype": lambda lib, x: str(x.to(lib.float64).dtype)[-7:],
    "device and dtype": lambda lib, x: str(x.to("cpu", lib.int64).dtype)[-5:],
    "like another": lambda lib, x: str(x.to(lib.ones(1, dtype=lib.float64)).dtype)[-7:],
    "type()": lambda lib, x: x.type()[-11:],
    "type of a string": lambda lib, x: str(x.type("torch.DoubleTensor").dtype)[-7:],
    "no device": lambda lib, x: x.to("gpu"),
    "a number of an accelerator that is not there": lambda lib, x: x.to("cuda:1"),
    "get_device": lambda lib, x: x.get_device(),
    "is_cuda": lambda lib, x: x.is_cuda,
}


@pytest.mark.parametrize("name", TO)
def test_to_gives_what_it_gives_in_torch(name):
    want, got = (
        outcome(lib, lambda lib=lib: TO[name](lib, lib.ones(2, 3))) for lib in (torch, dltk)
    )
    assert got == want


def test_a_tensor_moves_only_if_it_must_and_its_gradient_comes_back():
    x = dltk.ones(2, requires_grad=True)
    there = x.to("sim", dltk.float64)
    assert there.to("sim") is there
    assert there.to("sim:0", dltk.float64) is there
    assert there.to("sim", copy=True) is not there
    assert there.grad_fn.name() == "ToCopyBackward0"
    (there * there).sum().backward()
    assert x.grad.device == x.device
    assert x.grad.dtype is dltk.float32
    assert x.grad.tolist() == [2.0, 2.0]
    assert x.device == dltk.device("cpu")


def test_a_transposed_tensor_keeps_its_strides_on_the_way():
    assert dltk.ones(2, 3).t().to("sim").stride() == (1, 3)


def test_the_second_derivative_and_the_tangent_go_along():
    x = dltk.tensor([2.0], requires_grad=True)
    (first,) = dltk.autograd.grad((x.to("sim") ** 3).cpu(), x, create_graph=True)
    (second,) = dltk.autograd.grad(first, x)
    assert (first.item(), second.item()) == (12.0, 12.0)
    _, tangent = dltk.func.jvp(lambda v: v.to("sim") ** 2, (x.detach(),), (dltk.ones(1),))
    assert (tangent.device.type, tangent.item()) == ("sim", 4.0)


def test_the_current_device_is_restored_also_after_an_exception():
    program = """
import dltk, dltk.sim as sim
x = dltk.ones(1)
there = [x.sim().device]
outer = sim.device(1)
with outer:
    there.append(x.sim().device)
    with sim.device('sim:0'):
        there.append(dltk.ones(1, device='sim').device)
        with outer:
            there.append(sim.current_device())
    try:
        with sim.device(0):
            raise KeyError
    except KeyError:
        there.append(sim.current_device())
    with sim.device(-1):
        there.append(sim.current_device())
there.append(sim.current_device())
before = x.sim()
sim.set_device(1)
there += [before.device, x.sim().device]
print(*there)
"""
    want = ["sim:0", "sim:1", "sim:0", "1", "1", "1", "0", "sim:0", "sim:1"]
    assert _run(program, DLTK_SIM_DEVICES="2") == want


def test_two_simulated_devices_do_not_mix_and_transfers_go_between_them():
    program = """
import dltk
a, b = dltk.ones(2, device='sim:0'), dltk.ones(2, device='sim:1')
try:
    a + b
except RuntimeError as error:
    print('sim:0' in str(error) and 'sim:1' in str(error))
print((a.to('sim:1') + b).tolist() == [2.0, 2.0])
"""
    assert _run(program, DLTK_SIM_DEVICES="2") == ["True", "True"]


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(3, 3), nn.Linear(3, 3)
        self.second.weight = self.first.weight
        self.norm = nn.BatchNorm1d(3)
        self.register_buffer("nothing", None)

    def forward(self, x):
        return self.norm(self.second(self.first(x)))


def test_a_module_moves_in_place_with_its_gradients_buffers_and_ties():
    model = Tied()
    model(dltk.ones(4, 3)).sum().backward()
    before = list(model.parameters())
    assert model.to("sim") is model
    assert all(a is b for a, b in zip(before, model.parameters(), strict=True))
    assert model.first.weight is model.second.weight
    everything = [*before, *[each.grad for each in before], *model.buffers()]
    assert {each.device.type for each in everything} == {"sim"}
    assert model.norm.num_batches_tracked.dtype is dltk.int64
    model.to(dltk.float64)
    assert model.first.weight.dtype is dltk.float64
    assert model.norm.num_batches_tracked.dtype is dltk.int64
    assert {each.device.type for each in model.cpu().parameters()} == {"cpu"}


def _trained(device, optimizer):
    dltk.manual_seed(0)
    model = nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 3))
    model.to(device)
    made = getattr(dltk.optim, optimizer)(model.parameters(), lr=0.01)
    batches = [(dltk.randn(5, 6), dltk.randint(0, 3, (5,))) for _ in range(4)]
    sim.counters(0).reset()
    loss = [
        train_epoch(model, batches, nn.functional.cross_entropy, made, device) for _ in range(2)
    ]
    state = [each.detach().cpu().numpy() for each in model.state_dict().values()]
    return loss, state


@pytest.mark.parametrize("optimizer", ["SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta"])
def test_an_epoch_on_sim_is_the_epoch_on_the_cpu(optimizer):
    (want, parameters), (got, others) = _trained("cpu", optimizer), _trained("sim", optimizer)
    assert got == want
    assert all(np.array_equal(a, b) for a, b in zip(parameters, others, strict=True))


def test_an_epoch_brings_each_batch_over_once_and_the_loss_back_once():
    dltk.manual_seed(0)
    model = nn.Linear(6, 3).to("sim")
    optimizer = dltk.optim.Adam(model.parameters())
    batches = [(dltk.randn(5, 6), dltk.randint(0, 3, (5,))) for _ in range(4)]
    counters = sim.counters(0)
    counters.reset()
    train_epoch(model, batches, nn.functional.cross_entropy, optimizer, "sim")
    assert (counters.copies_in, counters.bytes_in) == (8, 4 * (5 * 6 * 4 + 5 * 8))
    assert (counters.copies_out, counters.bytes_out) == (1, 4)


def test_an_epoch_agrees_with_torch():
    def run(lib):
        lib.manual_seed(0)
        model = lib.nn.Linear(6, 3)
        optimizer = lib.optim.SGD(model.parameters(), lr=0.1)
        batches = [(lib.randn(5, 6), lib.randint(0, 3, (5,))) for _ in range(4)]
        loss = lib.nn.functional.cross_entropy
        return train_epoch(model, batches, loss, optimizer, "cpu")

    assert np.isclose(run(dltk), run(torch), rtol=1e-5)


OWNED = {
    "spec.parse": lambda: dltk.device("sim"),
    "visible.visible": lambda: sim.device_count(),
    "current.current_index": lambda: dltk.ones(1).to("sim"),
    "current.select": lambda: sim.device(0).__enter__(),
    "placement.to": lambda: dltk.ones(1).to("cpu"),
    "placement.together": lambda: dltk.ones(1, device="sim") @ dltk.ones(1, device="sim"),
    "moving.move": lambda: nn.Linear(1, 1).to("sim"),
}
USERS = {
    "spec.parse": "dltk.core.device.parse",
    "visible.visible": "dltk.backends.sim.visible",
    "current.current_index": "dltk.backends.registry.current_index",
    "current.select": "dltk.devices.current.select",
    "placement.to": "dltk.devices.placement.to",
    "placement.together": "dltk.devices.placement.together",
    "moving.move": "dltk.nn.conversion.move",
}


@pytest.mark.parametrize("name", OWNED)
def test_what_students_write_is_on_the_live_path(name, monkeypatch):
    def blank(*args, **kwargs):
        raise NotImplementedError(name)

    OWNED[name]()
    monkeypatch.setattr(USERS[name], blank)
    with pytest.raises(NotImplementedError, match=name):
        OWNED[name]()
