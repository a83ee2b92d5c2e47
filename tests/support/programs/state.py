"""States of models and optimizers, kept, moved and written to files."""

import io
import tempfile
from pathlib import Path
from typing import Any

from programs.registry import program
from programs.synthetic import digits


def _mlp(lib: Any) -> Any:
    return lib.nn.Sequential(lib.nn.Linear(4, 6), lib.nn.ReLU(), lib.nn.Linear(6, 2))


@program("float32")
def a_run_is_resumed_from_a_file(lib: Any) -> dict[str, Any]:
    """Five steps, a file, five more in new objects: the losses of ten steps without a break."""
    lib.manual_seed(0)
    x, y = lib.randn(12, 4), lib.randint(0, 2, (12,))

    def train(model: Any, optimizer: Any, steps: int) -> list[float]:
        losses = []
        for _ in range(steps):
            loss = lib.nn.functional.cross_entropy(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return losses

    makers = {
        "Adam": lambda p: lib.optim.Adam(p, lr=0.05, amsgrad=True),
        "SGD": lambda p: lib.optim.SGD(p, lr=0.1, momentum=0.9),
        "RMSprop": lambda p: lib.optim.RMSprop(p, lr=0.01, centered=True, momentum=0.1),
        "Adadelta": lambda p: lib.optim.Adadelta(p, lr=1.0),
    }
    results: dict[str, Any] = {}
    for name, make in makers.items():
        lib.manual_seed(1)
        model = _mlp(lib)
        optimizer = make(model.parameters())
        losses = train(model, optimizer, 5)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "checkpoint.pt"
            state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 5}
            lib.save(state, path)
            checkpoint = lib.load(path, map_location="cpu")
        model = _mlp(lib)
        optimizer = make(model.parameters())
        model.load_state_dict(checkpoint["model"])
        optimizer.load_state_dict(checkpoint["optimizer"])
        results[name] = losses + train(model, optimizer, 5)
        results[f"{name} epoch"] = checkpoint["epoch"]
        results[f"{name} state"] = optimizer.state_dict()
    return results


@program("float32")
def a_body_is_kept_and_its_head_replaced(lib: Any) -> dict[str, Any]:
    """Transfer: pretrain, freeze, a new head, then thaw; what moved is recorded."""
    lib.manual_seed(2)
    images, labels = digits(lib, 40)
    nn = lib.nn

    class Net(nn.Module):
        def __init__(self, classes: int):
            super().__init__()
            self.body = nn.Sequential(nn.Flatten(), nn.Linear(64, 10), nn.SiLU())
            self.fc = nn.Linear(10, classes)

        def forward(self, x: Any) -> Any:
            return self.fc(self.body(x))

    def train(parameters: Any, images: Any, labels: Any) -> list[float]:
        optimizer = lib.optim.SGD(parameters, lr=0.2, momentum=0.9)
        losses = []
        for _ in range(5):
            loss = nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return losses

    model = Net(2)
    first = labels < 2
    losses = train(model.parameters(), images[first], labels[first])
    for parameter in model.body.parameters():
        parameter.requires_grad = False
    model.fc = nn.Linear(model.fc.in_features, 4)
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    losses += train([p for p in model.parameters() if p.requires_grad], images, labels)
    moved = {name: not lib.equal(p, before[name]) for name, p in model.named_parameters()}
    no_gradient = [name for name, p in model.named_parameters() if p.grad is None]
    model.requires_grad_(True)
    losses += train(model.parameters(), images, labels)
    return {
        "loss": losses,
        "moved": moved,
        "no gradient": no_gradient,
        "state": dict(model.state_dict()),
    }


