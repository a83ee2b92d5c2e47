"""Checks of `lab3.gradcheck`: right and wrong backward passes, and the verdict on them.

The functions shown are written as `autograd.Function`, so that their backward pass can be wrong.
"""

from autograder.checks.draws import integers, nonzero, normal, uniform
from autograder.checks.spec import check


@check("lab3.gradcheck", weight=2, x=uniform(0.5, 2, 2, 3), factor=uniform(1.2, 1.9))
def a_wrong_factor_or_sign_is_refused(lib, kit, x, factor):
    """The right backward of x² passes; one off by a factor or a sign is a GradcheckError."""
    asked = []

    def square(wrong):
        class Square(lib.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                asked.append(x.detach().clone())
                ctx.save_for_backward(x)
                return x * x

            @staticmethod
            def backward(ctx, g):
                (x,) = ctx.saved_tensors
                return g * 2 * x * wrong

        return Square.apply

    x = lib.tensor(x, requires_grad=True)
    verdicts = [lib.autograd.gradcheck(square(1.0), (x,))]
    errors = [
        kit.raises(lib.autograd.gradcheck, square(wrong), (x,))
        for wrong in (factor, 1 / factor, -1.0, 0.0)
    ]
    silent = lib.autograd.gradcheck(square(factor), (x,), raise_exception=False)
    return {"verdicts": [*verdicts, silent], "errors": errors, "x": x, "values": square(1.0)(x)}


@check("lab3.gradcheck", weight=2, x=uniform(0.5, 2, 5), place=integers(0, 5))
def one_wrong_element_is_refused(lib, kit, x, place):
    """The Jacobians are compared element by element: no wrong slope hides behind the others."""

    def square(change):
        class Square(lib.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                ctx.save_for_backward(x)
                return x * x

            @staticmethod
            def backward(ctx, g):
                (x,) = ctx.saved_tensors
                answer = g * 2 * x
                answer[place] = answer[place] + change[0] * g[place]
                answer[place - 1] = answer[place - 1] + change[1] * g[place - 1]
                return answer

        return Square.apply

    x = lib.tensor(x, requires_grad=True)
    cancelling, single = (0.5, -0.5), (-0.7, 0.0)
    return {
        "verdict": lib.autograd.gradcheck(square((0.0, 0.0)), (x,)),
        "errors": [
            kit.raises(lib.autograd.gradcheck, square(change), (x,))
            for change in (cancelling, single)
        ],
        "x": x,
    }


@check("lab3.gradcheck", weight=2, x=normal(3), a=nonzero(3, 3, margin=0.3))
def a_transposed_jacobian_is_refused(lib, kit, x, a):
    """y = A x has the backward Aᵀ g; A g has the same sum of all slopes, and is wrong."""
    a[0, 2] = a[2, 0] + 1.0
    a = lib.tensor(a)

    def linear(backward_matrix):
        class Linear(lib.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                return a @ x

            @staticmethod
            def backward(ctx, g):
                return backward_matrix @ g

        return Linear.apply

    x = lib.tensor(x, requires_grad=True)
    right, transposed = a.t().contiguous(), a
    return {
        "verdict": lib.autograd.gradcheck(linear(right), (x,)),
        "errors": [kit.raises(lib.autograd.gradcheck, linear(transposed), (x,))],
        "value": linear(right)(x),
    }


@check("lab3.gradcheck", weight=2, x=uniform(0.5, 2, 4), power=integers(4, 8))
def the_step_is_eps_forward_and_back(lib, kit, x, power):
    """Each element is moved by eps forward and back, alone; afterward the input is as it was."""
    eps = 2.0**-power
    moved = []

    class Bowl(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            moved.append(x.detach().clone())
            ctx.save_for_backward(x)
            return x * x * 50.0

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            return g * x * 100.0

    start = lib.tensor(x)
    x = lib.tensor(x, requires_grad=True)
    verdict = lib.autograd.gradcheck(Bowl.apply, (x,), eps=eps)
    steps = [(point - start).tolist() for point in moved]
    together = max(sum(step != 0.0 for step in each) for each in steps)
    forward = [max(step[n] for step in steps) / eps for n in range(4)]
    back = [min(step[n] for step in steps) / eps for n in range(4)]
    return {
        "verdict": verdict,
        "forward steps": lib.tensor(forward, dtype=lib.float64),
        "steps back": lib.tensor(back, dtype=lib.float64),
        "moved at once": together,
        "x": x,
        "error": kit.raises(lib.autograd.gradcheck, lambda x: Bowl.apply(x).detach() + x, (x,)),
    }


@check("lab3.gradcheck", x=uniform(-1.2, 1.2, 4), offset=uniform(1, 2))
def flat_curved_and_wavy_functions_pass(lib, kit, x, offset):
    """Right functions pass where a careless difference fails: sharp, high up, or wavy."""

    def function(value, slope):
        class Made(lib.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                ctx.save_for_backward(x)
                return value(x)

            @staticmethod
            def backward(ctx, g):
                (x,) = ctx.saved_tensors
                return g * slope(x)

        return Made.apply

    bottom = lib.zeros(3, dtype=lib.float64, requires_grad=True)
    x = lib.tensor(x, requires_grad=True)
    sharp = function(lambda x: x * x * 1e4, lambda x: x * 2e4)
    plateau = function(lambda x: x.sin() + 1e5 * offset, lambda x: x.cos())
    wavy = function(lambda x: (x * 30).sin() / 30, lambda x: (x * 30).cos())
    wrong = function(lambda x: (x * 30).sin() / 30, lambda x: (x * 30).cos() + 0.1)
    return {
        "verdicts": [
            lib.autograd.gradcheck(sharp, (bottom,)),
            lib.autograd.gradcheck(plateau, (x,)),
            lib.autograd.gradcheck(wavy, (x,)),
        ],
        "error": kit.raises(lib.autograd.gradcheck, wrong, (x,)),
        "value": wavy(x),
    }


@check("lab3.gradcheck", x=uniform(0.5, 2, 24))
def the_input_is_put_back_to_the_last_bit(lib, x):
    """Afterward each element is the very number it was before, not one that rounding made."""

    class Triple(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 3.0

        @staticmethod
        def backward(ctx, g):
            return g * 3.0

    start, x = lib.tensor(x), lib.tensor(x, requires_grad=True)
    verdict = lib.autograd.gradcheck(Triple.apply, (x,))
    return {"verdict": verdict, "moved": (x.detach() - start) * 1e16, "x": x}


@check("lab3.gradcheck", x=uniform(0.5, 2, 4), place=integers(0, 4))
def a_slope_that_is_no_number_is_refused(lib, kit, x, place):
    """NaN agrees with nothing, also where all the other slopes are right."""

    class Square(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            answer = g * 2 * x
            answer[place] = float("nan")
            return answer

    x = lib.tensor(x, requires_grad=True)
    return {
        "error": kit.raises(lib.autograd.gradcheck, Square.apply, (x,)),
        "silent": lib.autograd.gradcheck(Square.apply, (x,), raise_exception=False),
        "value": Square.apply(x),
    }


@check("lab3.gradcheck", x=uniform(0.5, 2, 3), y=uniform(0.5, 2, 3), w=normal(3))
def each_input_counts(lib, kit, x, y, w):
    """Every input that requires a gradient is tried, the second too; a constant is not."""

    def product(first, second):
        class Product(lib.autograd.Function):
            @staticmethod
            def forward(ctx, x, y):
                ctx.save_for_backward(x, y)
                return x * y

            @staticmethod
            def backward(ctx, g):
                x, y = ctx.saved_tensors
                return g * y * first, g * x * second

        return Product.apply

    x, y = lib.tensor(x, requires_grad=True), lib.tensor(y, requires_grad=True)
    w = lib.tensor(w)
    return {
        "verdicts": [
            lib.autograd.gradcheck(product(1, 1), (x, y)),
            lib.autograd.gradcheck(product(1, 5), (x, w)),
        ],
        "errors": [
            kit.raises(lib.autograd.gradcheck, product(1, 1.5), (x, y)),
            kit.raises(lib.autograd.gradcheck, product(1.5, 1), (x, y)),
        ],
        "x y": x.detach() * y.detach() * w,
    }


@check("lab3.gradcheck", x=uniform(0.5, 2, 3))
def the_tolerances_decide(lib, kit, x):
    """A slope off by one percent passes with a wide rtol or atol and fails with a narrow one."""

    class Almost(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x + 1000.0

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            return g * x * 2.02

    x = lib.tensor(x, requires_grad=True)
    biggest = x.detach().abs().max().item()
    return {
        "verdicts": [
            lib.autograd.gradcheck(Almost.apply, (x,), rtol=0.02, atol=0.0),
            lib.autograd.gradcheck(Almost.apply, (x,), rtol=0.0, atol=0.04 * biggest),
        ],
        "errors": [
            kit.raises(lib.autograd.gradcheck, Almost.apply, (x,)),
            kit.raises(lib.autograd.gradcheck, Almost.apply, (x,), rtol=0.005, atol=0.0),
            kit.raises(lib.autograd.gradcheck, Almost.apply, (x,), rtol=0.0, atol=0.001),
        ],
        "value": Almost.apply(x),
    }
