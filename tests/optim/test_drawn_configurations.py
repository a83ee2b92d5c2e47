"""Any configuration of an optimizer, drawn at random, steps as torch's does."""

import numpy as np
import pytest
import torch
from hypothesis import given, seed, settings
from hypothesis import strategies as st

import dltk
import dltk.optim

SHAPES = st.sampled_from([(), (1,), (4,), (2, 3), (1, 0), (3, 1, 2)])
RATES = st.sampled_from([0.0, 1e-3, 0.1, 0.5])
FLAGS = st.booleans()
COMMON = {"lr": RATES, "weight_decay": RATES, "maximize": FLAGS}
SHARES = st.sampled_from([0.0, 0.5, 0.9])
EPSILONS = st.sampled_from([1e-8, 1e-2])
BETAS = st.tuples(st.sampled_from([0.0, 0.8, 0.9]), st.sampled_from([0.5, 0.99, 0.999]))
OPTIONS = {
    "SGD": {"momentum": SHARES, "dampening": SHARES, "nesterov": FLAGS},
    "RMSprop": {
        "alpha": st.sampled_from([0.5, 0.99]),
        "eps": EPSILONS,
        "momentum": SHARES,
        "centered": FLAGS,
    },
    "Adagrad": {"lr_decay": RATES, "initial_accumulator_value": RATES, "eps": EPSILONS},
    "Adadelta": {"rho": SHARES, "eps": EPSILONS},
    "Adam": {"betas": BETAS, "eps": EPSILONS, "amsgrad": FLAGS, "decoupled_weight_decay": FLAGS},
    "AdamW": {"betas": BETAS, "eps": EPSILONS, "amsgrad": FLAGS},
}


def configurations(name):
    options = st.fixed_dictionaries({}, optional=COMMON | OPTIONS[name])
    group = st.tuples(options, st.lists(SHAPES, min_size=1, max_size=2))
    return st.tuples(options, st.lists(group, min_size=1, max_size=2))


def possible(name, options):
    nesterov = options.get("nesterov") and (
        not options.get("momentum") or options.get("dampening", 0) != 0
    )
    return not (name == "SGD" and nesterov)


def run(lib, name, options, groups, gradients):
    made = []
    for own, shapes in groups:
        params = [lib.ones(shape, dtype=lib.float64, requires_grad=True) for shape in shapes]
        made.append({"params": params, **own})
    optimizer = getattr(lib.optim, name)(made, **options)
    params = [each for group in made for each in group["params"]]
    numbers = np.random.default_rng(0)
    history = []
    for missing in gradients:
        for number, param in enumerate(params):
            values = numbers.normal(size=tuple(param.shape))
            param.grad = None if number == missing else lib.tensor(values, dtype=lib.float64)
        optimizer.step()
        history.append([param.detach().numpy().copy() for param in params])
    kept = optimizer.state_dict()
    state = {
        (number, key): None if value is None else np.array(value.numpy())
        for number, entry in kept["state"].items()
        for key, value in entry.items()
    }
    return history, state, [list(group) for group in kept["param_groups"]]


@pytest.mark.parametrize("name", list(OPTIONS))
def test_any_configuration_steps_as_torchs(name):
    @seed(5)
    @settings(max_examples=25, deadline=None, database=None)
    @given(configurations(name), st.lists(st.integers(0, 5), min_size=3, max_size=5))
    def agree(configuration, gradients):
        options, groups = configuration
        if not all(possible(name, {**options, **own}) for own, _ in groups) or not possible(
            name, options
        ):
            return
        with np.errstate(all="ignore"):
            got = run(dltk, name, options, groups, gradients)
        want = run(torch, name, options, groups, gradients)
        for ours, theirs in zip(got[0], want[0], strict=True):
            for one, other in zip(ours, theirs, strict=True):
                np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-12)
        assert got[1].keys() == want[1].keys()
        for key, value in want[1].items():
            if value is not None:
                np.testing.assert_allclose(got[1][key], value, rtol=1e-10, atol=1e-12)
        assert got[2] == want[2]

    agree()
