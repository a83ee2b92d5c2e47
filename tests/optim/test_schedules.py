"""Schedules of learning rates against torch's: rates, momentum, state, warnings and refusals."""

import copy
import warnings

import pytest
import torch
from comparing import LIBRARIES, both

import dltk


def optimizer_of(lib, kind="SGD", **options):
    params = [lib.ones(2, requires_grad=True) for _ in range(2)]
    groups = [{"params": [params[0]]}, {"params": [params[1]], "lr": 0.05}]
    return getattr(lib.optim, kind)(groups, lr=1.0, **options)


class Halving:
    def __init__(self):
        self.calls = 0

    def __call__(self, epoch):
        self.calls += 1
        return 0.5**epoch


def sequence(s, optimizer):
    return s.SequentialLR(
        optimizer,
        [s.LinearLR(optimizer, 0.1, total_iters=3), s.ExponentialLR(optimizer, 0.5)],
        [3],
    )


def nested_sequence(s, optimizer):
    inner = s.SequentialLR(
        optimizer, [s.StepLR(optimizer, 1, 0.5), s.CosineAnnealingLR(optimizer, 4)], [2]
    )
    with warnings.catch_warnings():
        # A nested one takes its first step twice, of which both libraries warn.
        warnings.simplefilter("ignore")
        return s.SequentialLR(optimizer, [inner, s.MultiStepLR(optimizer, [1, 2])], [6])


SCHEDULES = {
    "step": lambda s, o: s.StepLR(o, 3),
    "step gamma": lambda s, o: s.StepLR(o, step_size=1, gamma=0.7),
    "multi-step": lambda s, o: s.MultiStepLR(o, [5, 7]),
    "multi-step twice": lambda s, o: s.MultiStepLR(o, (each for each in [2, 2, 9]), 0.5),
    "exponential": lambda s, o: s.ExponentialLR(o, 0.9),
    "cosine": lambda s, o: s.CosineAnnealingLR(o, 10),
    "cosine up again": lambda s, o: s.CosineAnnealingLR(o, T_max=3, eta_min=0.01),
    "cosine of one": lambda s, o: s.CosineAnnealingLR(o, 1),
    "lambda": lambda s, o: s.LambdaLR(o, lambda epoch: 0.5**epoch),
    "lambdas": lambda s, o: s.LambdaLR(o, [lambda epoch: 1.0, lambda epoch: 1 / (epoch + 1)]),
    "callable object": lambda s, o: s.LambdaLR(o, Halving()),
    "linear": lambda s, o: s.LinearLR(o),
    "linear down": lambda s, o: s.LinearLR(o, 1.0, 0.0, 4),
    "one cycle": lambda s, o: s.OneCycleLR(o, 0.3, 14),
    "one cycle linear": lambda s, o: s.OneCycleLR(
        o, [0.3, 0.2], epochs=2, steps_per_epoch=7, anneal_strategy="linear", pct_start=0.5
    ),
    "one cycle in three": lambda s, o: s.OneCycleLR(
        o, 0.3, 14, three_phase=True, base_momentum=[0.8, 0.7], div_factor=5, final_div_factor=10
    ),
    "one cycle of lr only": lambda s, o: s.OneCycleLR(o, 0.3, 14, cycle_momentum=False),
    "sequence": sequence,
    "sequence in a sequence": nested_sequence,
}


def plain(state):
    if isinstance(state, dict):
        return {name: plain(value) for name, value in state.items()}
    if isinstance(state, list | tuple):
        return type(state)(plain(each) for each in state)
    return pytest.approx(state, rel=1e-12, abs=1e-300) if isinstance(state, float) else state


def groups_of(optimizer):
    return [
        {name: value for name, value in group.items() if name != "params"}
        for group in optimizer.param_groups
    ]


def agree(run):
    got, want = both(run)
    assert not isinstance(want, str), want
    assert got == plain(want)
    return got


def epochs(optimizer, scheduler, count):
    history = []
    for _ in range(count):
        optimizer.step()
        scheduler.step()
        history.append([*scheduler.get_last_lr(), copy.deepcopy(groups_of(optimizer))])
    return history


@pytest.fixture(autouse=True)
def _no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        yield


@pytest.mark.parametrize("kind", ["SGD", "Adam"])
@pytest.mark.parametrize("name", SCHEDULES)
def test_the_rates_of_two_groups_epoch_by_epoch_and_the_state_are_torchs(name, kind):
    def run(lib):
        optimizer = optimizer_of(lib, kind)
        scheduler = SCHEDULES[name](lib.optim.lr_scheduler, optimizer)
        start = copy.deepcopy(groups_of(optimizer))
        return [start, epochs(optimizer, scheduler, 13), scheduler.state_dict()]

    agree(run)


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_rate_changed_by_hand_is_kept_where_torch_keeps_it(name):
    def run(lib):
        optimizer = optimizer_of(lib)
        scheduler = SCHEDULES[name](lib.optim.lr_scheduler, optimizer)
        history = epochs(optimizer, scheduler, 4)
        optimizer.param_groups[1]["lr"] = 0.4
        return history + epochs(optimizer, scheduler, 6)

    agree(run)


