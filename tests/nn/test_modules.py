"""A module registers, walks, saves, loads, converts and prints as torch's."""

import copy
import pickle
from collections import OrderedDict

import numpy as np
import pytest
import torch
from comparing import array, both

import dltk

LIBRARIES = [torch, dltk]


def model(lib):
    nn = lib.nn

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Linear(3, 4)
            self.scale = nn.Parameter(lib.ones(4))
            self.register_parameter("absent", None)
            self.register_buffer("count", lib.zeros(2, dtype=lib.int64))
            self.register_buffer("mean", lib.ones(4))
            self.register_buffer("scratch", lib.ones(1), persistent=False)
            self.tied = self.first
            self.plain = [nn.Linear(2, 2)]
            self.rest = nn.Sequential(nn.ReLU(), nn.Linear(4, 2, bias=False))

        def forward(self, x):
            return self.rest(self.first(x) * self.scale)

    lib.manual_seed(7)
    return Block()


def names(pairs):
    return [name for name, _ in pairs]


OBSERVATIONS = {
    "parameters": lambda lib, m: names(m.named_parameters()),
    "own parameters": lambda lib, m: names(m.named_parameters(recurse=False)),
    "prefixed": lambda lib, m: names(m.named_parameters("net")),
    "tied twice": lambda lib, m: names(m.named_parameters(remove_duplicate=False)),
    "buffers": lambda lib, m: names(m.named_buffers()),
    "modules": lambda lib, m: names(m.named_modules()),
    "all places": lambda lib, m: names(m.named_modules(remove_duplicate=False)),
    "children": lambda lib, m: names(m.named_children()),
    "state": lambda lib, m: list(m.state_dict()),
    "prefixed state": lambda lib, m: list(m.state_dict(prefix="net.")),
    "values": lambda lib, m: [array(each) for each in m.state_dict().values()],
    "print": lambda lib, m: repr(m),
    "frozen": lambda lib, m: [p.requires_grad for p in m.requires_grad_(False).parameters()],
    "train": lambda lib, m: (
        [e.training for e in m.eval().modules()] + [e.training for e in m.train().modules()]
    ),
    "applied": lambda lib, m: applied(m),
    "double": lambda lib, m: [str(e.dtype).split(".")[1] for e in m.double().state_dict().values()],
    "half": lambda lib, m: [str(e.dtype).split(".")[1] for e in m.half().state_dict().values()],
    "to dtype": lambda lib, m: [
        str(e.dtype).split(".")[1] for e in m.to(lib.float64).state_dict().values()
    ],
    "to integers": lambda lib, m: m.to(lib.int64),
    "submodule": lambda lib, m: repr(m.get_submodule("rest.1")),
    "no submodule": lambda lib, m: m.get_submodule("rest.7"),
    "parameter": lambda lib, m: list(m.get_parameter("first.bias").shape),
    "no parameter": lambda lib, m: m.get_parameter("first.count"),
    "no attribute": lambda lib, m: m.nothing,
    "absent": lambda lib, m: m.absent,
    "tensor over parameter": lambda lib, m: setattr(m, "scale", lib.ones(4)),
    "number over module": lambda lib, m: setattr(m, "first", 3),
    "number over buffer": lambda lib, m: setattr(m, "mean", 3),
    "None over parameter": lambda lib, m: (setattr(m, "scale", None), list(m.state_dict()))[1],
    "parameter over plain": lambda lib, m: (
        setattr(m, "plain", lib.nn.Parameter(lib.ones(1))),
        names(m.named_parameters()),
    )[1],
    "deleted": lambda lib, m: (delattr(m, "scale"), delattr(m, "mean"), list(m.state_dict()))[2],
    "deleting nothing": lambda lib, m: delattr(m, "nothing"),
    "dotted name": lambda lib, m: m.register_buffer("a.b", None),
    "empty name": lambda lib, m: m.register_parameter("", None),
    "taken name": lambda lib, m: m.register_buffer("first", None),
    "non-leaf": lambda lib, m: m.register_parameter("x", m.scale * 2),
    "tensor as parameter": lambda lib, m: m.register_parameter("x", lib.ones(1)),
    "no module": lambda lib, m: m.add_module("x", 3),
    "missing keys": lambda lib, m: m.load_state_dict({}),
    "unexpected keys": lambda lib, m: m.load_state_dict({**m.state_dict(), "more": lib.ones(1)}),
    "wrong shape": lambda lib, m: m.load_state_dict({**m.state_dict(), "scale": lib.ones(5)}),
    "not a dictionary": lambda lib, m: m.load_state_dict([1]),
    "loose": lambda lib, m: repr(m.load_state_dict({"more": lib.ones(1)}, strict=False)),
    "matched": lambda lib, m: repr(m.load_state_dict(m.state_dict())),
    "no forward": lambda lib, m: lib.nn.Module()(1),
    "train of a number": lambda lib, m: m.train(3),
    "copied": lambda lib, m: [names(copy.deepcopy(m).named_parameters()), repr(copy.deepcopy(m))],
    "print of a parameter": lambda lib, m: str(m.scale),
    "versions": lambda lib, m: dict(m.state_dict(prefix="net.")._metadata),
    "versions of copies": lambda lib, m: dict(copy.copy(m.state_dict())._metadata),
    "another dtype": lambda lib, m: [
        str(e.dtype).split(".")[1] for e in m.type(lib.float64).state_dict().values()
    ],
    "another submodule": lambda lib, m: (m.set_submodule("rest.0", lib.nn.Tanh()), repr(m))[1],
    "another submodule nowhere": lambda lib, m: m.set_submodule("rest.9", lib.nn.Tanh()),
    "another submodule without a name": lambda lib, m: m.set_submodule("", lib.nn.Tanh()),
    "copied gradient": lambda lib, m: (
        m(lib.ones(2, 3)).sum().backward(),
        copy.deepcopy(m).scale.grad is None,
    )[1],
    "copied in its mode": lambda lib, m: [
        each.training for each in copy.deepcopy(m.eval()).modules()
    ],
    "copied frozen": lambda lib, m: [
        p.requires_grad for p in copy.deepcopy(m.requires_grad_(False)).parameters()
    ],
    "pickled": lambda lib, m: pickled(lib),
}


