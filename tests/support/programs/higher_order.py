"""Derivatives of derivatives."""

from typing import Any

from programs.registry import program


@program()
def rules_meet_every_pointwise_operation(lib: Any) -> dict[str, Any]:
    """One long expression, its gradient, and the gradient of that."""
    x = lib.linspace(0.2, 0.9, 6).requires_grad_()
    y = lib.linspace(1.5, 0.7, 6).requires_grad_()
    z = lib.maximum(x.sin() / y, x.log() - y.cos()) ** 2 + x.exp() * y.sqrt() - x.tanh()
    z = z + y**x + (x - 0.5).relu() + (x - 0.5).abs() + (-x).expm1() * y.reciprocal()
    z = z + lib.where(x < y, x.atan(), y.erf()) + lib.clamp(x * y, 0.4, 0.8) + x.log1p() * y.rsqrt()
    first = lib.autograd.grad(z.sum(), (x, y), create_graph=True)
    second = lib.autograd.grad((first[0] * first[1]).sum(), (x, y), create_graph=True)
    third = lib.autograd.grad((second[0] * second[1]).sum(), (x, y))
    return {"value": z, "first grad": first, "second grad": second, "third grad": third}


@program()
def a_critic_is_held_to_slope_one(lib: Any) -> dict[str, Any]:
    """WGAN with a gradient penalty: the norm of an input gradient is part of the loss."""
    lib.manual_seed(0)
    nn = lib.nn
    critic = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 8), nn.SiLU(), nn.Linear(8, 1))
    optimizer = lib.optim.Adam(critic.parameters(), lr=0.01, betas=(0.0, 0.9))
    losses, penalties, gradients = [], [], []
    for _ in range(6):
        real, fake = lib.randn(12, 2) + 2, lib.randn(12, 2)
        share = lib.rand(12, 1)
        between = (share * real + (1 - share) * fake).requires_grad_(True)
        score = critic(between)
        (slope,) = lib.autograd.grad(
            score, between, grad_outputs=lib.ones_like(score), create_graph=True
        )
        penalty = ((slope.norm(2, dim=1) - 1) ** 2).mean()
        loss = critic(fake).mean() - critic(real).mean() + 10 * penalty
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        penalties.append(penalty.item())
        gradients.append([p.grad.clone() for p in critic.parameters()])
    return {"loss": losses, "penalty": penalties, "gradient": gradients}


@program()
def weights_are_learned_to_learn_fast(lib: Any) -> dict[str, Any]:
    """MAML: inner steps with create_graph, the outer gradient goes through them."""
    lib.manual_seed(1)

    def net(x: Any, weights: Any) -> Any:
        w1, b1, w2, b2 = weights
        return (x @ w1 + b1).tanh() @ w2 + b2

    weights = [(0.5 * lib.randn(shape)).requires_grad_() for shape in ((1, 6), (6,), (6, 1), (1,))]
    optimizer = lib.optim.SGD(weights, lr=0.05)
    before, after, gradients = [], [], []
    for _ in range(5):
        optimizer.zero_grad()
        total = 0.0
        for _ in range(3):
            amplitude, phase = lib.rand(2).unbind()
            support, query = lib.rand(5, 1) * 4 - 2, lib.rand(5, 1) * 4 - 2

            def truth(x: Any, a: Any = amplitude, p: Any = phase) -> Any:
                return (1 + a) * (x + p).sin()

            fast = weights
            for _ in range(2):
                loss = (net(support, fast) - truth(support)).square().mean()
                inner = lib.autograd.grad(loss, fast, create_graph=True)
                fast = [w - 0.1 * g for w, g in zip(fast, inner, strict=True)]
            before.append((net(query, weights) - truth(query)).square().mean().item())
            total = total + (net(query, fast) - truth(query)).square().mean()
        total.backward()
        optimizer.step()
        after.append(total.item())
        gradients.append([w.grad.clone() for w in weights])
    return {"before": before, "after": after, "gradient": gradients}


