"""Every layer and loss, moved to a simulated device, gives what it gives on the CPU."""

import numpy as np
import pytest

import dltk
from dltk import nn

F = nn.functional
CLASSES = dltk.tensor([1, 0, 3])
SQUARE, SCORES, IMAGES = (3, 4), (3, 4), (2, 3, 6, 6)
SEQUENCE = (3, 2, 8)

LAYERS = {
    "Linear": (lambda: nn.Linear(4, 3), [(2, 4)]),
    "Bilinear": (lambda: nn.Bilinear(3, 4, 5), [(2, 3), (2, 4)]),
    "Conv1d": (lambda: nn.Conv1d(3, 4, 3, padding=1), [(2, 3, 7)]),
    "Conv2d": (lambda: nn.Conv2d(3, 4, 3, stride=2, padding=1), [IMAGES]),
    "ConvTranspose2d": (lambda: nn.ConvTranspose2d(3, 4, 3, stride=2), [IMAGES]),
    "MaxPool1d": (lambda: nn.MaxPool1d(2), [(2, 3, 6)]),
    "MaxPool2d": (lambda: nn.MaxPool2d(2), [IMAGES]),
    "AvgPool2d": (lambda: nn.AvgPool2d(2), [IMAGES]),
    "AdaptiveAvgPool2d": (lambda: nn.AdaptiveAvgPool2d(2), [IMAGES]),
    "BatchNorm1d": (lambda: nn.BatchNorm1d(3), [(4, 3)]),
    "BatchNorm2d": (lambda: nn.BatchNorm2d(3), [IMAGES]),
    "LayerNorm": (lambda: nn.LayerNorm(8), [SEQUENCE]),
    "GroupNorm": (lambda: nn.GroupNorm(3, 3), [IMAGES]),
    "RMSNorm": (lambda: nn.RMSNorm(8), [SEQUENCE]),
    "Dropout": (lambda: nn.Dropout(0.4), [(20, 6)]),
    "Dropout2d": (lambda: nn.Dropout2d(0.4), [IMAGES]),
    "Embedding": (lambda: nn.Embedding(7, 4), [CLASSES]),
    "RNN": (lambda: nn.RNN(8, 5), [SEQUENCE]),
    "LSTM": (lambda: nn.LSTM(8, 5, 2, bidirectional=True), [SEQUENCE]),
    "GRU": (lambda: nn.GRU(8, 5), [SEQUENCE]),
    "LSTMCell": (lambda: nn.LSTMCell(4, 5), [(2, 4)]),
    "MultiheadAttention": (lambda: nn.MultiheadAttention(8, 2), [SEQUENCE] * 3),
    "TransformerEncoderLayer": (lambda: nn.TransformerEncoderLayer(8, 2, 16), [SEQUENCE]),
    "Flatten": (nn.Flatten, [IMAGES]),
    "ReLU": (nn.ReLU, [SQUARE]),
    "LeakyReLU": (nn.LeakyReLU, [SQUARE]),
    "ELU": (nn.ELU, [SQUARE]),
    "GELU": (nn.GELU, [SQUARE]),
    "SiLU": (nn.SiLU, [SQUARE]),
    "Softplus": (nn.Softplus, [SQUARE]),
    "Hardtanh": (nn.Hardtanh, [SQUARE]),
    "Softmax": (lambda: nn.Softmax(1), [SQUARE]),
    "LogSoftmax": (lambda: nn.LogSoftmax(1), [SQUARE]),
    "MSELoss": (nn.MSELoss, [SQUARE, SQUARE]),
    "L1Loss": (nn.L1Loss, [SQUARE, SQUARE]),
    "SmoothL1Loss": (nn.SmoothL1Loss, [SQUARE, SQUARE]),
    "HuberLoss": (nn.HuberLoss, [SQUARE, SQUARE]),
    "BCEWithLogitsLoss": (nn.BCEWithLogitsLoss, [SQUARE, SQUARE]),
    "NLLLoss": (nn.NLLLoss, [SCORES, CLASSES]),
    "CrossEntropyLoss": (
        lambda: nn.CrossEntropyLoss(label_smoothing=0.1, weight=dltk.ones(4)),
        [SCORES, CLASSES],
    ),
    "cross_entropy with ignore_index": (
        lambda: lambda x, y: F.cross_entropy(x, y, ignore_index=0),
        [SCORES, CLASSES],
    ),
    "attention": (
        lambda: lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True),
        [SEQUENCE] * 3,
    ),
    "one_hot": (lambda: lambda y, x: F.one_hot(y, 4) * x, [CLASSES, SCORES]),
    "pad": (lambda: lambda x: F.pad(x, (1, 2)), [SQUARE]),
    "pad by reflection": (lambda: lambda x: F.pad(x, (1, 2), mode="reflect"), [(2, 3, 4)]),
    "unfold": (lambda: lambda x: F.unfold(x, 2), [IMAGES]),
    "normalize": (lambda: F.normalize, [SQUARE]),
}


def _tensors(value):
    if isinstance(value, tuple):
        return [each for part in value for each in _tensors(part)]
    return [] if value is None else [value]


def _trained(layer, device):
    """Outputs and loss, and the gradients and buffers they leave."""
    make, operands = layer
    dltk.manual_seed(3)
    model = make()
    inputs = [dltk.randn(*each) if isinstance(each, tuple) else each for each in operands]
    if isinstance(model, nn.Module):
        model.to(device)
    inputs = [each.to(device) for each in inputs]
    leaves = [each.requires_grad_() for each in inputs if each.is_floating_point()]
    outputs = _tensors(model(*inputs))
    loss = sum((each * each).sum() for each in outputs)
    loss.backward()
    if isinstance(model, nn.Module):
        leaves += model.parameters()
        outputs += model.buffers()
    found = [*outputs, loss, *[each.grad for each in leaves if each.grad is not None]]
    assert {each.device.type for each in found} == {device}
    return [each.detach().cpu().numpy() for each in found]


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_on_sim_gives_what_it_gives_on_the_cpu(name):
    here, there = _trained(LAYERS[name], "cpu"), _trained(LAYERS[name], "sim")
    assert len(here) == len(there)
    assert all(np.array_equal(a, b) for a, b in zip(here, there, strict=True))