def pickled(lib):
    first = lib.nn.Sequential(lib.nn.Linear(2, 2), lib.nn.BatchNorm1d(2), lib.nn.Linear(2, 2))
    first[0].bias.requires_grad_(False)
    second = pickle.loads(pickle.dumps(first.eval()))
    same_values = all(
        lib.equal(a, b)
        for a, b in zip(first.state_dict().values(), second.state_dict().values(), strict=True)
    )
    kinds = [(type(p).__name__, p.requires_grad) for p in second.parameters()]
    return [repr(second), same_values, kinds, second.training, second[0].weight is first[0].weight]


def applied(m):
    seen = []
    m.apply(lambda each: seen.append(type(each).__name__))
    return seen


def same(got, want):
    if isinstance(want, np.ndarray):
        return np.array_equal(got, want)
    if isinstance(want, list):
        return len(got) == len(want) and all(map(same, got, want))
    return got == want


@pytest.mark.parametrize("name", OBSERVATIONS)
def test_a_module_shows_what_torchs_shows(name):
    want, got = both(lambda lib: OBSERVATIONS[name](lib, model(lib)))
    assert same(got, want), (got, want)


@pytest.mark.parametrize("kind", ["Linear", "Parameter"])
def test_nothing_is_registered_before_init(kind):
    def run(lib):
        class Early(lib.nn.Module):
            def __init__(self):
                self.part = lib.nn.Linear(1, 1) if kind == "Linear" else lib.nn.Parameter()

        Early()

    want, got = both(run)
    assert got == want == "raises AttributeError"


def test_a_module_that_skipped_init_cannot_be_called():
    def run(lib):
        class Bare(lib.nn.Module):
            def __init__(self):
                pass

            def forward(self, x):
                return x

        return Bare()(1)

    assert both(run) == ("raises AttributeError",) * 2


def deep_copies(lib):
    x = lib.arange(6.0).reshape(2, 3).requires_grad_()
    x.grad = lib.ones(2, 3)
    turned = lib.arange(6).reshape(2, 3).t()[1:]
    whole = lib.arange(4.0)
    shared = copy.deepcopy([whole, whole[1:], whole])
    shared[0][1] = 9
    again = copy.deepcopy(x)
    other = copy.deepcopy(turned)
    return [
        again.requires_grad,
        again.grad.tolist(),
        again.grad is not x.grad,
        other.tolist(),
        tuple(other.stride()),
        other.storage_offset(),
        shared[1].tolist(),
        shared[2] is shared[0],
        whole.tolist(),
    ]