@program("float32")
def a_state_fits_in_part(lib: Any) -> dict[str, Any]:
    """strict=False, renamed keys, wrong shapes and the errors that name them."""
    lib.manual_seed(3)
    source = _mlp(lib)
    state = source.state_dict()
    target = lib.nn.Sequential(lib.nn.Linear(4, 6), lib.nn.ReLU(), lib.nn.Linear(6, 3, bias=False))
    state["extra"] = lib.ones(1)
    del state["2.weight"]
    result = target.load_state_dict(state, strict=False)
    renamed = {f"net.{name}": tensor for name, tensor in source.state_dict().items()}

    class Wrapped(lib.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = _mlp(lib)

    wrapped = Wrapped()
    wrapped.load_state_dict(renamed)
    errors = []
    for wrong in (
        {"net.0.weight": lib.ones(1)},
        renamed | {"other": lib.ones(1)},
        renamed | {"net.0.bias": lib.ones(2)},
    ):
        try:
            wrapped.load_state_dict(wrong)
        except RuntimeError as error:
            lines = str(error).splitlines()
            errors.append(sorted(word for word in " ".join(lines).split() if "net." in word))
    source[0].weight.data.fill_(7.0)
    assigned = {name: lib.zeros_like(tensor) for name, tensor in renamed.items()}
    wrapped_too = Wrapped()
    wrapped_too.load_state_dict(assigned, assign=True)
    wrapped_too.net[0].weight.data.fill_(3.0)
    del wrapped_too.net[2].bias
    return {
        "missing": result.missing_keys,
        "unexpected": sorted(result.unexpected_keys),
        "target": dict(target.state_dict()),
        "wrapped": wrapped.net(lib.ones(1, 4)),
        "errors": errors,
        "live": state["0.weight"],
        "copied": wrapped.net[0].weight,
        "assigned": assigned["net.0.weight"],
        "left": [name for name, _ in wrapped_too.named_parameters()],
    }


@program("float32")
def trees_of_tensors_go_through_memory(lib: Any) -> dict[str, Any]:
    """save and load of nested structures: shared storage stays shared, views keep their strides."""
    base = lib.arange(12, dtype=lib.float32)
    tree = {
        "view": base.view(3, 4).t(),
        "base": base,
        "numbers": [1, 2.5, True, None, "text"],
        "pair": (lib.tensor([1, 2], dtype=lib.int8), lib.tensor(3.0, dtype=lib.float64)),
        "leaf": lib.ones(2, requires_grad=True),
        "empty": lib.zeros(0, 3),
        "flags": lib.tensor([True, False]),
        "half": lib.tensor([0.5], dtype=lib.float16),
    }
    file = io.BytesIO()
    lib.save(tree, file)
    file.seek(0)
    loaded = lib.load(file, weights_only=True)
    loaded["base"][0] = 100
    return {
        "loaded": {key: value for key, value in loaded.items() if key != "numbers"},
        "numbers": str(loaded["numbers"]),
        "kinds": [type(each).__name__ for each in loaded.values()],
        "strides": loaded["view"].stride(),
        "shared": loaded["view"][0, 0],
        "requires_grad": loaded["leaf"].requires_grad,
    }


@program()
def weights_evolve_without_gradients(lib: Any) -> dict[str, Any]:
    """An evolution strategy on the parameters as one vector."""
    lib.manual_seed(4)
    utils = lib.nn.utils
    x = lib.randn(20, 4)
    y = x[:, :2] * 2 - 1
    model = _mlp(lib)

    @lib.inference_mode()
    def fitness(vector: Any) -> float:
        utils.vector_to_parameters(vector, model.parameters())
        return -lib.nn.functional.mse_loss(model(x), y).item()

    center = utils.parameters_to_vector(model.parameters()).detach()
    history, centers = [], []
    for _ in range(6):
        noise = lib.randn(10, center.numel())
        noise = lib.cat([noise, -noise])
        scores = lib.tensor([fitness(center + 0.1 * each) for each in noise])
        ranks = scores.argsort().argsort().double() / (len(scores) - 1) - 0.5
        center = center + 0.3 * (ranks @ noise) / len(scores)
        history.append(fitness(center))
        centers.append(center.norm().item())
    return {"fitness": history, "norm": centers, "vector": center}
