"""Nets put together at random train on dltk as on torch, or are refused by both."""

import random

import pytest
import torch
from comparing import outcome
from programs.agreement import compare

import dltk

NETS = 40


def _vector_layers(draw, features):
    """A few (name, arguments, features afterwards) for rows of `features`."""
    wider = draw.randint(2, 9)
    bias = draw.random() < 0.7
    return [
        ("Linear", {"in_features": features, "out_features": wider, "bias": bias}, wider),
        ("BatchNorm1d", {"num_features": features, "affine": bias}, features),
        ("LayerNorm", {"normalized_shape": features, "elementwise_affine": bias}, features),
        ("RMSNorm", {"normalized_shape": features, "eps": 1e-6}, features),
        ("Identity", {}, features),
        ("Dropout", {"p": 0.0}, features),
        ("Unflatten", {"dim": 1, "unflattened_size": (1, features)}, None),
        *[(name, arguments, features) for name, arguments in _activations(draw)],
    ]


def _activations(draw):
    slope, beta = round(draw.uniform(0.01, 0.5), 2), round(draw.uniform(0.5, 3), 1)
    return [
        ("ReLU", {"inplace": draw.random() < 0.3}),
        ("LeakyReLU", {"negative_slope": slope}),
        ("ELU", {"alpha": beta}),
        ("GELU", {"approximate": draw.choice(["none", "tanh"])}),
        ("SiLU", {}),
        ("Softplus", {"beta": beta}),
        ("Sigmoid", {}),
        ("Tanh", {}),
        ("Hardtanh", {"min_val": -beta, "max_val": slope}),
        ("Softmax", {"dim": 1}),
        ("LogSoftmax", {"dim": -1}),
    ]


def _image_layers(draw, channels, size):
    kernel, stride = draw.randint(1, min(3, size)), draw.randint(1, 2)
    padding, more = draw.randint(0, kernel // 2), draw.choice([2, 4, 6])
    after = (size + 2 * padding - kernel) // stride + 1
    window = {"kernel_size": kernel, "stride": stride, "padding": padding}
    groups = 2 if channels % 2 == 0 and draw.random() < 0.4 else 1
    convolution = {"in_channels": channels, "out_channels": more, "groups": groups} | window
    bias = draw.random() < 0.7
    up = (size - 1) * stride - 2 * padding + kernel
    counted = window | {"count_include_pad": draw.random() < 0.5}
    target = draw.randint(1, size)
    return [
        ("Conv2d", convolution | {"bias": bias}, more, after),
        ("Conv2d", convolution | {"dilation": 1, "padding_mode": "zeros"}, more, after),
        ("ConvTranspose2d", convolution | {"bias": bias}, more, up),
        ("MaxPool2d", window, channels, after),
        ("AvgPool2d", counted, channels, after),
        ("AdaptiveAvgPool2d", {"output_size": target}, channels, target),
        ("BatchNorm2d", {"num_features": channels, "momentum": 0.3}, channels, size),
        ("GroupNorm", {"num_groups": groups, "num_channels": channels}, channels, size),
        ("Dropout2d", {"p": 0.0}, channels, size),
        *[(name, arguments, channels, size) for name, arguments in _activations(draw)[:9]],
    ]


def _plan(seed):
    """Layers as (name, arguments), the shape of the input, and how the net is trained."""
    draw = random.Random(seed)
    layers = []
    features, shape = draw.randint(2, 6), None
    if draw.random() < 0.5:
        channels, size = draw.choice([1, 2, 4]), draw.randint(4, 7)
        shape = (6, channels, size, size)
        for _ in range(draw.randint(1, 4)):
            choice = draw.choice(_image_layers(draw, channels, size))
            if 1 <= choice[3] <= 12:
                layers.append(choice[:2])
                channels, size = choice[2:]
        layers.append(("Flatten", {}))
        features = channels * size * size
    shape = shape or (6, features)
    for _ in range(draw.randint(1, 4)):
        name, arguments, after = draw.choice(_vector_layers(draw, features))
        layers.append((name, arguments))
        if after is None:
            layers.append(("Flatten", {}))
        features = after or features
    layers.append(("Linear", {"in_features": features, "out_features": 3}))
    optimizer = draw.choice(
        [
            ("SGD", {"lr": 0.05, "momentum": 0.9, "nesterov": draw.random() < 0.5}),
            ("SGD", {"lr": 0.1, "momentum": 0.5, "dampening": 0.2, "weight_decay": 0.01}),
            ("RMSprop", {"lr": 0.01, "centered": draw.random() < 0.5, "eps": 1e-2}),
            ("Adagrad", {"lr": 0.05, "lr_decay": 0.1, "eps": 1e-4}),
            ("Adadelta", {"lr": 0.5, "rho": 0.7, "eps": 1e-4}),
            ("Adam", {"lr": 0.01, "amsgrad": draw.random() < 0.5, "eps": 1e-4}),
            ("AdamW", {"lr": 0.01, "weight_decay": 0.1, "eps": 1e-4}),
        ]
    )
    loss = draw.choice(["CrossEntropyLoss", "MSELoss", "SmoothL1Loss", "HuberLoss"])
    return layers, shape, optimizer, loss


def _train(lib, seed):
    layers, shape, (optimizer_name, options), loss_name = _plan(seed)
    lib.manual_seed(seed)
    net = lib.nn.Sequential(*[getattr(lib.nn, name)(**given) for name, given in layers]).double()
    x = lib.randn(shape, dtype=lib.float64, requires_grad=True)
    target = lib.randn(6, 3, dtype=lib.float64)
    if loss_name == "CrossEntropyLoss":
        target = target.argmax(1)
    criterion = getattr(lib.nn, loss_name)()
    optimizer = getattr(lib.optim, optimizer_name)(net.parameters(), **options)
    losses, gradients = [], []
    for _ in range(3):
        optimizer.zero_grad()
        x.grad = None
        loss = criterion(net(x * 1), target)
        loss.backward()
        gradients.append((x.grad, [p.grad.clone() for p in net.parameters()]))
        optimizer.step()
        losses.append(loss.item())
    net.eval()
    return {
        "loss": losses,
        "gradient": gradients,
        "output": net(x * 1),
        "state": dict(net.state_dict()),
        "text": f"{net}\n{optimizer}",
    }


@pytest.mark.parametrize("seed", range(NETS))
def test_a_random_net_trains_as_under_torch(seed):
    theirs, ours = (outcome(lib, lambda lib=lib: _train(lib, seed)) for lib in (torch, dltk))
    if isinstance(theirs, str) or isinstance(ours, str):
        assert ours == theirs
    else:
        assert compare(ours, theirs, "float64") > 0