@pytest.mark.parametrize("name", SCHEDULES)
@pytest.mark.parametrize("source", ["torch", "dltk"])
def test_a_schedule_saved_by_either_library_goes_on_in_dltk(name, source):
    def start(lib):
        optimizer = optimizer_of(lib)
        return optimizer, SCHEDULES[name](lib.optim.lr_scheduler, optimizer)

    optimizer, scheduler = start(LIBRARIES[source])
    epochs(optimizer, scheduler, 4)
    saved = copy.deepcopy([optimizer.state_dict(), scheduler.state_dict()])
    expected = epochs(optimizer, scheduler, 6)
    other, resumed = start(dltk)
    other.load_state_dict(saved[0])
    resumed.load_state_dict(saved[1])
    assert epochs(other, resumed, 6) == plain(expected)


@pytest.mark.parametrize(
    "name", [name for name in SCHEDULES if not name.startswith(("one", "seq", "callable"))]
)
def test_a_schedule_begun_at_a_later_epoch(name):
    def run(lib):
        optimizer = optimizer_of(lib)
        s = lib.optim.lr_scheduler
        scheduler = SCHEDULES[name](s, optimizer)
        epochs(optimizer, scheduler, 4)
        arguments = {
            key: value
            for key, value in scheduler.__dict__.items()
            if key in ("step_size", "gamma", "milestones", "T_max", "eta_min")
            or key in ("start_factor", "end_factor", "total_iters")
        }
        if "lr_lambdas" in scheduler.__dict__:
            arguments["lr_lambda"] = scheduler.lr_lambdas
        again = type(scheduler)(optimizer, last_epoch=4, **arguments)
        return [again.get_last_lr(), epochs(optimizer, again, 4)]

    agree(run)


def test_multi_step_gives_the_printed_rates():
    optimizer = dltk.optim.SGD([dltk.ones(1, requires_grad=True)], lr=1.0)
    scheduler = dltk.optim.lr_scheduler.MultiStepLR(optimizer, [5, 7], gamma=0.1)
    rates = []
    for _ in range(10):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    assert rates == pytest.approx([1.0] * 5 + [0.1] * 2 + [0.01] * 3)


MEASURED = [1.0, 0.9, 0.9, 0.8999999, 0.95, 0.9, 0.5, 0.6, 0.6, 0.6, 0.6, 0.6, -1.0, -0.99, 0, 0, 0]


@pytest.mark.parametrize(
    "options",
    [
        {"patience": 1},
        {"patience": 0, "factor": 0.5, "min_lr": [0.2, 0.01], "eps": 0.02},
        {"patience": 1, "mode": "max", "cooldown": 2},
        {"patience": 1, "threshold": 0.15, "threshold_mode": "abs", "min_lr": 1e-3},
        {"patience": 2, "mode": "max", "threshold": 0.3, "threshold_mode": "abs"},
    ],
)
def test_a_plateau_reduces_the_rates(options):
    def run(lib):
        optimizer = optimizer_of(lib)
        scheduler = lib.optim.lr_scheduler.ReduceLROnPlateau(optimizer, **options)
        history = []
        for number, loss in enumerate(MEASURED):
            scheduler.step(lib.tensor(loss) if number % 2 else loss)
            history.append([list(scheduler.get_last_lr()), copy.deepcopy(scheduler.state_dict())])
        other = lib.optim.lr_scheduler.ReduceLROnPlateau(optimizer_of(lib))
        other.load_state_dict(scheduler.state_dict())
        return [history, other.state_dict()]

    agree(run)


def test_the_state_of_a_plateau_has_torchs_order():
    def run(lib):
        optimizer = lib.optim.SGD([lib.zeros(1, requires_grad=True)], lr=0.1)
        return list(lib.optim.lr_scheduler.ReduceLROnPlateau(optimizer).state_dict())

    want, got = both(run)
    assert got == want


def test_a_rate_that_is_a_tensor_is_changed_in_place():
    def run(lib):
        rate = lib.tensor(0.5, dtype=lib.float64)
        optimizer = lib.optim.SGD([lib.ones(2, requires_grad=True)], lr=rate)
        scheduler = lib.optim.lr_scheduler.StepLR(optimizer, 1, 0.5)
        optimizer.step()
        scheduler.step()
        group = optimizer.param_groups[0]
        return [group["lr"] is rate, rate.item(), group["initial_lr"].item()]

    agree(run)


