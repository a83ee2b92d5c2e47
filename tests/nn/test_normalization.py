"""Normalization gives torch's values, derivatives, running statistics, states and errors."""

import numpy as np
import pytest
import torch
from comparing import array, assert_same, both, seed_like
from layer_comparison import assert_differentiates_as_torch

import dltk
from dltk.autograd.state import tracking
from dltk.core.primitive import Kept

LIBRARIES = [torch, dltk]
numbers = np.random.RandomState(6)


def normal(*shape, mean=1.0, spread=2.0):
    return numbers.normal(mean, spread, shape)


IMAGES = normal(3, 4, 2, 5)
SEQUENCES = normal(4, 6, 3)
ROWS = normal(5, 4)
FOUR, SIX = (normal(4), normal(4, mean=0)), (normal(6), normal(6, mean=0))
PLANE = (normal(2, 5), normal(2, 5))


def batch(lib, x, w=None, b=None):
    return lib.nn.functional.batch_norm(x, None, None, w, b, True, eps=1e-3)


def by_running(lib, x, w=None, b=None):
    channels = x.shape[1]
    mean = lib.arange(channels, dtype=x.dtype) / 3
    return lib.nn.functional.batch_norm(x, mean, mean + 0.5, w, b)


def layer(*shape):
    return lambda lib, x, w=None, b=None: lib.nn.functional.layer_norm(x, shape, w, b, 1e-3)


def group(count):
    return lambda lib, x, w=None, b=None: lib.nn.functional.group_norm(x, count, w, b)


def rms(*shape):
    return lambda lib, x, w=None: lib.nn.functional.rms_norm(x, shape, w)


def turned(program):
    """`program` on a tensor of which the last two dimensions are exchanged in memory."""
    return lambda lib, x, *rest: program(lib, x.transpose(-1, -2), *rest)


CASES = {
    "batch": (batch, IMAGES, *FOUR),
    "batch of rows": (batch, ROWS, *FOUR),
    "batch of sequences": (batch, SEQUENCES, *SIX),
    "batch without weight": (batch, IMAGES),
    "batch of one image": (batch, IMAGES[:1], *FOUR),
    "batch, one channel": (batch, IMAGES[:, :1], *[each[:1] for each in FOUR]),
    "batch, turned": (turned(batch), IMAGES, *FOUR),
    "batch of a slice": (lambda lib, x, w, b: batch(lib, x[:, 1:5, ::2], w, b), SEQUENCES, *FOUR),
    "running": (by_running, IMAGES, *FOUR),
    "running of one row": (by_running, ROWS[:1], *FOUR),
    "running without weight": (by_running, SEQUENCES),
    "layer": (layer(5), IMAGES, *[each[0] for each in PLANE]),
    "layer over two dimensions": (layer(2, 5), IMAGES, *PLANE),
    "layer over everything": (layer(5, 4), ROWS),
    "layer of one row": (layer(4), ROWS[0], *FOUR),
    "layer of one element": (layer(1), ROWS[:, :1]),
    "layer without bias": (layer(4), ROWS, FOUR[0]),
    "layer, turned": (turned(layer(2)), IMAGES),
    "layer far from zero": (layer(4), ROWS + 100, *FOUR),
    "group": (group(2), IMAGES, *FOUR),
    "group of all": (group(1), SEQUENCES, *SIX),
    "group of each": (group(4), IMAGES),
    "group of rows": (group(2), SEQUENCES[:, :, 0], *SIX),
    "group, turned": (turned(group(3)), SEQUENCES, *SIX),
    "rms": (rms(4), ROWS, FOUR[0]),
    "rms over two dimensions": (rms(2, 5), IMAGES),
    "normalize": (lambda lib, x: lib.nn.functional.normalize(x), ROWS),
    "normalize by the sum": (lambda lib, x: lib.nn.functional.normalize(x, 1.0, -1), IMAGES),
    "normalize short rows": (lambda lib, x: lib.nn.functional.normalize(x, eps=4.0), ROWS / 9),
}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", CASES)
def test_values_and_derivatives_are_torchs(name, dtype):
    program, *arrays = CASES[name]
    rtol = 1e-7 if dtype == "float64" else 2e-4
    assert_differentiates_as_torch(program, *[each.astype(dtype) for each in arrays], rtol=rtol)