def test_deep_copies_keep_gradients_layout_and_what_shares_memory():
    want, got = both(deep_copies)
    assert got == want


def test_a_computed_tensor_is_not_deeply_copied():
    def run(lib):
        return copy.deepcopy(lib.ones(2, requires_grad=True) * 2)

    assert both(run) == ("raises RuntimeError",) * 2


@pytest.mark.parametrize("lib", LIBRARIES, ids=["torch", "dltk"])
def test_a_state_is_live_and_loading_keeps_the_parameters(lib):
    m = model(lib)
    before, state = list(m.parameters()), m.state_dict()
    with lib.no_grad():
        m.scale.fill_(3)
    assert state["scale"].tolist() == [3, 3, 3, 3]
    assert not state["scale"].requires_grad
    changed = {name: each * 0 + 5 for name, each in state.items()}
    m.load_state_dict(changed)
    assert all(a is b for a, b in zip(m.parameters(), before, strict=True))
    assert m.scale.tolist() == [5, 5, 5, 5]
    assert state["mean"].tolist() == [5, 5, 5, 5]


@pytest.mark.parametrize("lib", LIBRARIES, ids=["torch", "dltk"])
def test_what_fits_is_loaded_and_all_that_does_not_is_named(lib):
    m = model(lib)
    state = {**m.state_dict(), "scale": lib.ones(5), "mean": lib.zeros(4), "more": lib.ones(1)}
    del state["count"]
    with pytest.raises(RuntimeError) as error:
        m.load_state_dict(state)
    assert all(f in str(error.value) for f in ("scale", '"more"', '"count"', "Block"))
    assert m.mean.tolist() == [0, 0, 0, 0]


def test_forward_and_backward_hooks_see_and_change_what_torchs_do():
    def run(lib):
        m, seen = model(lib), []
        m.first.register_forward_pre_hook(lambda mod, args: (args[0] * 2,))
        m.rest.register_forward_hook(lambda mod, args, out: out + 1)
        m.rest.register_full_backward_pre_hook(lambda mod, out: (out[0] * 3,))
        m.rest.register_full_backward_hook(
            lambda mod, into, out: seen.extend([array(into[0]), array(out[0])])
        )
        handle = m.register_forward_hook(lambda mod, args, out: seen.append("never"))
        handle.remove()
        m.first.register_full_backward_hook(lambda mod, into, out: seen.append(into[0] is None))
        m.register_full_backward_hook(lambda mod, into, out: (into[0] * 10,))
        x = lib.tensor([[1.0, 2.0, 3.0]], requires_grad=True)
        m(x).sum().backward()
        return [*seen, array(x.grad), *[array(p.grad) for p in m.parameters()]]

    want, got = both(run)
    for a, b in zip(got, want, strict=True):
        assert np.allclose(a, b, atol=1e-6)


def test_the_gradients_of_a_model_are_torchs():
    def run(lib):
        m = model(lib)
        m(lib.arange(6.0).reshape(2, 3)).square().sum().backward()
        grads = [array(p.grad) for p in m.parameters()]
        m.zero_grad(set_to_none=False)
        zeros = [array(p.grad) for p in m.parameters()]
        m.zero_grad()
        assert all(p.grad is None for p in m.parameters())
        return grads + zeros

    want, got = both(run)
    for a, b in zip(got, want, strict=True):
        assert np.allclose(a, b, rtol=1e-5, atol=1e-6)


def layers(lib):
    nn = lib.nn
    return nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1, bias=False)


def changed(container, change):
    change(container)
    return repr(container), list(container.state_dict())


