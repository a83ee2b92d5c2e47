"""Steps downhill, by optimizers of the library and of one's own."""

from typing import Any

from programs.registry import program
from programs.synthetic import digits


@program()
def every_optimizer_descends_a_ravine(lib: Any) -> dict[str, Any]:
    """Rosenbrock's valley from one start, each optimizer with arguments of its own."""
    optim = lib.optim
    makers = {
        "sgd": lambda p: optim.SGD(p, lr=1e-3),
        "momentum": lambda p: optim.SGD(p, lr=1e-3, momentum=0.9, dampening=0.1),
        "nesterov": lambda p: optim.SGD(p, lr=1e-3, momentum=0.9, nesterov=True, weight_decay=0.01),
        "maximize": lambda p: optim.SGD(p, lr=1e-5, maximize=True),
        "rmsprop": lambda p: optim.RMSprop(p, lr=1e-2, momentum=0.5, centered=True),
        "adagrad": lambda p: optim.Adagrad(p, lr=0.1, lr_decay=0.01, weight_decay=0.01),
        "adadelta": lambda p: optim.Adadelta(p, lr=1.0, rho=0.8),
        "adam": lambda p: optim.Adam(p, lr=0.05, betas=(0.8, 0.99), weight_decay=0.01),
        "amsgrad": lambda p: optim.Adam(p, lr=0.05, amsgrad=True),
        "adamw": lambda p: optim.AdamW(p, lr=0.05, weight_decay=0.1),
    }
    paths: dict[str, Any] = {}
    for name, make in makers.items():
        point = lib.tensor([-1.0, 1.5], requires_grad=True)
        optimizer = make([point])
        path = []
        for _ in range(15):
            x, y = point
            loss = (1 - x) ** 2 + 10 * (y - x**2) ** 2
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            path.append(point.detach().clone())
        paths[name] = path
        paths[f"{name} text"] = str(optimizer)
        paths[f"{name} state"] = optimizer.state_dict()
    return paths


