"""Layers, functions and hooks that the library does not have."""

from typing import Any

from programs.registry import program
from programs.synthetic import digits


@program("float32")
def a_layer_of_ones_own_learns(lib: Any) -> dict[str, Any]:
    """√(x² + b) W as a Module: registration, printing, its state, training."""

    class RootLayer(lib.nn.Module):
        def __init__(self, in_features: int, out_features: int, bias: bool = True):
            super().__init__()
            self.in_features, self.out_features = in_features, out_features
            self.weight = lib.nn.Parameter(lib.empty(in_features, out_features))
            if bias:
                self.bias = lib.nn.Parameter(lib.empty(in_features))
            else:
                self.register_parameter("bias", None)
            lib.nn.init.xavier_uniform_(self.weight)
            if bias:
                lib.nn.init.constant_(self.bias, 0.5)

        def forward(self, x: Any) -> Any:
            squares = x**2 if self.bias is None else x**2 + self.bias
            return squares.sqrt() @ self.weight

        def extra_repr(self) -> str:
            return f"{self.in_features}, {self.out_features}, bias={self.bias is not None}"

    lib.manual_seed(0)
    x, y = lib.randn(20, 4), lib.rand(20, 2)
    model = lib.nn.Sequential(RootLayer(4, 5), RootLayer(5, 2, bias=False))
    optimizer = lib.optim.SGD(model.parameters(), lr=0.02)
    losses, gradients = [], []
    for _ in range(10):
        loss = lib.nn.functional.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        gradients.append([p.grad.clone() for p in model.parameters()])
    return {
        "loss": losses,
        "gradient": gradients,
        "names": [name for name, _ in model.named_parameters()],
        "state": dict(model.state_dict()),
        "text": str(model),
    }