def warned(run):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        run()
    return [each.category.__name__ for each in caught]


@pytest.mark.parametrize("name", ["step", "cosine", "lambda", "one cycle"])
def test_warnings_come_where_torch_gives_them(name):
    def run(lib):
        seen = []
        optimizer = optimizer_of(lib)
        optimizer.step()
        scheduler = SCHEDULES[name](lib.optim.lr_scheduler, optimizer)
        seen.append(warned(scheduler.get_lr))
        seen.append(warned(scheduler.step))
        seen.append(warned(scheduler.step))
        seen.append(warned(lambda: scheduler.step(3)))
        seen.append(scheduler.get_last_lr())
        optimizer = optimizer_of(lib)
        scheduler = SCHEDULES[name](lib.optim.lr_scheduler, optimizer)
        optimizer.step()
        seen.append(warned(scheduler.step))
        return seen

    agree(run)


def test_the_warning_names_the_right_order():
    optimizer = optimizer_of(dltk)
    scheduler = dltk.optim.lr_scheduler.StepLR(optimizer, 1)
    with pytest.warns(UserWarning, match=r"lr_scheduler\.step\(\)` before `optimizer\.step"):
        scheduler.step()


def test_a_step_overridden_after_the_schedule_is_warned_of():
    def run(lib):
        optimizer = optimizer_of(lib)
        scheduler = lib.optim.lr_scheduler.StepLR(optimizer, 1)
        optimizer.step()
        optimizer.step = lambda: None
        with pytest.warns(UserWarning, match="overridden") as caught:
            scheduler.step()
        return [len(caught), scheduler.get_last_lr()]

    agree(run)


def test_a_copied_optimizer_and_its_schedule_go_on():
    def run(lib):
        optimizer = optimizer_of(lib)
        pair = optimizer, lib.optim.lr_scheduler.StepLR(optimizer, 1)
        other, scheduler = copy.deepcopy(pair)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [*epochs(other, scheduler, 3), groups_of(optimizer)]

    agree(run)


REFUSED = {
    "no optimizer": lambda s, o: s.StepLR(3, 1),
    "no optimizer for a plateau": lambda s, o: s.ReduceLROnPlateau(3),
    "nothing to go on from": lambda s, o: s.StepLR(o, 1, last_epoch=3),
    "another number of functions": lambda s, o: s.LambdaLR(o, [abs]),
    "start factor 0": lambda s, o: s.LinearLR(o, 0),
    "end factor 2": lambda s, o: s.LinearLR(o, 0.5, 2),
    "plateau factor 1": lambda s, o: s.ReduceLROnPlateau(o, factor=1.0),
    "plateau mode": lambda s, o: s.ReduceLROnPlateau(o, "least"),
    "plateau threshold mode": lambda s, o: s.ReduceLROnPlateau(o, threshold_mode="least"),
    "plateau min_lr": lambda s, o: s.ReduceLROnPlateau(o, min_lr=[0.1]),
    "no steps": lambda s, o: s.OneCycleLR(o, 0.1),
    "0 steps": lambda s, o: s.OneCycleLR(o, 0.1, 0),
    "half an epoch": lambda s, o: s.OneCycleLR(o, 0.1, epochs=0.5, steps_per_epoch=2),
    "pct_start 2": lambda s, o: s.OneCycleLR(o, 0.1, 10, pct_start=2.0),
    "strategy": lambda s, o: s.OneCycleLR(o, 0.1, 10, anneal_strategy="square"),
    "max_lr of three": lambda s, o: s.OneCycleLR(o, [0.1] * 3, 10),
    "no momentum": lambda s, o: s.OneCycleLR(adagrad(s), 0.1, 10),
    "too many steps": lambda s, o: step_often(o, s.OneCycleLR(o, 0.1, 3), 5),
    "no schedulers": lambda s, o: s.SequentialLR(o, [], []),
    "too few milestones": lambda s, o: s.SequentialLR(o, [s.StepLR(o, 1)] * 2, []),
    "a plateau in a sequence": lambda s, o: s.SequentialLR(o, [s.ReduceLROnPlateau(o)], []),
    "no scheduler in a sequence": lambda s, o: s.SequentialLR(o, [3], []),
}


def library_of(s):
    return torch if s.__name__.startswith("torch") else dltk


def adagrad(s):
    lib = library_of(s)
    return lib.optim.Adagrad([lib.ones(1, requires_grad=True)])


def step_often(optimizer, scheduler, count):
    for _ in range(count):
        optimizer.step()
        scheduler.step()


@pytest.mark.parametrize("what", REFUSED)
def test_what_torch_refuses_is_refused(what):
    def run(lib):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return REFUSED[what](lib.optim.lr_scheduler, optimizer_of(lib))

    got, want = both(run)
    assert isinstance(want, str), want
    assert got == want
