"""Checks of `lab3.function`: operations whose backward pass is written by hand.

Their backward passes are, on purpose, not the derivatives of their forward passes.
"""

from autograder.checks.draws import integers, nonzero, normal, uniform
from autograder.checks.spec import check


@check("lab3.function", weight=2, x=uniform(-4, 4, 6), g=normal(6))
def straight_through_rounding(lib, x, g):
    """Rounding is flat, yet its Function may let the gradient straight through: 1, not 0."""

    class Round(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x.round()

        @staticmethod
        def backward(ctx, g):
            return g

    x, g = lib.tensor(x, requires_grad=True), lib.tensor(g)
    z = Round.apply(x)
    (of_x,) = lib.autograd.grad(-z, x, g)
    return {"value": z, "grad": of_x, "recorded": [z.requires_grad, z.is_leaf]}


@check("lab3.function", weight=2, x=normal(4), g=normal(4))
def forward_is_not_recorded(lib, x, g):
    """One node stands for all that forward does: nothing inside is recorded or counts twice."""
    modes = []

    class Odd(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            modes.append(lib.is_grad_enabled())
            z = -(x + x + x)
            modes.append(z.requires_grad)
            return z

        @staticmethod
        def backward(ctx, g):
            return g + g

    x, g = lib.tensor(x, requires_grad=True), lib.tensor(g)
    z = Odd.apply(-x)
    (of_x,) = lib.autograd.grad(z, x, g)
    return {
        "value": z,
        "grad": of_x,
        "modes": modes,
        "names": [z.grad_fn.name(), [node.name() for node, slot in z.grad_fn.next_functions]],
    }


@check("lab3.function", x=normal(4), y=normal(4), g=normal(4))
def the_context_carries_tensors_and_numbers(lib, x, y, g):
    """ctx.saved_tensors gives back what was saved, in order; other attributes stay on ctx."""

    class Mixed(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x, y):
            z = x * x * y
            ctx.save_for_backward(x, z)
            ctx.factor = 3.0
            return z

        @staticmethod
        def backward(ctx, g):
            x, z = ctx.saved_tensors
            return g * z * ctx.factor, g * x

    x, y = lib.tensor(x, requires_grad=True), lib.tensor(y, requires_grad=True)
    z = Mixed.apply(x, y)
    of_x, of_y = lib.autograd.grad(z, [x, y], lib.tensor(g))
    return {"value": z, "grad of x": of_x, "grad of y": of_y}


@check("lab3.function", weight=2, x=nonzero(4), g=normal(4))
def a_saved_tensor_changed_in_place_is_an_error(lib, kit, x, g):
    """What was saved must be what is used: writing to it before backward is a RuntimeError."""

    class Square(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            return g * x * 5

    x, g = lib.tensor(x, requires_grad=True), lib.tensor(g)
    before, after = -x, -x
    spoiled, fine = Square.apply(before), Square.apply(after)
    before.add_(1.0)
    errors = [kit.raises(lib.autograd.grad, spoiled, x, g)]
    (of_x,) = lib.autograd.grad(fine, x, g)
    after.add_(1.0)
    return {"errors": errors, "grad": of_x, "values": [spoiled, fine, before, after]}


@check("lab3.function", weight=2, x=normal(4), k=uniform(2, 3), g=normal(4))
def one_gradient_for_each_argument(lib, kit, x, k, g):
    """backward answers for each argument of forward, None for a number; too few are an error."""

    def scaling(*answer):
        class Scale(lib.autograd.Function):
            @staticmethod
            def forward(ctx, x, factor, text):
                return x * factor

            @staticmethod
            def backward(ctx, g):
                return (g * 7, *answer)

        return Scale

    x, g = lib.tensor(x, requires_grad=True), lib.tensor(g)
    z = scaling(None, None).apply(x, k, "times")
    (of_x,) = lib.autograd.grad(z, x, g)
    more = scaling(None, None, None).apply(x, k, "times")
    (of_more,) = lib.autograd.grad(more, x, g)
    errors = [
        kit.raises(lib.autograd.grad, scaling(None).apply(x, k, ""), x, g),
        kit.raises(lib.autograd.grad, scaling(None, None, g).apply(x, k, ""), x, g),
    ]
    return {"value": z, "grads": [of_x, of_more], "errors": errors}


@check("lab3.function", x=normal(3), y=normal(3), g=normal(3), k=integers(2, 9))
def needs_input_grad_says_what_is_wanted(lib, x, y, g, k):
    """ctx.needs_input_grad has one flag for each argument; an unneeded gradient is dropped."""
    flags = []

    class Blend(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x, y, k):
            flags.append(list(ctx.needs_input_grad))
            return x * k + y

        @staticmethod
        def backward(ctx, g):
            flags.append(list(ctx.needs_input_grad))
            return g * 2, g * 3, None

    p, q = lib.tensor(x, requires_grad=True), lib.tensor(y, requires_grad=True)
    x, y, g = lib.tensor(x), lib.tensor(y), lib.tensor(g)
    (of_p,) = lib.autograd.grad(Blend.apply(p, y, k), p, g)
    (of_q,) = lib.autograd.grad(Blend.apply(x, q, k), q, g)
    both = lib.autograd.grad(Blend.apply(p, q, k), [p, q], g)
    return {"grads": [of_p, of_q, *both], "flags": flags}


@check("lab3.function", x=normal(3), g=normal(3))
def recorded_only_where_needed(lib, x, g):
    """Without an argument that requires grad, or in no_grad, a Function leaves no node behind."""

    class Flip(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return -x - 1

        @staticmethod
        def backward(ctx, g):
            return g * 4

    p, x, g = lib.tensor(x, requires_grad=True), lib.tensor(x), lib.tensor(g)
    constant, recorded = Flip.apply(x), Flip.apply(p)
    with lib.no_grad():
        silent = Flip.apply(p)
    (of_p,) = lib.autograd.grad(recorded, p, g)
    results = [constant, recorded, silent]
    return {
        "values": results,
        "recorded": [z.requires_grad for z in results],
        "has grad_fn": [z.grad_fn is not None for z in results],
        "grad": of_p,
    }


@check("lab3.function", x=normal(3), g=normal(3), h=normal(3))
def several_results_and_a_branch_that_sends_nothing(lib, x, g, h):
    """Each result has its own gradient; a branch that answers None is still waited for."""

    class Pair(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x + 1, x * 2, "a label"

        @staticmethod
        def backward(ctx, to_first, to_second, to_label):
            return to_first * 10 + to_second * 100

    class Silent(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 3

        @staticmethod
        def backward(ctx, g):
            return None

    x = lib.tensor(x, requires_grad=True)
    shared = -x
    arrived = []
    shared.register_hook(arrived.append)
    first, second, label = Pair.apply(shared)
    gradients = [lib.tensor(g), lib.tensor(h)]
    (of_x,) = lib.autograd.grad([first + Silent.apply(shared), second], x, gradients)
    return {"values": [first, second, label], "arrived grads": arrived, "grad of x": of_x}