NOTHING = {
    "batch": (batch, np.zeros((0, 4)), *FOUR),
    "batch of empty images": (batch, np.zeros((2, 4, 0)), *FOUR),
    "no channels": (batch, np.zeros((2, 0, 3)), np.zeros(0), np.zeros(0)),
    "running": (by_running, np.zeros((0, 4)), *FOUR),
    "layer": (layer(4), np.zeros((0, 4)), *FOUR),
    "layer of nothing": (layer(0), np.zeros((2, 0)), np.zeros(0), np.zeros(0)),
    "group": (group(2), np.zeros((0, 4, 3)), *FOUR),
    # With a weight, torch gives its gradient as NaN, where it is a sum of nothing.
    "group of nothing": (group(2), np.zeros((2, 4, 0))),
    "rms": (rms(4), np.zeros((0, 4)), FOUR[0]),
    "normalize": (lambda lib, x: lib.nn.functional.normalize(x), np.zeros((0, 4))),
}


@pytest.mark.parametrize("name", NOTHING)
def test_tensors_without_elements_are_treated_as_by_torch(name):
    program, *arrays = NOTHING[name]

    def run(lib):
        inputs = [lib.tensor(each, requires_grad=True) for each in arrays]
        value = program(lib, *inputs)
        value.sum().backward()
        return [array(value), *[array(each.grad) for each in inputs]]

    want, got = both(run)
    assert_same(got, want, 1e-9)


@pytest.mark.parametrize("name", ["layer", "layer over two dimensions", "group"])
def test_what_the_forward_pass_kept_and_what_a_recorded_pass_computes_again_agree(name):
    program, *arrays = CASES[name]
    inputs = [dltk.tensor(each, requires_grad=True) for each in arrays]
    value = program(dltk, *inputs)
    seed = dltk.tensor(normal(*value.shape))
    plain = dltk.autograd.grad(value, inputs, seed, retain_graph=True)
    recorded = dltk.autograd.grad(value, inputs, seed, create_graph=True)
    for a, b in zip(plain, recorded, strict=True):
        assert np.allclose(array(a), array(b), rtol=1e-13, atol=1e-13)


def test_the_gradient_passes_through_the_statistics():
    x = dltk.tensor(IMAGES, requires_grad=True)
    (batch(dltk, x) * dltk.tensor(IMAGES)).sum().backward()
    assert np.abs(array(x.grad).sum((0, 2, 3))).max() < 1e-10


def test_the_known_numbers_of_four_values():
    module = dltk.nn.BatchNorm1d(1)
    found = module(dltk.tensor([[1.0], [2.0], [3.0], [4.0]]))
    assert found[0].item() == pytest.approx(-1.341635, abs=1e-6)
    assert module.running_mean.item() == pytest.approx(0.25)
    assert module.running_var.item() == pytest.approx(1.066667, abs=1e-6)


MODULES = {
    "BatchNorm1d": (lambda nn: nn.BatchNorm1d(4), ROWS),
    "BatchNorm1d of sequences": (lambda nn: nn.BatchNorm1d(6, eps=0.1), SEQUENCES),
    "BatchNorm2d": (lambda nn: nn.BatchNorm2d(4), IMAGES),
    "momentum": (lambda nn: nn.BatchNorm2d(4, momentum=0.7), IMAGES),
    "cumulative average": (lambda nn: nn.BatchNorm2d(4, momentum=None), IMAGES),
    "not affine": (lambda nn: nn.BatchNorm1d(4, affine=False), ROWS),
    "no bias": (lambda nn: nn.BatchNorm1d(4, bias=False), ROWS),
    "not tracked": (lambda nn: nn.BatchNorm1d(4, track_running_stats=False), ROWS),
    "LayerNorm": (lambda nn: nn.LayerNorm(4), ROWS),
    "LayerNorm of two": (lambda nn: nn.LayerNorm([2, 5], eps=0.1), IMAGES),
    "LayerNorm without affine": (lambda nn: nn.LayerNorm(4, elementwise_affine=False), ROWS),
    "LayerNorm without bias": (lambda nn: nn.LayerNorm((4,), bias=False), ROWS),
    "GroupNorm": (lambda nn: nn.GroupNorm(2, 4), IMAGES),
    "GroupNorm without affine": (lambda nn: nn.GroupNorm(2, 4, affine=False), IMAGES),
    "GroupNorm without bias": (lambda nn: nn.GroupNorm(2, 4, bias=False), IMAGES),
    "RMSNorm": (lambda nn: nn.RMSNorm(4), ROWS),
    "RMSNorm with eps": (lambda nn: nn.RMSNorm((2, 5), 0.1, elementwise_affine=False), IMAGES),
}