@program("float32")
def groups_have_their_own_rates(lib: Any) -> dict[str, Any]:
    """Biases without decay, a head ten times faster, a group added on the way."""
    lib.manual_seed(1)
    nn = lib.nn
    images, labels = digits(lib, 32)
    body = nn.Sequential(nn.Flatten(), nn.Linear(64, 12), nn.LeakyReLU(0.1))
    head = nn.Linear(12, 4)
    biases = [p for name, p in body.named_parameters() if name.endswith("bias")]
    weights = [p for name, p in body.named_parameters() if not name.endswith("bias")]
    optimizer = lib.optim.AdamW(
        [{"params": weights}, {"params": biases, "weight_decay": 0.0}], lr=1e-3, weight_decay=0.1
    )
    losses, rates = [], []
    for step in range(10):
        if step == 5:
            optimizer.add_param_group({"params": head.parameters(), "lr": 1e-2})
        loss = nn.functional.cross_entropy(head(body(images)), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        rates.append([group["lr"] for group in optimizer.param_groups])
        if step == 7:
            for group in optimizer.param_groups:
                group["lr"] *= 0.5
    return {
        "loss": losses,
        "rates": rates,
        "body": dict(body.state_dict()),
        "head": dict(head.state_dict()),
        "decays": [group["weight_decay"] for group in optimizer.param_groups],
    }


@program()
def closures_are_evaluated_by_the_step(lib: Any) -> dict[str, Any]:
    """`optimizer.step(closure)` returns the loss; calls of the closure are counted."""
    lib.manual_seed(2)
    x, y = lib.randn(12, 4), lib.randn(12, 1)
    model = lib.nn.Linear(4, 1, bias=False)
    calls = []
    results = {}
    for optimizer in (
        lib.optim.SGD(model.parameters(), lr=0.1, momentum=0.5),
        lib.optim.Adam(model.parameters(), lr=0.1),
        lib.optim.RMSprop(model.parameters(), lr=0.01),
    ):

        def closure(optimizer: Any = optimizer) -> Any:
            optimizer.zero_grad()
            loss = lib.nn.functional.mse_loss(model(x), y)
            loss.backward()
            calls.append(model.weight.grad.norm().item())
            return loss

        results[type(optimizer).__name__] = [optimizer.step(closure).item() for _ in range(6)]
    return {"gradient norms": calls, "weight": model.weight, **results}


@program("float32")
def gradients_are_accumulated_over_small_batches(lib: Any) -> dict[str, Any]:
    """Four quarter batches give the step of the whole one."""
    lib.manual_seed(3)
    x, y = lib.randn(32, 6), lib.randn(32, 2)
    whole, quarters = lib.nn.Linear(6, 2), lib.nn.Linear(6, 2)
    quarters.load_state_dict(whole.state_dict())
    first = lib.optim.SGD(whole.parameters(), lr=0.1)
    second = lib.optim.SGD(quarters.parameters(), lr=0.1)
    losses, apart = [], []
    for _ in range(8):
        first.zero_grad()
        loss = lib.nn.functional.mse_loss(whole(x), y)
        loss.backward()
        first.step()
        second.zero_grad()
        for part in zip(x.split(8), y.split(8), strict=True):
            (lib.nn.functional.mse_loss(quarters(part[0]), part[1]) / 4).backward()
        second.step()
        losses.append(loss.item())
        apart.append(lib.allclose(whole.weight, quarters.weight, atol=1e-6))
    return {"loss": losses, "same": apart, "weight": quarters.weight, "grad": quarters.weight.grad}


@program()
def gradients_are_clipped(lib: Any) -> dict[str, Any]:
    """By the norm of all together, by another norm, by value; with a steep loss."""
    lib.manual_seed(4)
    utils = lib.nn.utils
    x, y = 5 * lib.randn(20, 4), 10 * lib.randn(20, 3)
    results = {}
    for name, clip in {
        "norm": lambda p: utils.clip_grad_norm_(p, max_norm=1.0),
        "largest": lambda p: utils.clip_grad_norm_(p, 0.5, norm_type=float("inf")),
        "one": lambda p: utils.clip_grad_norm_(p, 2.0, norm_type=1),
        "value": lambda p: utils.clip_grad_value_(p, 0.1),
    }.items():
        lib.manual_seed(5)
        model = lib.nn.Sequential(lib.nn.Linear(4, 8), lib.nn.Softplus(), lib.nn.Linear(8, 3))
        model.append(lib.nn.Linear(3, 3))
        model[2].bias.requires_grad_(False)
        optimizer = lib.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
        steps = []
        for _ in range(6):
            optimizer.zero_grad()
            loss = ((model(x) - y) ** 4).mean()
            loss.backward()
            total = clip(model.parameters())
            optimizer.step()
            steps.append((loss.item(), total, model[0].weight.grad.abs().max().item()))
        results[name] = steps
        results[f"{name} weights"] = model[0].weight
    return results


@program()
def an_optimizer_of_ones_own_remembers_curvature(lib: Any) -> dict[str, Any]:
    """L-BFGS with two loops over what it remembers, as a subclass of Optimizer."""

    class Remembering(lib.optim.Optimizer):
        def __init__(self, params: Any, lr: float = 1.0, history: int = 5):
            super().__init__(params, {"lr": lr, "history": history})
            self.changes: list[Any] = []
            self.differences: list[Any] = []
            self.before: Any = None

        @lib.no_grad()
        def step(self, closure: Any = None) -> Any:
            with lib.enable_grad():
                loss = closure()
            (group,) = self.param_groups
            flat = lib.cat([p.grad.reshape(-1) for p in group["params"]])
            if self.before is not None:
                self.differences.append(flat - self.before)
                del self.differences[: -group["history"]]
            direction = flat.clone()
            pairs = list(zip(self.changes, self.differences, strict=True))
            shares = []
            for change, difference in reversed(pairs):
                share = change.dot(direction) / change.dot(difference)
                direction -= share * difference
                shares.append(share)
            if pairs:
                change, difference = pairs[-1]
                direction *= change.dot(difference) / difference.dot(difference)
            for (change, difference), share in zip(pairs, reversed(shares), strict=True):
                direction += change * (share - difference.dot(direction) / change.dot(difference))
            rate = group["lr"] if pairs else 0.01
            start = 0
            for p in group["params"]:
                part = direction[start : start + p.numel()].view_as(p)
                p.add_(part, alpha=-rate)
                start += p.numel()
            self.changes.append(-rate * direction)
            del self.changes[: -group["history"]]
            self.before = flat
            return loss

    lib.manual_seed(6)
    x = lib.randn(30, 4)
    y = (x @ lib.randn(4, 2)).tanh() + 0.1 * lib.randn(30, 2)
    model = lib.nn.Linear(4, 2)
    optimizer = Remembering(model.parameters(), lr=0.8)

    def closure() -> Any:
        optimizer.zero_grad()
        loss = (model(x) - y).square().mean()
        loss.backward()
        return loss

    losses = [optimizer.step(closure).item() for _ in range(12)]
    return {"loss": losses, "weight": model.weight, "bias": model.bias, "text": str(optimizer)}


@program("float32")
def an_average_of_the_weights_follows_them(lib: Any) -> dict[str, Any]:
    """An exponential moving average kept beside the model and swapped in to evaluate."""
    lib.manual_seed(7)
    images, labels = digits(lib, 40)

    def make() -> Any:
        return lib.nn.Sequential(
            lib.nn.Flatten(), lib.nn.Linear(64, 10), lib.nn.ELU(), lib.nn.Linear(10, 4)
        )

    model, average = make(), make()
    average.load_state_dict(model.state_dict())
    average.requires_grad_(False)
    optimizer = lib.optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
    losses, averaged, distance = [], [], []
    for _ in range(10):
        loss = lib.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        with lib.no_grad():
            for slow, fast in zip(average.parameters(), model.parameters(), strict=True):
                slow.lerp_(fast, 0.2)
        losses.append(loss.item())
        averaged.append(lib.nn.functional.cross_entropy(average(images), labels).item())
        both = [lib.nn.utils.parameters_to_vector(m.parameters()) for m in (model, average)]
        distance.append((both[0] - both[1]).norm().item())
    return {"loss": losses, "averaged": averaged, "distance": distance}


@program()
def sharp_minima_are_avoided_by_two_passes(lib: Any) -> dict[str, Any]:
    """Climb a little, take the gradient there, go back, step: two passes a step."""
    lib.manual_seed(8)
    x, y = lib.randn(16, 3), lib.randn(16, 1)
    model = lib.nn.Sequential(lib.nn.Linear(3, 6), lib.nn.Tanh(), lib.nn.Linear(6, 1))
    optimizer = lib.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    flat, sharp, gradients = [], [], []
    for _ in range(8):
        loss = lib.nn.functional.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        with lib.no_grad():
            norm = lib.stack([p.grad.norm() for p in model.parameters()]).norm()
            climbs = [0.05 * p.grad / norm for p in model.parameters()]
            for p, climb in zip(model.parameters(), climbs, strict=True):
                p.add_(climb)
        optimizer.zero_grad()
        above = lib.nn.functional.mse_loss(model(x), y)
        above.backward()
        with lib.no_grad():
            for p, climb in zip(model.parameters(), climbs, strict=True):
                p.sub_(climb)
        optimizer.step()
        flat.append(loss.item())
        sharp.append(above.item())
        gradients.append([p.grad.clone() for p in model.parameters()])
    return {"loss": flat, "above": sharp, "gradient": gradients}
