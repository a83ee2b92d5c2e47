"""The optimizers against torch's: every step, state, option and refusal."""

import copy
import pickle
import warnings

import numpy as np
import pytest
import torch
from comparing import LIBRARIES, both
from optimizing import agree, assert_near, in_library, params_of, plain_state, set_gradients, values

import dltk
import dltk.optim

OPTIMIZERS = [
    ("SGD", {"lr": 0.1}),
    ("SGD", {"lr": 0.1, "weight_decay": 0.1}),
    ("SGD", {"lr": 0.1, "maximize": True, "weight_decay": 0.1}),
    ("SGD", {"lr": 0.1, "momentum": 0.9}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.2}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True, "maximize": True}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "fused": True}),
    ("RMSprop", {}),
    ("RMSprop", {"alpha": 0.9, "eps": 1e-2, "weight_decay": 0.1, "maximize": True}),
    ("RMSprop", {"momentum": 0.8}),
    ("RMSprop", {"momentum": 0.8, "centered": True, "foreach": True}),
    ("Adagrad", {}),
    ("Adagrad", {"lr_decay": 0.2, "initial_accumulator_value": 0.5, "weight_decay": 0.1}),
    ("Adagrad", {"maximize": True, "eps": 1e-3}),
    ("Adadelta", {}),
    ("Adadelta", {"lr": 0.5, "rho": 0.8, "eps": 1e-3, "weight_decay": 0.1, "maximize": True}),
    ("Adam", {}),
    ("Adam", {"lr": 0.1, "betas": (0.8, 0.9), "eps": 1e-3, "weight_decay": 0.1}),
    ("Adam", {"lr": 0.1, "amsgrad": True, "maximize": True}),
    ("Adam", {"lr": 0.1, "decoupled_weight_decay": True, "weight_decay": 0.1}),
    ("AdamW", {"lr": 0.1}),
    ("AdamW", {"lr": 0.1, "amsgrad": True, "weight_decay": 0.3, "foreach": False}),
]
NAMES = [f"{name}-{'-'.join(options)}" for name, options in OPTIMIZERS]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("name", "options"), OPTIMIZERS, ids=NAMES)
def test_every_step_is_torchs_also_with_gradients_missing_and_lr_changed(name, options, dtype):
    def run(lib):
        params = params_of(lib, dtype)
        optimizer = getattr(lib.optim, name)(params, **options)
        history = []
        for step in range(7):
            set_gradients(lib, params, step, missing={2: (0,), 3: (1, 2)}.get(step, ()))
            if step == 4:
                optimizer.param_groups[0]["lr"] *= 0.5
            before = [None if p.grad is None else np.array(p.grad.numpy()) for p in params]
            assert optimizer.step() is None
            for param, gradient in zip(params, before, strict=True):
                assert (param.grad is None) == (gradient is None)
                assert gradient is None or np.array_equal(param.grad.numpy(), gradient)
                assert param.is_leaf
            history.append(values(params))
        return [history, plain_state(optimizer.state_dict()), repr(optimizer)]

    agree(run)


@pytest.mark.parametrize(("name", "options"), OPTIMIZERS, ids=NAMES)
@pytest.mark.parametrize(
    ("source", "target"), [("torch", "dltk"), ("dltk", "torch"), ("dltk",) * 2]
)
def test_a_state_saved_by_one_library_goes_on_in_the_other(name, options, source, target):
    def steps(lib, optimizer, params, numbers):
        for step in numbers:
            set_gradients(lib, params, step)
            optimizer.step()

    first, second = LIBRARIES[source], LIBRARIES[target]
    params = params_of(first)
    optimizer = getattr(first.optim, name)(params, **options)
    steps(first, optimizer, params, range(5))
    resumed = [second.tensor(each, requires_grad=True) for each in values(params)]
    other = getattr(second.optim, name)(resumed, **options)
    saved = in_library(second, plain_state(optimizer.state_dict()))
    other.load_state_dict(saved)
    assert other.param_groups[0] is not saved["param_groups"][0]
    steps(second, other, resumed, range(5, 10))
    steps(first, optimizer, params, range(5, 10))
    assert_near(values(resumed), values(params))
    assert_near(plain_state(other.state_dict()), plain_state(optimizer.state_dict()))


