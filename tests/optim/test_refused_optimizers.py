"""What optimizers refuse, and with which class of error."""

import pytest
from comparing import LIBRARIES, both
from optimizing import params_of

import dltk
import dltk.optim


def of(name, **options):
    return lambda lib: getattr(lib.optim, name)(params_of(lib), **options) and None


REFUSED = {
    "lr below 0": of("SGD", lr=-1),
    "lr below 0 in Adam": of("Adam", lr=-1),
    "momentum below 0": of("SGD", momentum=-1),
    "weight decay below 0": of("RMSprop", weight_decay=-1),
    "alpha below 0": of("RMSprop", alpha=-1),
    "eps below 0": of("Adadelta", eps=-1),
    "rho above 1": of("Adadelta", rho=1.5),
    "beta of 1": of("Adam", betas=(0.9, 1.0)),
    "beta that is no float": of("AdamW", betas=(0, 0.9)),
    "lr decay below 0": of("Adagrad", lr_decay=-1),
    "accumulator below 0": of("Adagrad", initial_accumulator_value=-1),
    "nesterov without momentum": of("SGD", nesterov=True),
    "fused and foreach": of("Adam", fused=True, foreach=True),
    "fused and differentiable": of("SGD", fused=True, differentiable=True),
    "an unknown option": of("SGD", beta=1),
    "no parameters": lambda lib: lib.optim.SGD([]),
    "a tensor": lambda lib: lib.optim.SGD(params_of(lib)[0]),
    "a set": lambda lib: lib.optim.SGD([{"params": set(params_of(lib))}]),
    "numbers": lambda lib: lib.optim.SGD([1.0]),
    "a result": lambda lib: lib.optim.SGD([params_of(lib)[0] * 2]),
    "no params": lambda lib: lib.optim.SGD([{"param": params_of(lib)}]),
    "a group that is a list": lambda lib: lib.optim.SGD(params_of(lib)).add_param_group([1]),
    "the same parameter twice": lambda lib: lib.optim.SGD([{"params": params_of(lib)[:1]}] * 2),
    "some without names": lambda lib: lib.optim.SGD([("a", params_of(lib)[0]), params_of(lib)[1]]),
    "a group without names": lambda lib: lib.optim.SGD([("a", params_of(lib)[0])]).add_param_group(
        {"params": params_of(lib)[1]}
    ),
    "another number of groups": lambda lib: lib.optim.SGD(params_of(lib)).load_state_dict(
        {"state": {}, "param_groups": []}
    ),
    "groups of another size": lambda lib: lib.optim.SGD(params_of(lib)).load_state_dict(
        lib.optim.SGD(params_of(lib)[:2]).state_dict()
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_torch_refuses_is_refused(what):
    got, want = both(REFUSED[what])
    assert want is not None
    assert want.startswith("raises")
    assert got == want


@pytest.mark.parametrize("option", ["differentiable", "capturable"])
def test_what_is_out_of_scope_is_named(option):
    with pytest.raises(NotImplementedError, match=option):
        dltk.optim.Adam(params_of(dltk), **{option: True})
    optimizer = dltk.optim.Adam(params_of(dltk))
    with pytest.raises(NotImplementedError, match=option):
        optimizer.add_param_group({"params": [dltk.ones(1)], option: True})
    assert len(optimizer.param_groups) == 1


def test_a_single_beta_is_refused_with_torchs_class_of_error():
    for lib in LIBRARIES.values():
        with pytest.raises(IndexError):
            lib.optim.Adam([lib.ones(1, requires_grad=True)], betas=(0.9,))


@pytest.mark.parametrize("name", ["LBFGS", "NAdam", "swa_utils"])
def test_an_optimizer_out_of_scope_is_named(name):
    with pytest.raises(NotImplementedError, match=f"dltk.optim.{name} is not in dltk's scope"):
        getattr(dltk.optim, name)


def test_a_schedule_out_of_scope_is_named_and_an_old_name_still_there():
    schedules = dltk.optim.lr_scheduler
    with pytest.raises(NotImplementedError, match=r"lr_scheduler.CyclicLR is not in dltk's scope"):
        schedules.CyclicLR  # noqa: B018
    assert schedules._LRScheduler is schedules.LRScheduler