@pytest.mark.parametrize("name", MODULES)
def test_a_module_trains_evaluates_prints_and_saves_as_torchs(name):
    make, data = MODULES[name]

    def run(lib):
        module = make(lib.nn).double()
        found = [repr(module), " ".join(module.state_dict())]
        for step in range(4):
            if step == 3:
                module.eval()
            x = lib.tensor(data * (step + 1) + step, requires_grad=True)
            value = module(x)
            (value * value * lib.tensor(data)).sum().backward()
            found += [array(value), array(x.grad)]
            found += [array(each) for each in module.state_dict().values()]
            found += [array(each.grad) for each in module.parameters()]
            with lib.no_grad():
                for each in module.parameters():
                    each -= 0.01 * each.grad
        return found

    want, got = both(run)
    assert_same(got, want, 1e-9)


@pytest.mark.parametrize("lib", LIBRARIES, ids=["torch", "dltk"])
def test_running_statistics_are_forgotten_on_demand(lib):
    module = lib.nn.BatchNorm1d(4)
    module(lib.tensor(ROWS.astype(np.float32)))
    module.reset_running_stats()
    assert module.running_mean.tolist() == [0, 0, 0, 0]
    assert module.running_var.tolist() == [1, 1, 1, 1]
    assert module.num_batches_tracked.item() == 0


@pytest.mark.parametrize("lib", LIBRARIES, ids=["torch", "dltk"])
def test_a_state_from_before_batches_were_counted_still_loads(lib):
    module = lib.nn.Sequential(lib.nn.BatchNorm1d(2))
    module(lib.ones(3, 2))
    state = dict(module.state_dict())
    del state["0.num_batches_tracked"]
    fresh = lib.nn.Sequential(lib.nn.BatchNorm1d(2))
    assert not any(fresh.load_state_dict(state))
    assert fresh[0].num_batches_tracked.item() == 0
    assert lib.allclose(fresh[0].running_mean, module[0].running_mean)
    current = module.state_dict()
    del current["0.num_batches_tracked"]
    with pytest.raises(RuntimeError, match="num_batches_tracked"):
        fresh.load_state_dict(current)


def test_a_fresh_state_is_of_torchs_version():
    assert dltk.nn.BatchNorm2d(3).state_dict()._metadata[""] == {"version": 2}


@pytest.mark.parametrize("lib", LIBRARIES, ids=["torch", "dltk"])
def test_running_statistics_are_the_same_tensors_and_take_no_part_in_the_graph(lib):
    module = lib.nn.BatchNorm1d(4)
    before = module.running_mean
    module(lib.tensor(ROWS.astype(np.float32), requires_grad=True))
    assert module.running_mean is before
    assert not before.requires_grad


@pytest.mark.parametrize("lib", LIBRARIES, ids=["torch", "dltk"])
def test_a_batch_mate_does_not_matter_to_layer_norm_and_does_to_batch_norm(lib):
    x = lib.tensor(ROWS)
    alone, together = x[:2], x
    same = layer(4)(lib, alone), layer(4)(lib, together)[:2]
    assert lib.allclose(*same)
    assert not lib.allclose(batch(lib, alone), batch(lib, together)[:2])


def test_the_graph_ends_at_the_input_the_weight_and_the_bias():
    def run(lib):
        x, w = lib.tensor(ROWS, requires_grad=True), lib.tensor(FOUR[0], requires_grad=True)
        found = layer(4)(lib, x, w).grad_fn.next_functions
        return [None if node is None else node.name() for node, _ in found]

    want, got = both(run)
    assert got == want


