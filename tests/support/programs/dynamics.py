"""Equations of motion with weights in them."""

from typing import Any

from programs.registry import program


@program()
def a_neural_equation_is_integrated(lib: Any) -> dict[str, Any]:
    """Euler and Runge-Kutta through a net; the path is fitted, the error of both is compared."""
    lib.manual_seed(0)
    times = lib.linspace(0, 2, 9)
    truth = lib.stack([times.cos(), -times.sin()], dim=1)
    net = lib.nn.Sequential(lib.nn.Linear(2, 12), lib.nn.Tanh(), lib.nn.Linear(12, 2))
    optimizer = lib.optim.Adam(net.parameters(), lr=0.02)

    def euler(state: Any, h: float) -> Any:
        return state + h * net(state)

    def runge_kutta(state: Any, h: float) -> Any:
        a = net(state)
        b = net(state + h / 2 * a)
        c = net(state + h / 2 * b)
        d = net(state + h * c)
        return state + h / 6 * (a + 2 * b + 2 * c + d)

    losses, gradients = [], []
    for step in (euler, euler, euler, runge_kutta, runge_kutta, runge_kutta):
        state = truth[0]
        path = [state]
        for _ in range(8):
            state = step(state, 0.25)
            path.append(state)
        loss = (lib.stack(path) - truth).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        gradients.append([p.grad.clone() for p in net.parameters()])
    return {"loss": losses, "gradient": gradients, "path": lib.stack(path)}


@program()
def a_throw_is_aimed_through_the_simulation(lib: Any) -> dict[str, Any]:
    """Angle and speed by gradient through a simulated flight with drag and a bounce (in place)."""
    angle = lib.tensor(0.6, requires_grad=True)
    speed = lib.tensor(4.0, requires_grad=True)
    optimizer = lib.optim.SGD([angle, speed], lr=0.05, momentum=0.3)
    misses, gradients, paths = [], [], []
    for _ in range(8):
        position = lib.zeros(2)
        velocity = lib.stack([speed * angle.cos(), speed * angle.sin()])
        path = lib.zeros(15, 2)
        for step in range(15):
            drag = 0.05 * velocity.norm() * velocity
            velocity = velocity - 0.1 * (drag + lib.tensor([0.0, 9.81]))
            if position[1] < 0:
                velocity = velocity * lib.tensor([1.0, -0.5])
            position = position + 0.1 * velocity
            path[step] = position
        miss = (path[-1] - lib.tensor([3.0, 0.5])).square().sum()
        optimizer.zero_grad()
        miss.backward()
        optimizer.step()
        misses.append(miss.item())
        gradients.append((angle.grad.item(), speed.grad.item()))
        paths.append(path.detach())
    return {"miss": misses, "gradient": gradients, "path": paths}


@program()
def heat_spreads_along_a_rod(lib: Any) -> dict[str, Any]:
    """Finite differences by slices and roll; the conductivity is found from what was measured."""
    lib.manual_seed(1)
    start = lib.zeros(20)
    start[8:12] = 1.0

    def simulate(conductivity: Any) -> Any:
        heat = start.clone()
        for _ in range(10):
            curvature = heat[2:] - 2 * heat[1:-1] + heat[:-2]
            inner = heat[1:-1] + 0.3 * conductivity * curvature
            heat = lib.cat([heat[:1], inner, heat[-1:]])
        return heat

    measured = simulate(lib.linspace(0.5, 1.5, 18)) + 0.001 * lib.randn(20)
    conductivity = lib.ones(18, requires_grad=True)
    optimizer = lib.optim.Adam([conductivity], lr=0.1)
    losses, gradients = [], []
    for _ in range(8):
        loss = (simulate(conductivity) - measured).square().sum()
        smooth = (conductivity - conductivity.roll(1))[1:].square().sum()
        optimizer.zero_grad()
        (loss + 1e-3 * smooth).backward()
        optimizer.step()
        with lib.no_grad():
            conductivity.clamp_(0.1, 2.0)
        losses.append(loss.item())
        gradients.append(conductivity.grad.clone())
    return {"loss": losses, "gradient": gradients, "conductivity": conductivity}