@program()
def curvature_is_seen_through_products(lib: Any) -> dict[str, Any]:
    """Hessian-vector products by double backward: power iteration, conjugate gradients, a trace."""
    lib.manual_seed(2)
    x, y = lib.randn(15, 3), lib.randn(15, 1)
    model = lib.nn.Sequential(lib.nn.Linear(3, 4), lib.nn.Sigmoid(), lib.nn.Linear(4, 1))
    parameters = list(model.parameters())
    loss = lib.nn.functional.mse_loss(model(x), y)
    slopes = lib.autograd.grad(loss, parameters, create_graph=True)
    slope = lib.nn.utils.parameters_to_vector(slopes)

    def product(vector: Any) -> Any:
        parts = lib.autograd.grad(slope, parameters, grad_outputs=vector, retain_graph=True)
        return lib.cat([part.flatten() for part in parts])

    vector = lib.randn(slope.numel())
    largest = []
    for _ in range(10):
        image = product(vector / vector.norm())
        largest.append((vector @ image / vector.norm()).item())
        vector = image
    signs = [lib.randint(0, 2, (slope.numel(),)) * 2.0 - 1 for _ in range(5)]
    trace = lib.stack([sign @ product(sign) for sign in signs])
    solution = lib.zeros_like(slope)
    residual = slope.detach().clone()
    direction = residual
    norms = []
    for _ in range(8):
        image = product(direction) + 1.0 * direction
        rate = residual.dot(residual) / direction.dot(image)
        solution = solution + rate * direction
        rest = residual - rate * image
        direction = rest + rest.dot(rest) / residual.dot(residual) * direction
        residual = rest
        norms.append(residual.norm())
    return {
        "hessian largest": largest,
        "hessian trace": trace,
        "norm": norms,
        "hessian step": solution,
    }


@program()
def an_equation_is_solved_by_a_network(lib: Any) -> dict[str, Any]:
    """Physics in the loss: u'' = -u with u(0) = 0, u'(0) = 1, second derivatives in training."""
    lib.manual_seed(3)
    net = lib.nn.Sequential(
        lib.nn.Linear(1, 10),
        lib.nn.Tanh(),
        lib.nn.Linear(10, 10),
        lib.nn.Tanh(),
        lib.nn.Linear(10, 1),
    )
    optimizer = lib.optim.Adam(net.parameters(), lr=0.01)
    losses, gradients = [], []
    for _ in range(8):
        t = (lib.rand(12, 1) * 2).requires_grad_()
        u = net(t)
        ones = lib.ones_like(u)
        (velocity,) = lib.autograd.grad(u, t, ones, create_graph=True)
        (acceleration,) = lib.autograd.grad(velocity, t, ones, create_graph=True)
        start = lib.zeros(1, 1, requires_grad=True)
        at_start = net(start)
        (slope,) = lib.autograd.grad(at_start, start, create_graph=True)
        loss = (
            (acceleration + u).square().mean()
            + at_start.square().sum()
            + (slope - 1).square().sum()
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        gradients.append(net[0].weight.grad.clone())
    return {"loss": losses, "gradient": gradients, "acceleration": acceleration}


@program()
def a_rate_is_learned_through_the_steps_it_takes(lib: Any) -> dict[str, Any]:
    """The hypergradient: the final loss by the learning rate and the decay, through all steps."""
    lib.manual_seed(4)
    x, y = lib.randn(20, 3), lib.randn(20)
    log_rate = lib.tensor(-2.0, requires_grad=True)
    decay = lib.tensor(0.1, requires_grad=True)
    outer = lib.optim.SGD([log_rate, decay], lr=0.1)
    losses, gradients = [], []
    for _ in range(5):
        w = lib.zeros(3, requires_grad=True)
        velocity = lib.zeros(3)
        for _ in range(6):
            loss = (x[:10] @ w - y[:10]).square().mean() + decay * w.square().sum()
            (slope,) = lib.autograd.grad(loss, w, create_graph=True)
            velocity = 0.5 * velocity + slope
            w = w - log_rate.exp() * velocity
        held_out = (x[10:] @ w - y[10:]).square().mean()
        outer.zero_grad()
        held_out.backward()
        outer.step()
        losses.append(held_out.item())
        gradients.append((log_rate.grad.item(), decay.grad.item()))
    return {"loss": losses, "gradient": gradients, "rate": log_rate.exp().item()}


@program()
def forces_are_slopes_of_an_energy(lib: Any) -> dict[str, Any]:
    """A Hamiltonian net moves a state; its parameters fit the motion: double backward."""
    lib.manual_seed(5)
    net = lib.nn.Sequential(lib.nn.Linear(2, 8), lib.nn.Tanh(), lib.nn.Linear(8, 1, bias=False))
    optimizer = lib.optim.Adam(net.parameters(), lr=0.02)

    def flow(state: Any) -> Any:
        with lib.enable_grad():
            state = state if state.requires_grad else state.requires_grad_()
            (slope,) = lib.autograd.grad(net(state).sum(), state, create_graph=True)
        q, p = slope.unbind(-1)
        return lib.stack([p, -q], dim=-1)

    states = lib.randn(10, 2)
    truth = lib.stack([states[:, 1], -states[:, 0]], dim=1)
    losses, gradients = [], []
    for _ in range(8):
        loss = lib.nn.functional.mse_loss(flow(states.clone()), truth)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        gradients.append(net[0].weight.grad.clone())
    state, path = lib.tensor([[1.0, 0.0]]), []
    for _ in range(5):
        state = (state + 0.2 * flow(state)).detach()
        path.append(state)
    return {"loss": losses, "gradient": gradients, "path": path}