@pytest.mark.parametrize("change", ["x", "w"])
def test_what_the_backward_pass_needs_may_not_be_written_to(change):
    def run(lib):
        given = {"x": lib.tensor(ROWS, requires_grad=True) * 1}
        given["w"] = lib.tensor(FOUR[0], requires_grad=True) * 1
        value = layer(4)(lib, given["x"], given["w"])
        given[change].mul_(2)
        value.sum().backward()

    want, got = both(run)
    assert got == want == "raises RuntimeError"


REFUSED = {
    "one value a channel": lambda f, lib: batch_of(f, lib.randn(1, 4)),
    "one value a channel of sequences": lambda f, lib: batch_of(f, lib.randn(1, 4, 1)),
    "no statistics": lambda f, lib: f.batch_norm(lib.randn(2, 4), None, None),
    "one statistic": lambda f, lib: f.batch_norm(
        lib.randn(2, 4), lib.zeros(4), None, training=True
    ),
    "statistics of 3": lambda f, lib: f.batch_norm(lib.randn(2, 4), lib.zeros(3), lib.ones(3)),
    "variance of 3": lambda f, lib: f.batch_norm(lib.randn(2, 4), lib.zeros(4), lib.ones(3)),
    "weight of 3": lambda f, lib: batch_of(f, lib.randn(2, 4), lib.ones(3)),
    "bias of 5": lambda f, lib: batch_of(f, lib.randn(2, 4), lib.ones(4), lib.ones(5)),
    "two dtypes": lambda f, lib: batch_of(f, lib.randn(2, 4).double(), lib.ones(4)),
    "integers": lambda f, lib: f.batch_norm(lib.ones(2, 4).long(), lib.zeros(4), lib.ones(4)),
    "no tensor": lambda f, lib: f.batch_norm(3, lib.zeros(4), lib.ones(4)),
    "one dimension": lambda f, lib: f.batch_norm(lib.randn(4), lib.zeros(4), lib.ones(4)),
    "normalized_shape a number": lambda f, lib: f.layer_norm(lib.randn(2, 4), 4),
    "normalized_shape differs": lambda f, lib: f.layer_norm(lib.randn(2, 4), (3,)),
    "normalized_shape too long": lambda f, lib: f.layer_norm(lib.randn(4), (1, 4)),
    "normalized_shape empty": lambda f, lib: f.layer_norm(lib.randn(4), ()),
    "layer weight": lambda f, lib: f.layer_norm(lib.randn(2, 4), (4,), lib.ones(3)),
    "layer bias": lambda f, lib: f.layer_norm(lib.randn(2, 4), (4,), None, lib.ones(3)),
    "layer of two dtypes": lambda f, lib: f.layer_norm(lib.randn(2, 4).double(), (4,), lib.ones(4)),
    "layer of integers": lambda f, lib: f.layer_norm(lib.ones(2, 4).long(), (4,)),
    "groups that do not divide": lambda f, lib: f.group_norm(lib.randn(2, 4), 3),
    "no groups": lambda f, lib: f.group_norm(lib.randn(2, 4), 0),
    "fewer than no groups": lambda f, lib: f.group_norm(lib.randn(2, 4), -2),
    "group weight": lambda f, lib: f.group_norm(lib.randn(2, 4), 2, lib.ones(3)),
    "groups of one value": lambda f, lib: f.group_norm(lib.randn(1, 4), 4),
    "groups of one dimension": lambda f, lib: f.group_norm(lib.randn(4), 2),
    "rms shape": lambda f, lib: f.rms_norm(lib.randn(2, 4), (3,)),
    "rms weight": lambda f, lib: f.rms_norm(lib.randn(2, 4), (4,), lib.ones(3)),
    "rms of integers": lambda f, lib: f.rms_norm(lib.ones(2, 4).long(), (4,)),
    "normalize integers": lambda f, lib: f.normalize(lib.ones(2, 4).long()),
    "normalize beyond": lambda f, lib: f.normalize(lib.randn(4)),
    "BatchNorm1d of images": lambda f, lib: lib.nn.BatchNorm1d(4)(lib.randn(2, 4, 3, 3)),
    "BatchNorm2d of rows": lambda f, lib: lib.nn.BatchNorm2d(4)(lib.randn(2, 4)),
    "BatchNorm2d of other channels": lambda f, lib: lib.nn.BatchNorm2d(3)(lib.randn(2, 4, 3, 3)),
    "GroupNorm that does not divide": lambda f, lib: lib.nn.GroupNorm(3, 4),
    "GroupNorm of other channels": lambda f, lib: lib.nn.GroupNorm(2, 4)(lib.randn(2, 6)),
}


