"""Building blocks of models, as `torch.nn`; each is imported where it is first used."""

import importlib
from typing import Any

from dltk.nn.absent import refuse as _refuse

_NAMES = {
    "parameter": "Parameter",
    "module": "Module",
    "containers": "Sequential ModuleList ModuleDict ParameterList",
    "linear": "Linear",
    "bilinear": "Bilinear",
    "mylayer": "MyLayer",
    "shape_layers": "Identity Flatten Unflatten",
    "folding": "Unfold Fold",
    "conv_layers": "Conv1d Conv2d ConvTranspose2d",
    "pool_layers": "MaxPool1d MaxPool2d AvgPool2d AdaptiveAvgPool2d",
    "activations": (
        "ReLU LeakyReLU ELU GELU SiLU Softplus Sigmoid Tanh Hardtanh Softmax LogSoftmax"
    ),
    "rnn_cells": "RNNCellBase RNNCell LSTMCell GRUCell",
    "rnn_layers": "RNNBase RNN LSTM GRU",
    "multihead_attention": "MultiheadAttention",
    "transformer": "TransformerEncoderLayer TransformerEncoder",
    "norm_layers": "BatchNorm1d BatchNorm2d LayerNorm GroupNorm RMSNorm",
    "dropout_layers": "Dropout Dropout2d",
    "embedding": "Embedding",
    "losses": (
        "MSELoss L1Loss SmoothL1Loss HuberLoss CrossEntropyLoss NLLLoss BCELoss BCEWithLogitsLoss "
        "KLDivLoss"
    ),
}
_FILES = {name: file for file, names in _NAMES.items() for name in names.split()}
_SUBMODULES = ("functional", "init", "utils")


def __getattr__(name: str) -> Any:
    if name in _FILES:
        found = getattr(importlib.import_module(f"dltk.nn.{_FILES[name]}"), name)
        globals()[name] = found
        return found
    if name in _SUBMODULES:
        return importlib.import_module(f"dltk.nn.{name}")
    return _refuse("dltk.nn", name)