SQUARE = [
    ("SGD", {"lr": 0.1}, [0.8, 0.64, 0.512, 0.4096, 0.32768]),
    ("SGD", {"lr": 0.1, "momentum": 0.9}, [0.8, 0.46, 0.062, -0.3086, -0.58042]),
    (
        "SGD",
        {"lr": 0.1, "momentum": 0.9, "nesterov": True},
        [0.62, 0.2224, -0.108352, -0.324823, -0.415718],
    ),
    ("RMSprop", {"lr": 0.01}, [0.9, 0.832918, 0.779982, 0.735389, 0.696466]),
    ("RMSprop", {"lr": 0.01, "alpha": 0.9}, [0.968377, 0.945788, 0.927053, 0.910543, 0.895507]),
    ("Adam", {"lr": 0.1}, [0.9, 0.800412, 0.701586, 0.603939, 0.507964]),
    ("Adam", {"lr": 0.01}, [0.99, 0.980003, 0.97001, 0.960024, 0.950046]),
    ("AdamW", {"lr": 0.1}, [0.899, 0.798519, 0.698911, 0.600599, 0.50408]),
]


@pytest.mark.parametrize(("name", "options", "expected"), SQUARE)
def test_five_steps_down_a_square_are_the_printed_ones(name, options, expected):
    w = dltk.tensor(1.0, requires_grad=True)
    optimizer = getattr(dltk.optim, name)([w], **options)
    for value in expected:
        optimizer.zero_grad()
        (w * w).backward()
        optimizer.step()
        assert w.item() == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize("gradient", [1e-3, 1.0, 1e3])
@pytest.mark.parametrize(
    ("name", "steps"), [("Adam", [-0.1] * 3), ("RMSprop", [-1.0, -0.7089, -0.5802])]
)
def test_the_first_steps_do_not_depend_on_the_size_of_the_gradient(name, steps, gradient):
    w = dltk.tensor(0.0, requires_grad=True)
    optimizer = getattr(dltk.optim, name)([w], lr=0.1)
    before = 0.0
    for step in steps:
        w.grad = dltk.tensor(gradient)
        optimizer.step()
        assert w.item() - before == pytest.approx(step, rel=1e-3)
        before = w.item()


def program(name):
    def register(function):
        PROGRAMS[name] = function
        return function

    return register


PROGRAMS = {}


@program("groups keep their own options and take the others from the defaults")
def _(lib):
    a, b, c, _ = params_of(lib)
    optimizer = lib.optim.SGD([{"params": [a]}, {"params": b, "lr": 0.5}], lr=0.1, momentum=0.9)
    optimizer.add_param_group({"params": (each for each in [c]), "weight_decay": 0.3})
    for step in range(3):
        set_gradients(lib, [a, b, c], step)
        optimizer.step()
    return [values([a, b, c]), repr(optimizer), plain_state(optimizer.state_dict())]


@program("named parameters keep their names")
def _(lib):
    a, b, _, _ = params_of(lib)
    optimizer = lib.optim.Adam([("a", a), ("b", b)])
    optimizer.load_state_dict(lib.optim.Adam([a, b]).state_dict())
    return [optimizer.param_groups[0]["param_names"], plain_state(optimizer.state_dict())]


@program("a group's dict is the user's own")
def _(lib):
    group = {"params": params_of(lib)[0]}
    optimizer = lib.optim.SGD([group], lr=0.25)
    return [optimizer.param_groups[0] is group, group["lr"], len(group["params"])]


@program("zero_grad gives None")
def _(lib):
    params = params_of(lib)
    set_gradients(lib, params, 0)
    lib.optim.SGD(params).zero_grad()
    return [param.grad is None for param in params]


