"""Derivatives carried along, and transforms of functions."""

from typing import Any

from programs.registry import program


@program()
def a_line_search_uses_slopes_along_the_line(lib: Any) -> dict[str, Any]:
    """One directional derivative a trial by func.jvp; steps halved until Armijo holds."""

    def valley(x: Any) -> Any:
        return (1 - x[:-1]).square().sum() + 10 * (x[1:] - x[:-1] ** 2).square().sum()

    x = lib.tensor([-0.5, 0.8, 0.3])
    values, slopes, rates = [], [], []
    for _ in range(8):
        direction = -lib.func.grad(valley)(x)
        value, slope = lib.func.jvp(valley, (x,), (direction,))
        rate = 1.0
        while valley(x + rate * direction) > value + 0.3 * rate * slope:
            rate /= 2
        x = x + rate * direction
        values.append(value.item())
        slopes.append(slope)
        rates.append(rate)
    return {"value": values, "slope tangent": slopes, "rate": rates, "x": x}


@program()
def residuals_are_fitted_by_their_jacobian(lib: Any) -> dict[str, Any]:
    """Gauss-Newton and Newton: jacfwd, jacrev and hessian of small functions."""
    t = lib.linspace(0, 2, 9)
    y = 2 * (-0.7 * t).exp() + 0.3

    def residuals(p: Any) -> Any:
        return p[0] * (-p[1] * t).exp() + p[2] - y

    def cost(p: Any) -> Any:
        return residuals(p).square().sum() / 2

    p = lib.tensor([1.0, 0.2, 0.0])
    costs, forward, same = [], [], []
    for _ in range(5):
        jacobian = lib.func.jacfwd(residuals)(p)
        reverse = lib.func.jacrev(residuals)(p)
        same.append(lib.allclose(jacobian, reverse))
        costs.append(cost(p))
        forward.append(jacobian)
        p = p - lib.linalg.solve(
            jacobian.T @ jacobian + 1e-3 * lib.eye(3), jacobian.T @ residuals(p)
        )
    hessians = []
    for _ in range(3):
        hessian = lib.func.hessian(cost)(p)
        gradient, value = lib.func.grad_and_value(cost)(p)
        p = p - lib.linalg.solve(hessian, gradient)
        hessians.append((hessian, gradient, value))
    return {"cost": costs, "jacobian": forward, "same": same, "hessian": hessians, "p": p}


@program()
def a_run_is_traced_with_dual_numbers(lib: Any) -> dict[str, Any]:
    """forward_ad through a branch and a loop; tangents of views, in-place writes and matrices."""
    forward_ad = lib.autograd.forward_ad
    values, tangents = [], []
    lib.manual_seed(0)
    a, da = lib.rand(3, 3) + 0.5, lib.randn(3, 3)
    with forward_ad.dual_level():
        x = forward_ad.make_dual(a, da)
        count = 0
        y = x
        while y.sum() < 60 and count < 6:
            y = y * x.sin() + x if count % 2 else y @ x
            count += 1
            value, tangent = forward_ad.unpack_dual(y)
            values.append(value.clone())
            tangents.append(tangent.clone())
        parts = [
            y.t()[1:].mean(),
            lib.cat([x[0], y[:, 1]]).max(),
            (x.log() / x.exp() - x.tanh().sqrt()).sum(),
            (x.reshape(-1)[lib.tensor([0, 4, 4])] ** 2).norm(),
            lib.maximum(x, x.mean()).sum(),
            y.max(dim=1).values.abs().sum(),
            (x - 1).relu().amax(0).sum(),
            (x ** x.exp() + 2**x).sum(),
        ]
        unpacked = [forward_ad.unpack_dual(part) for part in parts]
        plain = forward_ad.unpack_dual(lib.ones(2)).tangent
    return {
        "value": values,
        "tangent": tangents,
        "parts": [u.primal for u in unpacked],
        "parts tangent": [u.tangent for u in unpacked],
        "plain": plain,
    }


