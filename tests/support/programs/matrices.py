"""Linear algebra, and learning without a network."""

from typing import Any

from programs.registry import program


@program()
def ratings_are_factored(lib: Any) -> dict[str, Any]:
    """Matrix factorization of what is known of a matrix: gathers, biases, weight decay."""
    lib.manual_seed(0)
    known = lib.rand(12, 9) < 0.5
    ratings = lib.randn(12, 3) @ lib.randn(3, 9)
    rows, columns = known.nonzero(as_tuple=True)
    users = (0.1 * lib.randn(12, 3)).requires_grad_()
    items = (0.1 * lib.randn(9, 3)).requires_grad_()
    bias = lib.zeros(12, requires_grad=True)
    optimizer = lib.optim.SGD([users, items, bias], lr=2.0, weight_decay=1e-4, momentum=0.5)
    losses, gradients = [], []
    for _ in range(15):
        predicted = (users[rows] * items[columns]).sum(1) + bias[rows]
        loss = (predicted - ratings[rows, columns]).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        gradients.append(items.grad.clone())
    return {"loss": losses, "gradient": gradients, "users": users, "filled": users @ items.T}


@program()
def clusters_are_found(lib: Any) -> dict[str, Any]:
    """k-means: distances by broadcasting, argmin, means by scatter_add; then soft clusters."""
    lib.manual_seed(1)
    centers = lib.tensor([[0.0, 3.0], [3.0, 0.0], [-3.0, -1.0]])
    x = centers.repeat_interleave(15, dim=0) + lib.randn(45, 2)
    x = x[lib.randperm(45)]
    guesses = x[:3].clone()
    inertia, guessed, sizes = [], [], []
    for _ in range(6):
        distances = (x[:, None] - guesses[None]).square().sum(-1)
        nearest, labels = distances.min(dim=1)
        counts = lib.zeros(3).scatter_add(0, labels, lib.ones(45))
        sums = lib.zeros(3, 2).scatter_add(0, labels[:, None].expand(-1, 2), x)
        guesses = lib.where(counts[:, None] > 0, sums / counts[:, None].clamp(min=1), guesses)
        inertia.append(nearest.sum().item())
        guessed.append(guesses)
        sizes.append(lib.bincount(labels, minlength=3))
    logits = -(x[:, None] - guesses[None]).square().sum(-1) / 2
    evidence = []
    for _ in range(4):
        evidence.append(logits.logsumexp(1).mean().item())
        shares = (logits - logits.logsumexp(1, keepdim=True)).exp()
        guesses = shares.T @ x / shares.sum(0).unsqueeze(1)
        logits = -(x[:, None] - guesses[None]).square().sum(-1) / 2
    return {"inertia": inertia, "centers": guessed, "sizes": sizes, "evidence": evidence}


@program()
def directions_of_largest_spread_are_found(lib: Any) -> dict[str, Any]:
    """Principal components by power iteration with deflation, and as a trained projection."""
    lib.manual_seed(2)
    x = lib.randn(50, 5) @ lib.randn(5, 5)
    x = x - x.mean(dim=0)
    covariance = x.T @ x / 49
    rest = covariance.clone()
    components, values = [], []
    for _ in range(3):
        v = lib.ones(5) / 5**0.5
        for _ in range(60):
            v = rest @ v
            v /= v.norm()
        value = v @ rest @ v
        rest -= value * lib.outer(v, v)
        components.append(v)
        values.append(value.item())
    projection = lib.nn.Parameter(lib.eye(5)[:, :1].clone())
    optimizer = lib.optim.SGD([projection], lr=0.01)
    found = []
    for _ in range(12):
        unit = projection / projection.norm()
        optimizer.zero_grad()
        (-(unit.T @ covariance @ unit).squeeze()).backward()
        optimizer.step()
        found.append(lib.einsum("ij,jk,ik->", unit.T, covariance, unit.T).item())
    basis = lib.stack(components, dim=1)
    return {
        "components": components,
        "values": values,
        "trained": found,
        "orthogonal": basis.T @ basis,
        "explained": sum(values) / covariance.trace(),
        "determinant": lib.linalg.det(covariance),
    }


@program()
def pages_are_ranked(lib: Any) -> dict[str, Any]:
    """PageRank on a graph of links, its eigenvector by solving, and its gradient by a link."""
    lib.manual_seed(30)
    links = (lib.rand(7, 7) < 0.35).double()
    links.diagonal().zero_()
    links[links.sum(1) == 0] = 1.0
    strength = links.clone().requires_grad_()
    transition = strength / strength.sum(1, keepdim=True)
    rank = lib.full((7,), 1 / 7)
    history = []
    for _ in range(15):
        rank = 0.85 * rank @ transition + 0.15 / 7
        history.append(rank.detach())
    rank[2].backward()
    exact = lib.linalg.solve(lib.eye(7) - 0.85 * transition.detach().T, lib.full((7,), 0.15 / 7))
    order = exact.argsort(descending=True)
    return {"rank": history, "gradient": strength.grad, "exact": exact, "order": order}


