"""Each function of lab 5's files is on the path of a program: taken out, it breaks the program."""

import importlib
import inspect

import pytest

import dltk
from dltk.nn import utils

FILES = [
    "dltk.optim.groups",
    "dltk.optim.sgd",
    "dltk.optim.rmsprop",
    "dltk.optim.adam",
    "dltk.optim.schedules",
    "dltk.optim.checkpoint",
    "dltk.nn.clipping",
]
FUNCTIONS = [
    pytest.param(function, id=f"{name}.{function.__name__}")
    for name in FILES
    for function in vars(importlib.import_module(name)).values()
    if inspect.isfunction(function) and function.__module__ == name
]


def train():
    """One step of three optimizers, with clipping, schedules and a resumed state."""
    schedules = dltk.optim.lr_scheduler
    for name, options in [("SGD", {"momentum": 0.9}), ("RMSprop", {}), ("AdamW", {})]:
        w, b = dltk.ones(2, requires_grad=True), dltk.ones(1, requires_grad=True)
        optimizer = getattr(dltk.optim, name)([{"params": [w]}, {"params": [b]}], **options)
        scheduled = [
            schedules.StepLR(optimizer, 1),
            schedules.MultiStepLR(optimizer, [1]),
            schedules.CosineAnnealingLR(optimizer, 3),
            schedules.LambdaLR(optimizer, lambda epoch: 1.0),
        ]
        optimizer.zero_grad()
        (w * b).sum().backward()
        utils.clip_grad_norm_([w, b], 1.0)
        utils.clip_grad_value_([w, b], 1.0)
        optimizer.step()
        for each in scheduled:
            each.step()
        optimizer.load_state_dict(optimizer.state_dict())


def blank(*args, **kwargs):
    raise ZeroDivisionError("left blank")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_an_owned_function_left_blank_breaks_training(function, monkeypatch):
    train()
    monkeypatch.setattr(function, "__code__", blank.__code__)
    with pytest.raises(ZeroDivisionError, match="left blank"):
        train()
