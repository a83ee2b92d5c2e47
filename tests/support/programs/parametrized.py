"""Weights that are made of other weights."""

from typing import Any

from programs.registry import program
from programs.synthetic import digits


@program("float32")
def a_frozen_layer_gets_a_small_correction(lib: Any) -> dict[str, Any]:
    """Low-rank adapters in place of Linears, found by walking the model; merged at the end."""

    class Adapted(lib.nn.Module):
        def __init__(self, base: Any, rank: int):
            super().__init__()
            self.base = base.requires_grad_(False)
            self.down = lib.nn.Parameter(0.1 * lib.randn(rank, base.in_features))
            self.up = lib.nn.Parameter(lib.zeros(base.out_features, rank))

        def forward(self, x: Any) -> Any:
            return self.base(x) + x @ self.down.T @ self.up.T

        def merged(self) -> Any:
            self.base.weight.data += self.up.detach() @ self.down.detach()
            return self.base

    lib.manual_seed(0)
    nn = lib.nn
    model = nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Sequential(nn.Linear(8, 8), nn.ELU()))
    model.append(nn.Linear(8, 2))
    names = [name for name, module in model.named_modules() if isinstance(module, nn.Linear)]
    for name in names:
        parent = model.get_submodule(name.rpartition(".")[0])
        setattr(parent, name.rpartition(".")[2], Adapted(model.get_submodule(name), 2))
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = lib.optim.AdamW(trained, lr=0.05)
    x, y = lib.randn(20, 6), lib.randn(20, 2)
    losses = []
    for _ in range(8):
        loss = nn.functional.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    before = model(x)
    for name in names:
        parent = model.get_submodule(name.rpartition(".")[0])
        setattr(parent, name.rpartition(".")[2], model.get_submodule(name).merged())
    return {
        "loss": losses,
        "names": names,
        "trained": sum(p.numel() for p in trained),
        "same": lib.allclose(model(x), before, atol=1e-5),
        "state": dict(model.state_dict()),
        "text": str(model),
    }


@program()
def weights_have_a_length_and_a_direction(lib: Any) -> dict[str, Any]:
    """Weight normalization by a pre-forward hook, spectral normalization by power iteration."""

    class Spectral(lib.nn.Module):
        def __init__(self, inputs: int, outputs: int):
            super().__init__()
            self.raw = lib.nn.Parameter(lib.empty(outputs, inputs))
            lib.nn.init.orthogonal_(self.raw)
            self.register_buffer("u", lib.nn.functional.normalize(lib.randn(outputs), dim=0))

        def forward(self, x: Any) -> Any:
            with lib.no_grad():
                v = lib.nn.functional.normalize(self.raw.t().mv(self.u), dim=0)
                self.u.copy_(lib.nn.functional.normalize(lib.mv(self.raw, v), dim=0))
            largest = lib.dot(self.u, self.raw.mv(v))
            return x @ (self.raw / largest).mT

    def normalized(module: Any, inputs: Any) -> None:
        norm = module.direction.norm(dim=1, keepdim=True)
        module.weight = module.length * module.direction / norm

    lib.manual_seed(1)
    layer = lib.nn.Linear(4, 5)
    layer.length = lib.nn.Parameter(layer.weight.detach().norm(dim=1, keepdim=True))
    layer.direction = lib.nn.Parameter(layer.weight.detach().clone())
    del layer.weight
    layer.register_forward_pre_hook(normalized)
    model = lib.nn.Sequential(layer, lib.nn.Softplus(beta=2), Spectral(5, 3))
    optimizer = lib.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    x, y = lib.randn(12, 4), lib.randn(12, 3)
    losses, gradients = [], []
    for _ in range(6):
        loss = (model(x) - y).square().mean()
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
    }