@program()
def a_state_is_tracked_through_noise(lib: Any) -> dict[str, Any]:
    """A Kalman filter in matrices; its noise is learned through the whole filter."""
    lib.manual_seed(4)
    move = lib.tensor([[1.0, 0.1], [0.0, 1.0]])
    look = lib.tensor([[1.0, 0.0]])
    seen = lib.cumsum(0.1 * lib.randn(12), dim=0) + 0.3 * lib.randn(12)
    log_noise = lib.zeros(2, requires_grad=True)
    optimizer = lib.optim.Adam([log_noise], lr=0.2)
    losses, gradients = [], []
    for _ in range(5):
        process, observation = log_noise.exp()
        mean, spread = lib.zeros(2, 1), lib.eye(2)
        surprise = 0.0
        means = []
        for value in seen.unbind():
            mean, spread = move @ mean, move @ spread @ move.mT + process * lib.eye(2)
            innovation = value - look @ mean
            expected = look @ spread @ look.T + observation
            gain = spread @ look.T / expected
            surprise = surprise + innovation.square() / expected + expected.log()
            mean, spread = mean + gain @ innovation, spread - gain @ look @ spread
            means.append(mean[0, 0])
        optimizer.zero_grad()
        surprise.sum().backward()
        optimizer.step()
        losses.append(surprise.item())
        gradients.append(log_noise.grad.clone())
    return {"surprise": losses, "gradient": gradients, "means": lib.stack(means), "spread": spread}


@program()
def messages_pass_along_the_edges(lib: Any) -> dict[str, Any]:
    """A graph network: gather by source, scatter_add by target, degrees, node labels."""
    lib.manual_seed(5)
    edges = lib.randint(0, 8, (2, 24))
    features = lib.randn(8, 3)
    labels = lib.randint(0, 2, (8,))
    degree = lib.zeros(8).scatter_add_(0, edges[1], lib.ones(24)).clamp_(min=1)
    nn = lib.nn
    own, other, out = nn.Linear(3, 5), nn.Linear(3, 5, bias=False), nn.Linear(5, 2)
    parameters = [*own.parameters(), *other.parameters(), *out.parameters()]
    optimizer = lib.optim.Adam(parameters, lr=0.05)
    losses, gradients = [], []
    for _ in range(10):
        messages = other(features).index_select(0, edges[0])
        received = lib.zeros(8, 5).scatter_add(0, edges[1, :, None].expand(-1, 5), messages)
        hidden = (own(features) + received / degree[:, None]).relu()
        loss = nn.functional.cross_entropy(out(hidden), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        gradients.append(other.weight.grad.clone())
    return {"loss": losses, "gradient": gradients, "degree": degree}


@program()
def a_bandit_is_learned_by_policy_gradient(lib: Any) -> dict[str, Any]:
    """Arms drawn from a softmax by multinomial, rewards, a baseline, entropy; REINFORCE."""
    lib.manual_seed(6)
    means = lib.tensor([0.1, 0.5, 0.9, 0.3])
    preferences = lib.zeros(4, requires_grad=True)
    optimizer = lib.optim.SGD([preferences], lr=0.5)
    baseline = 0.0
    arms, probabilities, gradients = [], [], []
    for _ in range(15):
        log_p = lib.nn.functional.log_softmax(preferences, dim=0)
        arm = lib.multinomial(log_p.detach().exp(), 6, replacement=True)
        reward = means[arm] + 0.1 * lib.randn(6)
        entropy = -(log_p.exp() * log_p).sum()
        loss = -((reward - baseline) * log_p[arm]).mean() - 0.01 * entropy
        baseline = 0.9 * baseline + 0.1 * reward.mean().item()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        arms.append(arm)
        probabilities.append(log_p.detach().exp())
        gradients.append(preferences.grad.clone())
    return {"arm": arms, "probability": probabilities, "gradient": gradients, "baseline": baseline}


@program()
def a_grid_world_is_valued(lib: Any) -> dict[str, Any]:
    """Value iteration by roll and maximum, then the same by a network of fitted values."""
    rewards = lib.zeros(4, 4)
    rewards[3, 3], rewards[1, 1] = 1.0, -1.0
    values = lib.zeros(4, 4)
    history = []
    for _ in range(8):
        padded = lib.zeros(6, 6)
        padded[1:-1, 1:-1] = values
        around = lib.stack(
            [padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]]
        )
        values = rewards + 0.9 * around.amax(dim=0)
        history.append(values)
    policy = around.argmax(0)
    lib.manual_seed(7)
    places = lib.eye(16)
    model = lib.nn.Sequential(lib.nn.Linear(16, 12), lib.nn.Tanh(), lib.nn.Linear(12, 1))
    optimizer = lib.optim.Adam(model.parameters(), lr=0.02)
    losses = []
    for _ in range(10):
        fitted = model(places).view(4, 4)
        with lib.no_grad():
            shifted = [fitted.roll(s, d) for s, d in ((1, 0), (-1, 0), (1, 1), (-1, 1))]
            target = rewards + 0.9 * lib.stack(shifted).max(dim=0).values
        loss = lib.nn.functional.smooth_l1_loss(fitted, target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return {"values": history, "policy": policy, "loss": losses}