@program("zero_grad gives zeros in the same tensor, without a history")
def _(lib):
    w = lib.tensor([1.0, 2.0], requires_grad=True)
    (w**3).sum().backward(create_graph=True)
    gradient = w.grad
    lib.optim.SGD([w]).zero_grad(set_to_none=False)
    return [w.grad is gradient, w.grad.requires_grad, w.grad.tolist()]


@program("a closure is run with recording on and its loss comes back")
def _(lib):
    w = lib.tensor([1.0, 2.0], requires_grad=True)
    optimizer = lib.optim.SGD([w], lr=0.1)

    def closure():
        optimizer.zero_grad()
        loss = (w * w).sum()
        loss.backward()
        return loss

    with lib.no_grad():
        return [optimizer.step(closure).item(), w.detach().tolist(), w.requires_grad]


@program("a step is a write that a later backward pass notices")
def _(lib):
    w = lib.tensor([1.0, 2.0], requires_grad=True)
    loss = (w * w).sum()
    loss.backward(retain_graph=True)
    lib.optim.Adam([w]).step()
    loss.backward()


@program("a view of a parameter sees the step")
def _(lib):
    w = lib.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    view = w.detach().t()
    w.grad = lib.ones(2, 2)
    lib.optim.SGD([w], lr=1.0).step()
    return view.tolist()


@program("a strided parameter is stepped where it lies")
def _(lib):
    whole = lib.arange(12.0).reshape(3, 4)
    w = whole.t().requires_grad_()
    w.grad = lib.arange(12.0).reshape(4, 3)
    lib.optim.AdamW([w], lr=0.5).step()
    return [np.array(whole.detach().numpy())]


@program("a learning rate may be a tensor")
def _(lib):
    (a, *_) = params_of(lib)
    optimizer = lib.optim.Adam([a], lr=lib.tensor(0.1))
    set_gradients(lib, [a], 0)
    optimizer.step()
    return values([a])


@program("a loaded state takes on the parameter's dtype, the step count keeps its own")
def _(lib):
    source, target = params_of(lib), params_of(lib, "float64")
    set_gradients(lib, source, 0)
    first = lib.optim.Adam(source)
    first.step()
    second = lib.optim.Adam(target)
    second.load_state_dict(first.state_dict())
    state = second.state_dict()["state"][0]
    return {
        name: (str(kept.dtype).split(".")[1], np.float32(kept.numpy()))
        for name, kept in state.items()
    }


@program("hooks run around a step and around states")
def _(lib):
    (a, *_) = params_of(lib)
    optimizer = lib.optim.SGD([a])
    seen = []
    optimizer.register_step_pre_hook(lambda o, args, kwargs: seen.append(("pre", len(args))))
    handle = optimizer.register_step_post_hook(lambda o, args, kwargs: seen.append("post"))
    optimizer.register_state_dict_pre_hook(lambda o: seen.append("saving"))
    optimizer.register_state_dict_post_hook(lambda o, state: {**state, "more": 1})
    optimizer.register_load_state_dict_pre_hook(lambda o, state: seen.append(sorted(state)))
    optimizer.register_load_state_dict_post_hook(lambda o: seen.append("late"))
    optimizer.register_load_state_dict_post_hook(lambda o: seen.append("early"), prepend=True)
    optimizer.step()
    handle.remove()
    optimizer.step()
    optimizer.load_state_dict(optimizer.state_dict())
    return seen


@program("an optimizer of one's own steps through its own method")
def _(lib):
    class SignDescent(lib.optim.Optimizer):
        def __init__(self, params, lr):
            super().__init__(params, {"lr": lr})

        @lib.no_grad()
        def step(self, closure=None):
            for group in self.param_groups:
                for param in group["params"]:
                    param.add_(param.grad.sign(), alpha=-group["lr"])
                    self.state[param]["count"] = self.state[param].get("count", 0) + 1

    (a, *_) = params_of(lib)
    optimizer = SignDescent([a], 0.1)
    lib.optim.lr_scheduler.StepLR(optimizer, 1)
    set_gradients(lib, [a], 0)
    optimizer.step()
    return [values([a]), optimizer.state_dict()]