def batch_of(f, x, w=None, b=None):
    return f.batch_norm(x, None, None, w, b, True)


@pytest.mark.parametrize("name", REFUSED)
def test_what_torch_refuses_is_refused(name):
    want, got = both(lambda lib: REFUSED[name](lib.nn.functional, lib))
    assert isinstance(want, str)
    assert got == want


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (REFUSED["weight of 3"], ["weight", "3", "4 elements", "[2, 4]"]),
        (REFUSED["normalized_shape differs"], ["normalized_shape", "[3]", "[*, 3]", "[2, 4]"]),
        (REFUSED["layer bias"], ["bias", "[4]", "[3]"]),
        (REFUSED["layer of two dtypes"], ["weight", "float64", "float32"]),
        (REFUSED["groups that do not divide"], ["num_groups=3", "[2, 4]"]),
        (REFUSED["one value a channel"], ["[1, 4]", "more than 1 value per channel"]),
        (REFUSED["BatchNorm2d of rows"], ["4D", "2D", "[2, 4]"]),
    ],
)
def test_a_refusal_names_the_argument_its_shape_and_what_was_expected(call, words):
    with pytest.raises((RuntimeError, ValueError)) as error:
        call(dltk.nn.functional, dltk)
    assert all(word in str(error.value) for word in words)


def test_the_tangent_of_a_bias_does_not_ask_what_the_input_is():
    def run(lib):
        x = lib.tensor([[1.0, float("inf")], [2.0, 3.0]])
        stats = lib.zeros(2), lib.ones(2)
        _, tangent = lib.func.jvp(
            lambda b: lib.nn.functional.batch_norm(x, *stats, None, b), (stats[0],), (stats[1],)
        )
        return tangent.tolist()

    want, got = both(run)
    assert got == want


def test_what_the_forward_pass_kept_is_let_go_of_with_the_graph():
    x = dltk.tensor(ROWS, requires_grad=True)
    y = layer(4)(dltk, x)
    kept = next(each for each in y.grad_fn.params if isinstance(each, Kept))
    y.sum().backward(retain_graph=True)
    assert len(kept) == 2
    y.sum().backward()
    assert not kept
    with pytest.raises(RuntimeError, match="second time"):
        y.sum().backward()


def test_nothing_is_recorded_in_no_grad():
    assert tracking.on
    with dltk.no_grad():
        assert layer(4)(dltk, dltk.tensor(ROWS, requires_grad=True)).grad_fn is None


HALF = [
    ("LayerNorm", (6,)),
    ("GroupNorm", (2, 4)),
    ("RMSNorm", (6,)),
    ("BatchNorm1d", (4,)),
    ("BatchNorm1d", (4, 1e-5, None)),
    ("AvgPool2d", (2,)),
]


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize(("name", "args"), HALF, ids=str)
def test_float16_is_reduced_in_float32_because_squares_and_sums_exceed_it(name, args, training):
    numbers = np.random.RandomState(1).normal(size=(3, 4, 6)) * 600
    if name == "AvgPool2d":
        numbers = 60000 - np.abs(numbers)

    def run(lib):
        layer = getattr(lib.nn, name)(*args).half().train(training)
        x = lib.tensor(numbers).half().requires_grad_()
        z = layer(x)
        z.backward(10 * seed_like(lib, z))
        grads = [x.grad, *(p.grad for p in layer.parameters())]
        found = [z, *grads, *layer.state_dict().values()]
        return [z.grad_fn.name(), *map(array, found)]

    want, got = both(run)
    assert_same(got, want, 1e-9)
    assert np.isfinite(got[1]).all()
    assert got[1].any()


@pytest.mark.parametrize("eps", [0.0, -1.0])
@pytest.mark.parametrize("training", [True, False])
def test_an_eps_that_leaves_a_division_by_0_is_refused_as_in_torch(eps, training):
    def run(lib):
        statistics = lib.zeros(3), lib.ones(3)
        return array(
            lib.nn.functional.batch_norm(lib.eye(3), *statistics, training=training, eps=eps)
        )

    want, got = both(run)
    assert_same(got, want, 1e-9)