@program("float32")
def small_weights_are_pruned(lib: Any) -> dict[str, Any]:
    """Masks by a quantile of all magnitudes; gradients of what is gone stay zero by a hook."""
    lib.manual_seed(2)
    images, labels = digits(lib, 32)
    nn = lib.nn
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 10), nn.ReLU(), nn.Linear(10, 4))
    optimizer = lib.optim.SGD(model.parameters(), lr=0.3)
    losses, shares = [], []
    masks: dict[str, Any] = {}
    for step in range(10):
        if step == 5:
            weights = {name: p for name, p in model.named_parameters() if p.ndim == 2}
            every = lib.cat([p.detach().abs().flatten() for p in weights.values()])
            bound = every.sort().values[every.numel() // 2]
            for name, p in weights.items():
                masks[name] = p.detach().abs() > bound
                p.data.mul_(masks[name])
                p.register_hook(lambda gradient, name=name: gradient * masks[name])
        loss = nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        zeros = sum(int((p == 0).sum()) for p in model.parameters())
        shares.append(zeros / sum(p.numel() for p in model.parameters()))
    return {"loss": losses, "zeros": shares, "masks": masks, "gradient": model[1].weight.grad}


@program()
def a_net_writes_the_weights_of_another(lib: Any) -> dict[str, Any]:
    """A hypernetwork: parameters as slices of an output, one net a task by bmm, Bilinear."""
    lib.manual_seed(3)
    nn = lib.nn
    codes = nn.Parameter(0.5 * lib.randn(3, 4))
    writer = nn.Sequential(nn.Linear(4, 12), nn.Tanh(), nn.Linear(12, 2 * 5 + 5 + 5 + 1))
    mix = nn.Bilinear(1, 4, 1)
    parameters = [codes, *writer.parameters(), *mix.parameters()]
    optimizer = lib.optim.Adam(parameters, lr=0.02)
    x = lib.randn(3, 10, 2)
    y = lib.stack([x[0].sum(1), x[1].prod(1), x[2].amax(1)]).unsqueeze(-1)
    losses, gradients = [], []
    for _ in range(8):
        w1, b1, w2, b2 = writer(codes).split([10, 5, 5, 1], dim=1)
        hidden = lib.bmm(x, w1.unflatten(1, (2, 5))).add(b1.unsqueeze(1)).sigmoid()
        out = lib.baddbmm(b2.unsqueeze(1), hidden, w2.unsqueeze(2))
        out = out + mix(out, codes.unsqueeze(1).expand(-1, 10, -1).contiguous())
        loss = nn.functional.mse_loss(out, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        gradients.append((codes.grad.clone(), mix.weight.grad.clone()))
    return {"loss": losses, "gradient": gradients, "codes": codes}


@program()
def memory_is_saved_by_computing_again(lib: Any) -> dict[str, Any]:
    """Checkpointing: a Function runs a module without recording, and again in its backward."""

    class Again(lib.autograd.Function):
        @staticmethod
        def forward(ctx: Any, run: Any, x: Any, *parameters: Any) -> Any:
            ctx.run = run
            ctx.save_for_backward(x)
            return run(x)

        @staticmethod
        def backward(ctx: Any, gradient: Any) -> Any:
            (x,) = ctx.saved_tensors
            with lib.enable_grad():
                x = x.detach().requires_grad_()
                out = ctx.run(x)
            found = lib.autograd.grad(out, [x, *ctx.run.parameters()], gradient)
            return None, *found

    lib.manual_seed(4)
    blocks = lib.nn.ModuleList(
        lib.nn.Sequential(lib.nn.Linear(5, 5), lib.nn.Tanh()) for _ in range(3)
    )
    x, y = lib.randn(9, 5), lib.randn(9, 5)
    optimizer = lib.optim.SGD(blocks.parameters(), lr=0.2)
    losses, gradients, same = [], [], []
    for _ in range(5):
        plain = x
        for block in blocks:
            plain = block(plain)
        expected = lib.autograd.grad((plain - y).square().sum(), list(blocks.parameters()))
        hidden = x
        for block in blocks:
            hidden = Again.apply(block, hidden, *block.parameters())
        loss = (hidden - y).square().sum()
        optimizer.zero_grad()
        loss.backward()
        found = [p.grad.clone() for p in blocks.parameters()]
        optimizer.step()
        losses.append(loss.item())
        gradients.append(found)
        same.append(all(lib.allclose(a, b) for a, b in zip(found, expected, strict=True)))
    return {"loss": losses, "gradient": gradients, "same": same}
