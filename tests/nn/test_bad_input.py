"""What layers, losses, optimizers and loaders refuse: torch's class, and what was wrong by name."""

import pytest
from described import message

LAYERS = {
    "Linear(3, 2), 5 columns": (lambda lib: lib.nn.Linear(3, 2)(lib.ones(4, 5)), "4x5 and 3x2"),
    "Linear, another dtype": (
        lambda lib: lib.nn.Linear(3, 2)(lib.ones(4, 3).double()),
        "input and weight",
    ),
    "Linear of a list": (lambda lib: lib.nn.Linear(3, 2)([1, 2, 3]), "'input' must be Tensor"),
    "Conv2d, channels": (
        lambda lib: lib.nn.Conv2d(3, 4, 3)(lib.ones(1, 2, 8, 8)),
        "input[1, 2, 8, 8] to have 3 channels",
    ),
    "Conv2d, dimensions": (lambda lib: lib.nn.Conv2d(3, 4, 3)(lib.ones(8, 8)), "[8, 8]"),
    "Conv2d, small image": (lambda lib: lib.nn.Conv2d(3, 4, 9)(lib.ones(1, 3, 5, 5)), "Kernel"),
    "Conv2d, groups": (lambda lib: lib.nn.Conv2d(3, 4, 3, groups=2), "in_channels"),
    "Conv2d, padding": (lambda lib: lib.nn.Conv2d(3, 4, 3, padding="foo"), "'foo'"),
    "ConvTranspose2d, channels": (
        lambda lib: lib.nn.ConvTranspose2d(3, 4, 3)(lib.ones(1, 2, 8, 8)),
        "3 channels",
    ),
    "MaxPool2d, small image": (
        lambda lib: lib.nn.MaxPool2d(9)(lib.ones(1, 1, 3, 3)),
        "input size: (1, 3, 3)",
    ),
    "AdaptiveAvgPool2d, dimensions": (
        lambda lib: lib.nn.AdaptiveAvgPool2d(2)(lib.ones(8)),
        "got [8]",
    ),
    "BatchNorm1d, channels": (lambda lib: lib.nn.BatchNorm1d(3)(lib.ones(4, 5)), "[4, 5]"),
    "BatchNorm1d, one sample": (lambda lib: lib.nn.BatchNorm1d(3)(lib.ones(1, 3)), "[1, 3]"),
    "BatchNorm2d, dimensions": (lambda lib: lib.nn.BatchNorm2d(3)(lib.ones(4, 3)), "[4, 3]"),
    "LayerNorm, size": (lambda lib: lib.nn.LayerNorm(4)(lib.ones(2, 3)), "[2, 3]"),
    "GroupNorm, groups": (lambda lib: lib.nn.GroupNorm(2, 3), "num_groups"),
    "Dropout, share": (lambda lib: lib.nn.Dropout(1.5), "1.5"),
    "Embedding, row": (lambda lib: lib.nn.Embedding(3, 2)(lib.tensor([3])), "contains 3"),
    "Embedding, dtype": (lambda lib: lib.nn.Embedding(3, 2)(lib.tensor([1.0])), "float32"),
    "RNN, hidden state": (
        lambda lib: lib.nn.RNN(3, 4)(lib.ones(5, 2, 3), lib.ones(1, 3, 4)),
        "Expected hidden size (1, 2, 4), got [1, 3, 4]",
    ),
    "LSTM, one state": (
        lambda lib: lib.nn.LSTM(3, 4)(lib.ones(5, 2, 3), lib.ones(1, 2, 4)),
        "hx must be a pair",
    ),
    "GRUCell, size": (lambda lib: lib.nn.GRUCell(3, 4)(lib.ones(2, 5)), "got 5 expected 3"),
    "MultiheadAttention, heads": (lambda lib: lib.nn.MultiheadAttention(5, 2), "embed_dim"),
    "MultiheadAttention, mask": (
        lambda lib: lib.nn.MultiheadAttention(4, 2)(
            *[lib.ones(3, 4)] * 3, attn_mask=lib.ones(2, 2)
        ),
        "attn_mask",
    ),
    "Softmax, dimension": (lambda lib: lib.nn.Softmax(dim=3)(lib.ones(2)), "[-1, 0], but got 3"),
    "Sequential of a number": (lambda lib: lib.nn.Sequential(3), "not a Module"),
    "a state of another shape": (
        lambda lib: lib.nn.Linear(2, 2).load_state_dict(lib.nn.Linear(2, 3).state_dict()),
        "size mismatch for weight",
    ),
    "an initial value without fans": (
        lambda lib: lib.nn.init.xavier_uniform_(lib.ones(3)),
        "shape [3]",
    ),
    "an orthogonal vector": (lambda lib: lib.nn.init.orthogonal_(lib.ones(3)), "shape [3]"),
    "a dirac matrix": (lambda lib: lib.nn.init.dirac_(lib.ones(3, 3)), "shape [3, 3]"),
}
LOSSES = {
    "MSELoss, shapes": (lambda lib: lib.nn.MSELoss()(lib.ones(3), lib.ones(4)), "(3)"),
    "MSELoss, reduction": (
        lambda lib: lib.nn.MSELoss(reduction="foo")(lib.ones(3), lib.ones(3)),
        "foo",
    ),
    "CrossEntropyLoss, batch": (
        lambda lib: lib.nn.CrossEntropyLoss()(lib.ones(2, 3), lib.tensor([0, 1, 2])),
        "batch_size (2) to match target batch_size (3)",
    ),
    "CrossEntropyLoss, class": (
        lambda lib: lib.nn.CrossEntropyLoss()(lib.ones(2, 3), lib.tensor([0, 3])),
        "Target 3 is out of bounds",
    ),
    "CrossEntropyLoss, dtype": (
        lambda lib: lib.nn.CrossEntropyLoss()(lib.ones(2, 3), lib.tensor([0.0, 1.0])),
        "target",
    ),
    "CrossEntropyLoss, smoothing": (
        lambda lib: lib.nn.CrossEntropyLoss(label_smoothing=2.0)(
            lib.ones(2, 3), lib.tensor([0, 1])
        ),
        "label_smoothing",
    ),
    "CrossEntropyLoss, weight": (
        lambda lib: lib.nn.CrossEntropyLoss(weight=lib.ones(2))(lib.ones(2, 3), lib.tensor([0, 1])),
        "weight tensor of shape",
    ),
    "BCELoss, no probability": (
        lambda lib: lib.nn.BCELoss()(lib.ones(2) * 2, lib.ones(2)),
        "input should be between 0 and 1",
    ),
    "BCELoss, dtype": (
        lambda lib: lib.nn.BCELoss()(lib.ones(2), lib.ones(2).long()),
        "int64 of the target",
    ),
    "BCEWithLogitsLoss, shapes": (
        lambda lib: lib.nn.BCEWithLogitsLoss()(lib.ones(2), lib.ones(2, 1)),
        "[2, 1]",
    ),
    "HuberLoss, delta": (
        lambda lib: lib.nn.HuberLoss(delta=-1.0)(lib.ones(2), lib.ones(2)),
        "delta",
    ),
}


