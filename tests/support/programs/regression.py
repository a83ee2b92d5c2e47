"""Numbers predicted from numbers."""

from typing import Any

from programs.registry import program


@program()
def a_line_is_fitted_by_normal_equations(lib: Any) -> dict[str, Any]:
    """Least squares in closed form, with and without a penalty, and the share explained."""
    lib.manual_seed(0)
    x = lib.rand(40, 3) * 4 - 2
    y = x @ lib.tensor([1.5, -2.0, 0.5]) + 0.7 + 0.1 * lib.randn(40)
    design = lib.cat([x, lib.ones(40, 1)], dim=1)
    normal = design.T @ design
    weights = lib.linalg.solve(normal, design.T @ y)
    ridges = [
        lib.linalg.solve(normal + penalty * lib.eye(4), design.T @ y)
        for penalty in (0.01, 0.1, 1.0, 10.0)
    ]
    residuals = y - design @ weights
    explained = 1 - residuals.square().sum() / (y - y.mean()).square().sum()
    covariance = lib.linalg.inv(normal) * residuals.var()
    return {
        "weights": weights,
        "ridge": ridges,
        "explained": explained.item(),
        "standard errors": covariance.diagonal().sqrt(),
        "normal": normal,
    }


@program("float32")
def a_line_is_fitted_by_descent(lib: Any) -> dict[str, Any]:
    """The smallest training loop: Linear, MSELoss, SGD."""
    lib.manual_seed(1)
    x = lib.linspace(-3, 3, 50).unsqueeze(1)
    y = (2 * x + 0.3).sin() + x / 2 + 0.1 * lib.randn(50, 1)
    model = lib.nn.Linear(1, 1)
    criterion = lib.nn.MSELoss()
    optimizer = lib.optim.SGD(model.parameters(), lr=0.05)
    losses, gradients = [], []
    for _ in range(25):
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        gradients.append((model.weight.grad.clone(), model.bias.grad.clone()))
        optimizer.step()
        losses.append(loss.item())
    return {
        "loss": losses,
        "gradient": gradients,
        "slope": model.weight.item(),
        "intercept": model.bias.item(),
        "text": f"{model}\n{criterion}\n{optimizer}",
    }


@program("float32")
def a_two_layer_net_learns(lib: Any) -> dict[str, Any]:
    """Gradient descent on a net of raw tensors, updated by hand."""
    lib.manual_seed(0)
    x, target = lib.randn(8, 3), lib.randn(8, 2)
    w1 = lib.randn(3, 4, requires_grad=True)
    b1 = lib.zeros(4, requires_grad=True)
    w2 = lib.randn(4, 2, requires_grad=True)
    losses, gradients = [], []
    for _ in range(10):
        hidden = (x @ w1 + b1).relu()
        loss = ((hidden @ w2 - target) ** 2).mean()
        loss.backward()
        gradients.append(w1.grad.clone())
        with lib.no_grad():
            for parameter in (w1, b1, w2):
                parameter -= 0.05 * parameter.grad
                parameter.grad = None
        losses.append(loss.item())
    return {"loss": losses, "gradient": gradients, "w1": w1, "b1": b1, "w2": w2}


@program()
def outliers_pull_less_on_robust_losses(lib: Any) -> dict[str, Any]:
    """The same line under four losses, with a few points far away."""
    lib.manual_seed(2)
    x = lib.linspace(0, 1, 30).reshape(-1, 1)
    y = 3 * x - 1 + 0.05 * lib.randn(30, 1)
    y[::7] += 5.0
    lines = {}
    histories = {}
    for criterion in (
        lib.nn.MSELoss(),
        lib.nn.L1Loss(),
        lib.nn.SmoothL1Loss(beta=0.5),
        lib.nn.HuberLoss(delta=0.3),
    ):
        lib.manual_seed(3)
        model = lib.nn.Linear(1, 1)
        optimizer = lib.optim.RMSprop(model.parameters(), lr=0.05, alpha=0.9)
        history = []
        for _ in range(20):
            optimizer.zero_grad(set_to_none=False)
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            history.append(loss.item())
        name = type(criterion).__name__
        histories[name] = history
        lines[name] = (model.weight.detach(), model.bias.detach())
    return {"lines": lines, **histories}


