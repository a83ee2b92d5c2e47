"""Optimizers and schedules of their learning rates, under torch's names."""

from dltk.optim import lr_scheduler
from dltk.optim.adadelta import Adadelta
from dltk.optim.adagrad import Adagrad
from dltk.optim.given_optimizers import SGD, Adam, AdamW, RMSprop
from dltk.optim.optimizer import Optimizer

__all__ = ["SGD", "Adadelta", "Adagrad", "Adam", "AdamW", "Optimizer", "RMSprop", "lr_scheduler"]

_OUT_OF_SCOPE = [
    "ASGD",
    "Adafactor",
    "Adamax",
    "LBFGS",
    "Muon",
    "NAdam",
    "RAdam",
    "Rprop",
    "SparseAdam",
    "swa_utils",
]


def __getattr__(name: str):
    if name in _OUT_OF_SCOPE:
        raise NotImplementedError(
            f"dltk.optim.{name} is not in dltk's scope, which has {', '.join(__all__)}"
        )
    raise AttributeError(f"module 'dltk.optim' has no attribute {name!r}")