def weights(lib):
    return [lib.ones(2, requires_grad=True)]


OPTIMIZERS = {
    "no parameters": (lambda lib: lib.optim.SGD([], lr=0.1), "empty parameter list"),
    "a tensor": (lambda lib: lib.optim.SGD(weights(lib)[0], lr=0.1), "iterable"),
    "a set": (lambda lib: lib.optim.SGD([{"params": set(weights(lib))}]), "ordered"),
    "an inner tensor": (lambda lib: lib.optim.SGD([weights(lib)[0] * 2], lr=0.1), "non-leaf"),
    "a negative rate": (lambda lib: lib.optim.Adam(weights(lib), lr=-1.0), "learning rate: -1"),
    "a beta of 1": (lambda lib: lib.optim.Adam(weights(lib), betas=(0.9, 1.0)), "index 1: 1.0"),
    "Nesterov alone": (
        lambda lib: lib.optim.SGD(weights(lib), lr=0.1, nesterov=True),
        "Nesterov",
    ),
    "a group without parameters": (lambda lib: lib.optim.SGD([{"lr": 1}]), "params"),
    "a state of other groups": (
        lambda lib: lib.optim.SGD(weights(lib)).load_state_dict(
            lib.optim.SGD([*weights(lib), *weights(lib)]).state_dict()
        ),
        "group",
    ),
    "a schedule of a number": (lambda lib: lib.optim.lr_scheduler.StepLR(3, 2), "int"),
}
LOADERS = {
    "no batch": (lambda lib: lib.utils.data.DataLoader([1], 0), "batch_size=0"),
    "sampler and shuffle": (
        lambda lib: lib.utils.data.DataLoader([1], sampler=[0], shuffle=True),
        "sampler",
    ),
    "fewer than no workers": (
        lambda lib: lib.utils.data.DataLoader([1], num_workers=-1),
        "num_workers",
    ),
    "prefetching without workers": (
        lambda lib: lib.utils.data.DataLoader([1], prefetch_factor=2),
        "prefetch_factor",
    ),
    "rows of unequal shape": (
        lambda lib: list(lib.utils.data.DataLoader([lib.ones(2), lib.ones(3)], 2)),
        "[3] at entry 1",
    ),
    "samples of nothing": (lambda lib: list(lib.utils.data.DataLoader([None])), "NoneType"),
    "unequal tensors": (
        lambda lib: lib.utils.data.TensorDataset(lib.ones(3), lib.ones(2)),
        "Size mismatch",
    ),
    "a split that does not add up": (
        lambda lib: lib.utils.data.random_split(range(5), [2, 2]),
        "Sum of input lengths",
    ),
}
CALLS = LAYERS | LOSSES | OPTIMIZERS | LOADERS


@pytest.mark.parametrize("name", list(CALLS))
def test_bad_input_is_refused_as_by_torch_and_named(name):
    call, says = CALLS[name]
    assert says in message(call)