CONTAINERS = {
    "sequential": lambda lib: repr(lib.nn.Sequential(*layers(lib))),
    "named": lambda lib: repr(lib.nn.Sequential(OrderedDict(zip("abc", layers(lib), strict=True)))),
    "slice": lambda lib: repr(lib.nn.Sequential(*layers(lib))[1:]),
    "last": lambda lib: repr(lib.nn.Sequential(*layers(lib))[-1]),
    "beyond": lambda lib: lib.nn.Sequential(*layers(lib))[3],
    "sum": lambda lib: repr(lib.nn.Sequential(*layers(lib)) + lib.nn.Sequential(lib.nn.Identity())),
    "delete": lambda lib: changed(
        lib.nn.Sequential(*layers(lib)), lambda s: s.__delitem__(slice(0, 2))
    ),
    "delete one": lambda lib: changed(lib.nn.Sequential(*layers(lib)), lambda s: s.__delitem__(0)),
    "append": lambda lib: changed(
        lib.nn.Sequential(*layers(lib)), lambda s: s.append(lib.nn.Tanh())
    ),
    "insert": lambda lib: changed(
        lib.nn.Sequential(*layers(lib)), lambda s: s.insert(1, lib.nn.Tanh())
    ),
    "replace": lambda lib: changed(
        lib.nn.Sequential(*layers(lib)), lambda s: s.__setitem__(-1, lib.nn.Tanh())
    ),
    "list": lambda lib: repr(lib.nn.ModuleList(layers(lib))),
    "repeated": lambda lib: repr(
        lib.nn.ModuleList([lib.nn.Sequential(lib.nn.Linear(2, 2)) for _ in range(3)])
    ),
    "empty list": lambda lib: repr(lib.nn.ModuleList()),
    "list insert": lambda lib: changed(
        lib.nn.ModuleList(layers(lib)), lambda s: s.insert(0, lib.nn.Linear(1, 1))
    ),
    "list pop": lambda lib: changed(lib.nn.ModuleList(layers(lib)), lambda s: s.pop(0)),
    "list slice": lambda lib: repr(lib.nn.ModuleList(layers(lib))[:2]),
    "list of a number": lambda lib: lib.nn.ModuleList(3),
    "dictionary": lambda lib: changed(
        lib.nn.ModuleDict({"x": lib.nn.Linear(1, 1), "y": lib.nn.ReLU()}),
        lambda d: d.update({"z": lib.nn.Linear(2, 2), "x": lib.nn.Tanh()}),
    ),
    "dictionary keys": lambda lib: list(lib.nn.ModuleDict([["u", lib.nn.ReLU()]]).keys()),
    "missing key": lambda lib: lib.nn.ModuleDict()["u"],
    "parameters": lambda lib: changed(
        lib.nn.ParameterList([lib.ones(2, 3), lib.nn.Parameter(lib.ones(1))]),
        lambda p: p.append(lib.zeros(2)),
    ),
    "repeated sequence": lambda lib: repr(lib.nn.Sequential(*layers(lib)) * 2),
    "repeated from the left": lambda lib: repr(2 * lib.nn.Sequential(*layers(lib))),
    "repeated in place": lambda lib: changed(
        lib.nn.Sequential(*layers(lib)), lambda s: s.__imul__(3)
    ),
    "repeated no times": lambda lib: lib.nn.Sequential(*layers(lib)) * 0,
    "repeated half": lambda lib: lib.nn.Sequential(*layers(lib)) * 0.5,
    "lengthened": lambda lib: changed(
        lib.nn.Sequential(*layers(lib)), lambda s: s.__iadd__(lib.nn.Sequential(lib.nn.Tanh()))
    ),
    "sum with a layer": lambda lib: lib.nn.Sequential(*layers(lib)) + lib.nn.Tanh(),
    "lengthened by a layer": lambda lib: lib.nn.Sequential().__iadd__(lib.nn.Tanh()),
    "called list": lambda lib: lib.nn.ParameterList()(1),
}


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_container_is_torchs(name):
    want, got = both(CONTAINERS[name])
    assert str(got).replace("dltk.", "torch.") == str(want)


def test_many_modules_are_ordered_by_position_not_by_name():
    m = dltk.nn.Sequential(*[dltk.nn.Linear(1, 1, bias=False) for _ in range(12)])
    assert list(m.state_dict())[-2:] == ["10.weight", "11.weight"]


def test_a_classifier_written_by_hand_trains_step_by_step_as_torchs():
    def run(lib):
        lib.manual_seed(11)
        nn = lib.nn
        net = nn.Sequential(nn.Linear(8, 16), nn.SiLU(), nn.Linear(16, 3))
        criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
        x, y = lib.randn(32, 8), lib.randint(0, 3, (32,))
        losses = []
        for _ in range(20):
            loss = criterion(net(x), y)
            net.zero_grad()
            loss.backward()
            with lib.no_grad():
                for p in net.parameters():
                    p -= 0.5 * p.grad
            losses.append(loss.item())
        return losses

    want, got = both(run)
    assert want[-1] < 0.8 * want[0]
    assert np.allclose(got, want, rtol=1e-4)
