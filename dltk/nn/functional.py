"""The layers as functions, as `torch.nn.functional`; each is imported where it is first used."""

import importlib
from typing import Any

from dltk.nn.absent import refuse as _refuse

_NAMES = {
    "affine": "linear",
    "bilinear": "bilinear",
    "folding": "unfold fold",
    "conv_functions": "conv1d conv2d conv_transpose2d",
    "pool_functions": "max_pool1d max_pool2d avg_pool2d adaptive_avg_pool2d",
    "padding": "pad",
    "activations": (
        "relu leaky_relu elu gelu silu softplus hardtanh sigmoid tanh softmax log_softmax"
    ),
    "norm_functions": "batch_norm layer_norm group_norm rms_norm normalize",
    "dropout_layers": "dropout dropout2d",
    "embedding": "embedding one_hot",
    "attention": "scaled_dot_product_attention",
    "logit_losses": "cross_entropy binary_cross_entropy_with_logits",
    "one_node_losses": "mse_loss nll_loss",
    "more_losses": "l1_loss smooth_l1_loss huber_loss binary_cross_entropy kl_div",
}
_FILES = {name: file for file, names in _NAMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name in _FILES:
        found = getattr(importlib.import_module(f"dltk.nn.{_FILES[name]}"), name)
        globals()[name] = found
        return found
    return _refuse("dltk.nn.functional", name)
