"""Optimizers and schedules of their learning rates, under torch's names."""

from dltk.optim import lr_scheduler
from dltk.optim.adadelta import Adadelta
from dltk.optim.adagrad import Adagrad
from dltk.optim.given_optimizers import SGD, Adam, AdamW, RMSprop
from dltk.optim.optimizer import Optimizer

__all__ = ["SGD", "Adadelta", "Adagrad", "Adam", "AdamW", "Optimizer", "RMSprop", "lr_scheduler"]
