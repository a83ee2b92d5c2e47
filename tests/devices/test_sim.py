"""A simulated device: memory of its own, transfers that are counted, and no mixing."""

import copy
import io
import pickle

import numpy as np
import pytest
import torch
from comparing import nearest_builtin

import dltk
from dltk import sim

SIM = dltk.device("sim:0")


@pytest.fixture(autouse=True)
def counters():
    found = sim.counters(0)
    found.reset()
    return found


def test_a_tensor_goes_there_and_back_in_one_transfer_each(counters):
    x = dltk.arange(6, dtype=dltk.float32).reshape(2, 3)
    there = x.to("sim")
    assert (counters.copies_in, counters.bytes_in) == (1, 24)
    back = (there + 1).cpu()
    assert (counters.copies_out, counters.bytes_out) == (1, 24)
    assert there.device == SIM
    assert back.device == dltk.device("cpu")
    assert back.tolist() == [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]


def test_the_memory_is_its_own():
    x = dltk.zeros(3)
    there = x.to("sim")
    there.add_(1)
    x.sub_(1)
    assert there.tolist() == [1.0, 1.0, 1.0]


def test_numpy_does_not_reach_into_it():
    x = dltk.ones(2, device="sim")
    for read in (lambda: x.numpy(), lambda: np.asarray(x), lambda: x.__dlpack__()):
        with pytest.raises(TypeError, match="can't convert sim:0 device type tensor to numpy"):
            read()
    with pytest.raises(BufferError):
        x.__dlpack_device__()
    assert x.numpy(force=True).tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    "read",
    [
        lambda x: x.sum().item(),
        lambda x: x.tolist(),
        repr,
        lambda x: bool((x > 0).all()),
        lambda x: float(x.sum()),
        lambda x: f"{x.sum():.1f}",
        lambda x: x.cpu(),
    ],
)
def test_whatever_asks_for_elements_is_one_transfer(counters, read):
    x = dltk.ones(2, device="sim")
    read(x)
    assert counters.copies_out == 1


def test_creating_and_computing_transfer_nothing(counters):
    x = dltk.rand(8, 8, device="sim", requires_grad=True)
    loss = (x @ dltk.ones(8, 8, device="sim")).relu().mean()
    loss.backward()
    values, places = dltk.zeros_like(x).sort(1)
    values[0, places[0]] = x.new_full((8,), 2.0)
    assert (counters.copies_in, counters.copies_out) == (0, 0)
    assert counters.kernels > 5


def test_it_prints_as_torch_prints_a_device():
    assert repr(dltk.ones(2, device="sim")) == "tensor([1., 1.], device='sim:0')"
    assert dltk.ones(1, device="sim").type() == "dltk.sim.FloatTensor"
    assert dltk.ones(1).type() == torch.ones(1).type().replace("torch", "dltk")


MIXED = {
    "add": lambda lib, x, y: x + y,
    "mul the other way": lambda lib, x, y: y * x,
    "where": lambda lib, x, y: lib.where(x > 0, x, y),
    "maximum": lambda lib, x, y: lib.maximum(x, y),
    "comparison": lambda lib, x, y: x == y,
    "lerp": lambda lib, x, y: lib.lerp(x, y, 0.5),
    "out": lambda lib, x, y: lib.add(x, x, out=y),
    "a 0-d tensor of the device": lambda lib, x, y: x.sum() + y,
}


@pytest.mark.parametrize("name", MIXED)
def test_devices_do_not_mix_where_torchs_meta_device_does_not(name):
    with pytest.raises(RuntimeError) as theirs:
        MIXED[name](torch, torch.zeros(2, 2, device="meta"), torch.ones(2, 2))
    with pytest.raises(RuntimeError, match=r"sim:0.*cpu|cpu.*sim:0") as ours:
        MIXED[name](dltk, dltk.zeros(2, 2, device="sim"), dltk.ones(2, 2))
    assert nearest_builtin(ours.value) == nearest_builtin(theirs.value)


@pytest.mark.parametrize(
    "run",
    [
        lambda x, y: x @ y,
        lambda x, y: x.add_(y),
        lambda x, y: y.add_(x),
        lambda x, y: dltk.cat([x, y]),
        lambda x, y: dltk.nn.functional.linear(x, y),
        lambda x, y: dltk.nn.Linear(2, 2)(x),
        lambda x, y: x.gather(0, y.long()),
        lambda x, y: x.masked_fill(y > 0, 1.0),
        lambda x, y: y[x.long()],
        lambda x, y: dltk.nn.functional.conv2d(x[None, None], y[None, None]),
    ],
)
def test_other_operations_refuse_two_devices_too(run):
    with pytest.raises(RuntimeError, match=r"device"):
        run(dltk.zeros(2, 2, device="sim"), dltk.ones(2, 2))


def test_a_number_in_the_cpus_memory_may_meet_any_device_and_gets_its_gradient_there():
    x = dltk.ones(3, device="sim", requires_grad=True)
    a, b = dltk.tensor(2.0, requires_grad=True), dltk.tensor([1.0, 2.0], requires_grad=True)
    ((a * b).sum() * x).sum().backward()
    assert [each.grad.device.type for each in (x, a, b)] == ["sim", "cpu", "cpu"]
    assert (a.grad.item(), b.grad.tolist()) == (9.0, [6.0, 6.0])


def test_an_index_of_the_cpu_is_brought_to_the_device(counters):
    x = dltk.arange(4.0, device="sim")
    assert x[dltk.tensor([2, 0])].device == SIM
    assert counters.copies_in == 1
    x[dltk.tensor([0, 1])] = 5.0
    assert x.tolist() == [5.0, 5.0, 2.0, 3.0]


def test_a_model_is_copied_and_saved_with_its_device():
    model = dltk.nn.Linear(2, 2).to("sim")
    for other in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert {each.device for each in other.parameters()} == {SIM}
    file = io.BytesIO()
    dltk.save(model.state_dict(), file)
    places = {None: "sim", "cpu": "cpu"}
    for location, kind in places.items():
        file.seek(0)
        loaded = dltk.load(file, map_location=location)
        assert {each.device.type for each in loaded.values()} == {kind}
        assert loaded["weight"].tolist() == model.weight.tolist()


def test_memory_is_given_back():
    before = sim.memory_allocated()
    x = dltk.zeros(1000, device="sim")
    assert sim.memory_allocated() - before == 4000
    del x
    assert sim.memory_allocated() == before


def test_a_function_of_ones_own_sees_tensors_of_the_device():
    seen = []

    class Double(dltk.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, gradient):
            seen.append(gradient.device)
            return gradient * 2

    x = dltk.ones(2, device="sim", requires_grad=True)
    Double.apply(x).sum().backward()
    assert seen == [SIM]
    assert x.grad.tolist() == [2.0, 2.0]