@program()
def transforms_of_functions_are_nested(lib: Any) -> dict[str, Any]:
    """Forward over reverse, reverse over forward, jvp in jvp without confusion, vjp."""
    func = lib.func

    def f(x: Any) -> Any:
        return (x.sin() * x.exp()).sum() / (1 + x.square().sum())

    lib.manual_seed(1)
    x, v = lib.randn(4), lib.randn(4)
    product = func.jvp(func.grad(f), (x,), (v,))[1]
    other = func.grad(lambda p: func.jvp(f, (p,), (v,))[1])(x)
    twice = func.jvp(lambda p: func.jvp(f, (p,), (v,))[1], (x,), (v,))
    confused = func.jvp(
        lambda a: a * func.jvp(lambda b: a + b, (lib.tensor(1.0),), (lib.tensor(1.0),))[1],
        (lib.tensor(1.0),),
        (lib.tensor(1.0),),
    )
    output, pull = func.vjp(lambda p, q: (p @ q, p * 2), lib.rand(2, 3), lib.rand(3))
    pulled = pull((lib.ones(2), lib.ones(2, 3)))
    third = func.jacfwd(func.jacfwd(func.jacfwd(lambda s: (s**4).prod())))(lib.tensor([1.5, 2.0]))
    return {
        "product grad": product,
        "other grad": other,
        "twice tangent": twice,
        "confused": confused,
        "output": output,
        "pulled grad": pulled,
        "third": third,
    }


@program()
def a_function_of_ones_own_has_a_tangent(lib: Any) -> dict[str, Any]:
    """A Function with `backward` and `jvp`, in training and along a direction."""

    class Smooth(lib.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any, y: Any) -> Any:
            z = (x * x + y * y).sqrt()
            ctx.save_for_backward(x, y, z)
            ctx.save_for_forward(x, y, z)
            return z

        @staticmethod
        def backward(ctx: Any, gradient: Any) -> Any:
            x, y, z = ctx.saved_tensors
            return gradient * x / z, gradient * y / z

        @staticmethod
        def jvp(ctx: Any, dx: Any, dy: Any) -> Any:
            x, y, z = ctx.saved_tensors
            return (x * dx + y * dy) / z

    lib.manual_seed(2)
    x, y = lib.randn(5), lib.randn(5)
    forward_ad = lib.autograd.forward_ad
    with forward_ad.dual_level():
        dual = Smooth.apply(forward_ad.make_dual(x, y), forward_ad.make_dual(y, lib.ones(5)))
        tangent = forward_ad.unpack_dual(dual).tangent
    leaves = [x.clone().requires_grad_(), y.clone().requires_grad_()]
    first = lib.autograd.grad(Smooth.apply(*leaves).sum(), leaves, create_graph=True)
    second = lib.autograd.grad((first[0] * first[1]).sum(), leaves)
    return {"tangent": tangent, "first grad": first, "second grad": second}


@program()
def a_network_linearized_is_a_kernel(lib: Any) -> dict[str, Any]:
    """Tangent kernel of a net of raw weights: Jacobians by jacrev of each weight, then its fit."""
    lib.manual_seed(3)
    x = lib.linspace(-1, 1, 6).unsqueeze(1)
    y = (3 * x).sin().squeeze(1)
    w1, w2 = lib.randn(1, 5), lib.randn(5)

    def net(w1: Any, w2: Any) -> Any:
        return (x @ w1).tanh() @ w2 / 5**0.5

    jacobians = [lib.func.jacrev(net, argnums=i)(w1, w2).flatten(1) for i in (0, 1)]
    forward = [lib.func.jacfwd(net, argnums=i)(w1, w2).flatten(1) for i in (0, 1)]
    kernel = sum(j @ j.T for j in jacobians)
    weights = lib.linalg.solve(kernel + 1e-2 * lib.eye(6), y - net(w1, w2))
    moved = [(j.T @ weights) for j in jacobians]
    linear = net(w1, w2) + sum(j @ m for j, m in zip(jacobians, moved, strict=True))
    exact = net(w1 + 0.1 * moved[0].view(1, 5), w2 + 0.1 * moved[1])
    return {
        "jacobian": jacobians,
        "forward jacobian": forward,
        "kernel": kernel,
        "linear": linear,
        "exact": exact,
    }