@program()
def a_logistic_regression_is_written_by_hand(lib: Any) -> dict[str, Any]:
    """Sigmoid and cross-entropy from raw tensors; the gradient also by its formula."""
    lib.manual_seed(4)
    x = lib.cat([lib.randn(20, 2) + 1.5, lib.randn(20, 2) - 1.5])
    y = lib.cat([lib.ones(20), lib.zeros(20)])
    w = lib.zeros(2, requires_grad=True)
    b = lib.zeros((), requires_grad=True)
    losses, gradients, by_formula, right = [], [], [], []
    for _ in range(15):
        p = 1 / (1 + (-(x @ w + b)).exp())
        loss = -(y * p.log() + (1 - y) * (1 - p).log()).mean()
        loss.backward()
        losses.append(loss.item())
        gradients.append((w.grad.clone(), b.grad.clone()))
        by_formula.append((x.T @ (p - y) / len(y)).detach())
        right.append(((p > 0.5) == (y > 0.5)).sum().item())
        with lib.no_grad():
            w -= 0.5 * w.grad
            b -= 0.5 * b.grad
        w.grad.zero_()
        b.grad.zero_()
    return {"loss": losses, "gradient": gradients, "formula": by_formula, "right": right}


@program()
def quantiles_are_learned_by_a_tilted_loss(lib: Any) -> dict[str, Any]:
    """One line a quantile: maximum of two slopes as the loss, weight decay, Nesterov."""
    lib.manual_seed(5)
    x = lib.rand(60, 1)
    y = 2 * x + (0.2 + x) * lib.randn(60, 1)
    levels = lib.tensor([0.1, 0.5, 0.9])
    model = lib.nn.Linear(1, 3)
    optimizer = lib.optim.SGD(
        model.parameters(), lr=0.1, momentum=0.8, nesterov=True, weight_decay=1e-3
    )
    losses, covered = [], []
    for _ in range(20):
        error = y - model(x)
        loss = lib.maximum(levels * error, (levels - 1) * error).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        covered.append((error > 0).double().mean(dim=0).tolist())
    return {"loss": losses, "covered": covered, "weight": model.weight, "bias": model.bias}


@program()
def a_gaussian_process_is_conditioned(lib: Any) -> dict[str, Any]:
    """Cholesky, triangular-like solves and log determinants; length scale by gradient ascent."""
    lib.manual_seed(6)
    x = lib.linspace(-2, 2, 12)
    y = (2 * x).sin() + 0.05 * lib.randn(12)
    log_scale = lib.tensor(0.5, requires_grad=True)
    optimizer = lib.optim.Adam([log_scale], lr=0.1)

    def kernel(a: Any, b: Any) -> Any:
        return (-0.5 * ((a[:, None] - b[None, :]) / log_scale.exp()).square()).exp()

    values, gradients = [], []
    for _ in range(12):
        covariance = kernel(x, x) + 0.01 * lib.eye(12)
        factor = lib.linalg.cholesky(covariance)
        alpha = lib.linalg.solve(covariance, y)
        likelihood = -0.5 * y @ alpha - factor.diagonal().log().sum()
        optimizer.zero_grad()
        (-likelihood).backward()
        gradients.append(log_scale.grad.item())
        optimizer.step()
        values.append(likelihood.item())
    with lib.no_grad():
        between = lib.tensor([-1.1, 0.05, 1.3])
        covariance = kernel(x, x) + 0.01 * lib.eye(12)
        cross = kernel(between, x)
        mean = cross @ lib.linalg.solve(covariance, y)
        spread = kernel(between, between) - cross @ lib.linalg.inv(covariance) @ cross.T
        sign, logdet = lib.linalg.slogdet(covariance)
    return {
        "likelihood": values,
        "gradient": gradients,
        "mean": mean,
        "spread": spread.diagonal(),
        "logdet": (sign, logdet),
    }