@program()
def weights_are_rounded_straight_through(lib: Any) -> dict[str, Any]:
    """Quantization-aware training: a Function rounds, its backward passes on what is in range."""

    class Quantize(lib.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any, scale: float, limit: int) -> Any:
            ctx.save_for_backward(x)
            ctx.bound = scale * limit
            return (x / scale).round().clamp(-limit, limit) * scale

        @staticmethod
        def backward(ctx: Any, gradient: Any) -> Any:
            (x,) = ctx.saved_tensors
            return gradient * (x.abs() <= ctx.bound), None, None

    lib.manual_seed(1)
    x = lib.randn(24, 6)
    y = (x @ lib.randn(6, 2)).sigmoid()
    weight = lib.randn(6, 2, requires_grad=True)
    optimizer = lib.optim.SGD([weight], lr=0.5, momentum=0.5)
    losses, gradients, levels = [], [], []
    for _ in range(12):
        quantized = Quantize.apply(weight, 0.25, 4)
        loss = lib.nn.functional.mse_loss((x @ quantized).sigmoid(), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        gradients.append(weight.grad.clone())
        levels.append((quantized / 0.25).detach().unique())
    return {"loss": losses, "gradient": gradients, "levels": levels, "weight": weight}


@program()
def hooks_watch_and_change_what_flows(lib: Any) -> dict[str, Any]:
    """Hooks on modules both ways and on tensors; one scales, one is removed."""
    lib.manual_seed(2)
    nn = lib.nn
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    seen: list[Any] = []
    for name, module in model.named_children():
        module.register_forward_hook(
            lambda module, inputs, output, name=name: seen.append((name, output.detach().norm()))
        )
        module.register_full_backward_hook(
            lambda module, given, received, name=name: seen.append(
                (f"{name} grad", received[0].norm())
            )
        )
    doubling = model[0].register_forward_pre_hook(lambda module, inputs: (2 * inputs[0],))
    x = lib.randn(5, 3, requires_grad=True)
    gradients = []
    for step in range(4):
        if step == 2:
            doubling.remove()
        hidden = model[1](model[0](x))
        hidden.register_hook(lambda gradient: gradient.clamp(-0.05, 0.05))
        hidden.retain_grad()
        model[2](hidden).square().sum().backward()
        gradients.append((x.grad.clone(), hidden.grad, model[0].weight.grad.clone()))
        x.grad = None
        model.zero_grad()
    return {"seen": seen, "gradient": gradients}


@program("float32")
def an_autoencoder_ties_its_weights(lib: Any) -> dict[str, Any]:
    """The decoder uses the encoder's matrix transposed: one parameter, two gradients in it."""

    class Tied(lib.nn.Module):
        def __init__(self, size: int, code: int):
            super().__init__()
            self.encoder = lib.nn.Linear(size, code)
            self.decoder = lib.nn.Linear(code, size)
            self.alias = self.encoder
            self.offset = lib.nn.Parameter(lib.zeros(size))

        def forward(self, x: Any) -> Any:
            code = self.alias(x).sigmoid()
            out = lib.nn.functional.linear(code, self.encoder.weight.t(), self.offset)
            return out + 0.1 * self.decoder(code)

    lib.manual_seed(3)
    images, _ = digits(lib, 24)
    x = images.flatten(1)
    model = Tied(64, 6)
    optimizer = lib.optim.RMSprop(model.parameters(), lr=0.005)
    losses, gradients = [], []
    for _ in range(10):
        loss = lib.nn.functional.smooth_l1_loss(model(x), x)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        gradients.append(model.encoder.weight.grad.norm().item())
    return {
        "loss": losses,
        "gradient norm": gradients,
        "parameters": [name for name, _ in model.named_parameters()],
        "state": list(model.state_dict()),
        "count": sum(p.numel() for p in model.parameters()),
        "text": str(model),
    }


@program()
def buffers_follow_the_data(lib: Any) -> dict[str, Any]:
    """A layer that standardizes by running moments: buffers, persistent or not, and modes."""

    class Standardize(lib.nn.Module):
        def __init__(self, features: int, momentum: float):
            super().__init__()
            self.momentum = momentum
            self.register_buffer("mean", lib.zeros(features))
            self.register_buffer("square", lib.ones(features))
            self.register_buffer("batches", lib.tensor(0), persistent=False)

        def forward(self, x: Any) -> Any:
            if self.training:
                with lib.no_grad():
                    self.mean.lerp_(x.mean(0), self.momentum)
                    self.square.mul_(1 - self.momentum).add_(
                        x.square().mean(0), alpha=self.momentum
                    )
                    self.batches += 1
            return (x - self.mean) / (self.square - self.mean**2).clamp(min=1e-3).sqrt()

    lib.manual_seed(4)
    model = lib.nn.Sequential(Standardize(3, 0.3), lib.nn.Linear(3, 1))
    optimizer = lib.optim.SGD(model.parameters(), lr=0.1)
    losses, means = [], []
    for _ in range(6):
        x = lib.randn(16, 3) * lib.tensor([1.0, 5.0, 0.2]) + lib.tensor([0.0, 3.0, -1.0])
        loss = (model(x) - x.sum(1, keepdim=True)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        means.append(model[0].mean.clone())
    model.eval()
    before = model[0].mean.clone()
    prediction = model(lib.ones(2, 3))
    state = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    return {
        "loss": losses,
        "means": means,
        "unchanged": lib.equal(before, model[0].mean),
        "prediction": prediction,
        "state": state,
        "buffers": [(name, tensor.dtype) for name, tensor in model.named_buffers()],
        "half": [t.dtype for t in model.half().state_dict().values()],
        "batches": model[0].batches,
    }


@program("float32")
def experts_are_mixed_by_a_gate(lib: Any) -> dict[str, Any]:
    """ModuleList, ModuleDict and ParameterList in one model; the gate chooses the two best."""

    class Mixture(lib.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            nn = lib.nn
            self.experts = nn.ModuleList([nn.Linear(4, 3) for _ in range(3)])
            self.experts.append(nn.Linear(4, 3, bias=False))
            self.parts = nn.ModuleDict({"gate": nn.Linear(4, 4), "out": nn.Linear(3, 2)})
            self.scales = nn.ParameterList([nn.Parameter(lib.ones(1) * i) for i in (1, 2, 3, 4)])

        def forward(self, x: Any) -> Any:
            best = self.parts["gate"](x).topk(2, dim=-1)
            shares = lib.nn.functional.softmax(best.values, dim=-1)
            every = lib.stack(
                [s * e(x) for s, e in zip(self.scales, self.experts, strict=True)], dim=1
            )
            index = best.indices.unsqueeze(-1).expand(-1, -1, 3)
            return self.parts["out"]((every.gather(1, index) * shares.unsqueeze(-1)).sum(1))

    lib.manual_seed(5)
    x, y = lib.randn(18, 4), lib.randn(18, 2)
    model = Mixture()
    optimizer = lib.optim.Adagrad(model.parameters(), lr=0.1)
    losses = []
    for _ in range(8):
        loss = lib.nn.functional.huber_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return {
        "loss": losses,
        "state": dict(model.state_dict()),
        "modules": [name for name, _ in model.named_modules()],
        "text": str(model),
    }


@program()
def a_reversed_gradient_hides_the_domain(lib: Any) -> dict[str, Any]:
    """Domain adaptation: the features help one head and hinder the other."""

    class Reverse(lib.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any, strength: float) -> Any:
            ctx.strength = strength
            return x.view_as(x)

        @staticmethod
        def backward(ctx: Any, gradient: Any) -> Any:
            assert ctx.needs_input_grad == (True, False)
            return -ctx.strength * gradient, None

    lib.manual_seed(6)
    source, target = lib.randn(16, 4), lib.randn(16, 4) + 1
    labels = (source.sum(1) > 0).long()
    x = lib.cat([source, target])
    domain = lib.cat([lib.zeros(16, 1), lib.ones(16, 1)])
    nn = lib.nn
    features = nn.Sequential(nn.Linear(4, 6), nn.Softplus())
    classes, domains = nn.Linear(6, 2), nn.Linear(6, 1)
    every = [*features.parameters(), *classes.parameters(), *domains.parameters()]
    optimizer = lib.optim.SGD(every, lr=0.1, momentum=0.9)
    steps, gradients = [], []
    for step in range(10):
        hidden = features(x)
        task = nn.functional.cross_entropy(classes(hidden[:16]), labels)
        reversed_ = Reverse.apply(hidden, 0.1 * step)
        confusion = nn.functional.binary_cross_entropy_with_logits(domains(reversed_), domain)
        optimizer.zero_grad()
        (task + confusion).backward()
        optimizer.step()
        steps.append((task.item(), confusion.item()))
        gradients.append(features[0].weight.grad.clone())
    return {"losses": steps, "gradient": gradients}
