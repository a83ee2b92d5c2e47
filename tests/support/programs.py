"""Programs that the course leads to: each exercises much of what students write.

A program takes the library. `{name: program}` in `PROGRAMS`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def a_two_layer_net_learns(lib: Any) -> list[float]:
    """Ten steps of gradient descent on a net of raw tensors, updated by hand."""
    lib.manual_seed(0)
    x, target = lib.randn(8, 3), lib.randn(8, 2)
    w1 = lib.randn(3, 4, requires_grad=True)
    b1 = lib.zeros(4, requires_grad=True)
    w2 = lib.randn(4, 2, requires_grad=True)
    losses = []
    for _ in range(10):
        hidden = (x @ w1 + b1).relu()
        loss = ((hidden @ w2 - target) ** 2).mean()
        loss.backward()
        with lib.no_grad():
            for parameter in (w1, b1, w2):
                parameter -= 0.05 * parameter.grad
                parameter.grad = None
        losses.append(loss.item())
    return losses


def a_recurrent_cell_is_unrolled(lib: Any) -> list[float]:
    """A cell of changing length: cat, indexing, tanh and the gradient of what was kept."""
    lib.manual_seed(1)
    w = lib.randn(5, 5, dtype=lib.float64, requires_grad=True)
    results = []
    for length in (1, 3, 4):
        h = lib.zeros(5, dtype=lib.float64)
        states = []
        for step in range(length):
            h = (w.t() @ (h + 0.1 * step)).tanh()
            h.retain_grad()
            states.append(h)
        picked = lib.cat(states).reshape(length, 5)[lib.tensor([0, -1])]
        penalty = picked.max(1).values.sum() + picked.amax() + picked.abs().mean()
        (gradient,) = lib.autograd.grad(penalty, w)
        results.append(gradient.norm().item())
    return results


def shapes_and_dtypes_are_juggled(lib: Any) -> list[Any]:
    """Views, stretching, promotion, in-place work and `out=` on one piece of memory."""
    x = lib.arange(24).view(2, 3, 4)
    y = x.permute(2, 0, 1)[1:, :, ::2].squeeze(0)
    z = y.unsqueeze(-1).expand(-1, -1, -1, 2).reshape(3, -1)
    mixed = z * lib.tensor(0.5) + lib.ones(3, 1, dtype=lib.int8)
    mixed[0] += x.view(-1)[: mixed.shape[1]]
    mixed.transpose(0, 1)[0].mul_(2)
    out = lib.empty(0, dtype=lib.float64)
    lib.add(mixed, 1, out=out)
    return [out.tolist(), str(out.stride()), str(lib.promote_types(lib.uint8, lib.int8))[-5:]]


def rules_meet_every_pointwise_operation(lib: Any) -> list[float]:
    """One long expression, its gradient, and the gradient of that."""
    x = lib.linspace(0.2, 0.9, 6, dtype=lib.float64).requires_grad_()
    y = lib.linspace(1.5, 0.7, 6, dtype=lib.float64).requires_grad_()
    z = lib.maximum(x.sin() / y, x.log() - y.cos()) ** 2 + x.exp() * y.sqrt() - x.tanh()
    z = z + y**x + (x - 0.5).relu() + (x - 0.5).abs()
    first = lib.autograd.grad(z.sum(), (x, y), create_graph=True)
    second = lib.autograd.grad((first[0] * first[1]).sum(), (x, y))
    return [each.sum().item() for each in (*first, *second)]


def a_function_of_ones_own_is_checked(lib: Any) -> list[Any]:
    """A Function with a hand-written derivative, its check, and a misuse of the graph."""

    class Cube(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x, scale):
            ctx.save_for_backward(x)
            ctx.scale = scale
            return scale * x * x * x

        @staticmethod
        def backward(ctx, gradient):
            (x,) = ctx.saved_tensors
            return gradient * 3 * ctx.scale * x * x, None

    x = lib.tensor([0.5, -1.5], dtype=lib.float64, requires_grad=True)
    agreed = lib.autograd.gradcheck(lambda v: Cube.apply(v, 2.0), (x,))
    y = (x * x).sum()
    y.backward()
    refusals = []
    for misuse in (
        lambda: y.backward(),
        lambda: lib.autograd.grad(x.sum(), lib.ones(1, requires_grad=True)),
        lambda: lib.ones(2, dtype=lib.int64, requires_grad=True),
    ):
        try:
            misuse()
        except RuntimeError as error:
            if type(error) is not RuntimeError:
                raise
            refusals.append("refused")
    return [agreed, refusals, x.grad.tolist()]


PROGRAMS: dict[str, Callable[[Any], Any]] = {
    each.__name__: each
    for each in (
        a_two_layer_net_learns,
        a_recurrent_cell_is_unrolled,
        shapes_and_dtypes_are_juggled,
        rules_meet_every_pointwise_operation,
        a_function_of_ones_own_is_checked,
    )
}