@program("copies of an optimizer do not share what they remember")
def _(lib):
    params = params_of(lib)
    optimizer = lib.optim.SGD(params, momentum=0.9)
    set_gradients(lib, params, 0)
    optimizer.step()
    saved = copy.deepcopy(optimizer.state_dict())
    set_gradients(lib, params, 1)
    optimizer.step()
    return [plain_state(saved), plain_state(optimizer.state_dict())]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_ends_as_under_torch(name):
    got, want = both(PROGRAMS[name])
    assert_near(got, want)


def test_a_pickled_optimizer_goes_on():
    w = dltk.tensor([1.0], requires_grad=True)
    optimizer = dltk.optim.Adam([w], lr=0.1)
    w.grad = dltk.tensor([1.0])
    optimizer.step()
    again = pickle.loads(pickle.dumps(optimizer))
    (param,) = again.param_groups[0]["params"]
    assert again.state[param]["step"].item() == 1
    param.grad = w.grad
    again.step()
    optimizer.step()
    assert param.item() == w.item()


def test_a_parameter_listed_twice_is_warned_of_and_stepped_twice():
    def run(lib):
        (a, *_) = params_of(lib)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            optimizer = lib.optim.SGD([a, a], lr=0.1)
        set_gradients(lib, [a], 0)
        optimizer.step()
        return [len(caught), values([a])]

    assert agree(run)[0] == 1


def test_a_float32_step_makes_no_float64_and_no_array_of_the_parameters_size():
    import tracemalloc

    w = dltk.ones(1 << 18, requires_grad=True)
    w.grad = dltk.ones(1 << 18)
    optimizer = dltk.optim.Adam([w])
    optimizer.step()
    tracemalloc.start()
    optimizer.step()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < w.nbytes / 8


def test_groups_with_names_are_saved_in_torchs_order():
    def run(lib):
        layer = lib.nn.Linear(2, 1)
        optimizer = lib.optim.AdamW(layer.named_parameters(), lr=0.1)
        other = lib.optim.SGD([{"params": layer.named_parameters(), "lr": 0.5, "momentum": 0.9}])
        return [[list(g) for g in each.state_dict()["param_groups"]] for each in (optimizer, other)]

    agree(run)


@pytest.mark.parametrize(("writer", "reader"), [(torch, dltk), (dltk, torch)])
@pytest.mark.parametrize("name", ["SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "AdamW"])
def test_training_goes_on_in_the_other_library_from_a_file(name, writer, reader, tmp_path):
    options = {"momentum": 0.9} if name in ("SGD", "RMSprop") else {}

    def begin(lib):
        params = params_of(lib)
        optimizer = getattr(lib.optim, name)(params, lr=0.1, **options)
        return params, optimizer, lib.optim.lr_scheduler.StepLR(optimizer, 2)

    def go_on(lib, params, optimizer, schedule, steps):
        for step in steps:
            set_gradients(lib, params, step)
            optimizer.step()
            schedule.step()

    params, optimizer, schedule = begin(writer)
    go_on(writer, params, optimizer, schedule, range(3))
    tree = {
        "params": params,
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
    }
    writer.save(tree, tmp_path / "checkpoint.pt")
    go_on(writer, params, optimizer, schedule, range(3, 6))

    others, other_optimizer, other_schedule = begin(reader)
    read = reader.load(tmp_path / "checkpoint.pt", weights_only=True)
    with reader.no_grad():
        for param, saved in zip(others, read["params"], strict=True):
            param.copy_(saved)
    other_optimizer.load_state_dict(read["optimizer"])
    other_schedule.load_state_dict(read["schedule"])
    go_on(reader, others, other_optimizer, other_schedule, range(3, 6))
    assert_near(values(others), values(params))
    assert other_schedule.get_last_lr() == schedule.get_last_lr()
