"""What dltk has and torch lacks: traces, a layer, transforms of pictures, a training loop."""

from typing import Any

import numpy as np

from programs.registry import program
from programs.synthetic import digits


@program(needs_twins=True)
def a_formula_is_traced_both_ways(lib: Any) -> dict[str, Any]:
    """log x1 + x1 x2 - sin x2: rows of values with tangents, and of adjoints; then a loop."""

    def f(x1: Any, x2: Any) -> Any:
        return lib.log(x1) + x1 * x2 - lib.sin(x2)

    def loop(x: Any) -> Any:
        while x < 20:
            x = x * x + 1
        return x

    seeds = [(1.0, 0.0), (0.0, 1.0)]
    traces = [lib.trace.forward_trace(f, (2.0, 5.0), seed) for seed in seeds]
    traces += [lib.trace.forward_trace(loop, (start,), (1.0,)) for start in (1.5, 4.0)]
    adjoints = lib.trace.reverse_trace(f, (2.0, 5.0))
    return {
        "names": [[row.name for row in trace] for trace in traces],
        "value": [[float(row.value) for row in trace] for trace in traces],
        "tangent": [[float(row.tangent) for row in trace] for trace in traces],
        "expressions": [[row.expression for row in trace] for trace in traces],
        "adjoint": {name: float(value) for name, value in adjoints.adjoints.items()},
    }


@program(needs_twins=True)
def a_layer_no_library_has_is_trained(lib: Any) -> dict[str, Any]:
    """MyLayer, √(x² + b) W: its initial values, text, training; without bias, and zeros given."""
    lib.manual_seed(0)
    model = lib.nn.Sequential(lib.nn.MyLayer(4, 6), lib.nn.MyLayer(6, 1, bias=False))
    x, y = lib.randn(16, 4), lib.rand(16, 1)
    x[0] = 0
    optimizer = lib.optim.SGD(model.parameters(), lr=0.05)
    losses, gradients = [], []
    for _ in range(8):
        loss = lib.nn.functional.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        gradients.append([p.grad.clone() for p in model.parameters()])
    return {
        "loss": losses,
        "gradient": gradients,
        "names": list(model.state_dict()),
        "text": str(model),
    }


@program("float32", needs_twins=True)
def a_head_is_replaced_on_a_frozen_body(lib: Any) -> dict[str, Any]:
    """Transfer by replace_head: only the head moves, and no running statistic of the body."""
    lib.manual_seed(2)
    nn = lib.nn
    images, labels = digits(lib, 24)
    model = nn.Sequential()
    model.add_module("body", nn.Sequential(nn.Flatten(), nn.Linear(64, 6), nn.BatchNorm1d(6)))
    model.add_module("head", nn.Linear(6, 2))
    losses = []
    parameters: Any = model.parameters()
    for stage in range(2):
        if stage == 1:
            parameters = nn.modes.replace_head(model, "head", nn.Linear(6, 4))
            before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
        optimizer = lib.optim.SGD(parameters, lr=0.3, momentum=0.5)
        for _ in range(5):
            loss = nn.functional.cross_entropy(model(images), labels % (2 + 2 * stage))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    state = model.state_dict()
    return {
        "loss": losses,
        "moved": [name for name in state if not lib.equal(state[name], before[name])],
        "modes": [module.training for module in model.modules()],
        "frozen": [not p.requires_grad for p in nn.modes.freeze(model.body).parameters()],
        "state": dict(state),
    }


@program("float32", needs_twins=True)
def pictures_are_learned_by_the_training_loop(lib: Any) -> dict[str, Any]:
    """Bytes through transforms into a Dataset; `fit` with a schedule keeps the best state."""
    lib.manual_seed(1)
    images, labels = digits(lib, 60)
    pictures = (images.permute(0, 2, 3, 1) * 255).round().to(lib.uint8).numpy()
    prepare = lib.transforms.Compose(
        [
            lib.transforms.ToTensor(),
            lib.transforms.Lambda(lambda picture: picture.flip(-1)),
            lib.transforms.Normalize([0.5], [0.25]),
        ]
    )

    class Pictures(lib.utils.data.Dataset):
        def __getitem__(self, index: int) -> Any:
            return prepare(pictures[index]), labels[index]

        def __len__(self) -> int:
            return len(pictures)

    data = lib.utils.data
    train, held_out = data.random_split(Pictures(), [40, 20])
    model = lib.nn.Sequential(lib.nn.Flatten(), lib.nn.Linear(64, 8), lib.nn.ReLU())
    model.append(lib.nn.Linear(8, 4))
    optimizer = lib.optim.SGD(model.parameters(), lr=0.3)
    losses, accuracies = lib.training.fit(
        model,
        optimizer,
        lib.nn.CrossEntropyLoss(),
        data.DataLoader(train, batch_size=16, shuffle=True),
        epochs=4,
        held_out=data.DataLoader(held_out, batch_size=16),
        schedule=lib.optim.lr_scheduler.ExponentialLR(optimizer, 0.7),
    )
    return {
        "loss": losses,
        "accuracy": accuracies,
        "again": lib.training.evaluate(model, data.DataLoader(held_out, batch_size=7)),
        "training": model.training,
        "rate": optimizer.param_groups[0]["lr"],
        "black": lib.transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])(
            lib.transforms.ToTensor()(np.zeros((1, 1, 3), np.uint8))
        ),
        "state": dict(model.state_dict()),
    }
