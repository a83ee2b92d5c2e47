"""Checks of `lab3.rules`: each rule alone, by calling the node that holds it with an adjoint.

A rule serves tensors while a backward pass is recorded, and plain arrays otherwise: both are tried.
"""

from autograder.checks.draws import away_from, decades, distinct, integers, nonzero, normal, uniform
from autograder.checks.spec import check


@check("lab3.rules", x=normal(3, 4), y=normal(3, 4), g=normal(3, 4))
def product(lib, x, y, g):
    """z = x y sends g y to x and g x to y."""
    x, y, g = lib.tensor(x, requires_grad=True), lib.tensor(y, requires_grad=True), lib.tensor(g)
    sent = {
        "x y": (x * y, g),
        "x x": (x * x, g),
    }
    grads = {}
    for recording in (True, False):
        with lib.set_grad_enabled(recording):
            for name, (z, arrived) in sent.items():
                grads[f"grad of {name}, {'recorded' if recording else 'plain'}"] = z.grad_fn(
                    arrived
                )
    return grads


@check("lab3.rules", x=normal(3, 4), y=normal(3, 4), g=normal(3, 4))
def difference(lib, x, y, g):
    """z = x - y sends g to x and -g to y."""
    x, y, g = lib.tensor(x, requires_grad=True), lib.tensor(y, requires_grad=True), lib.tensor(g)
    sent = {
        "x - y": (x - y, g),
    }
    grads = {}
    for recording in (True, False):
        with lib.set_grad_enabled(recording):
            for name, (z, arrived) in sent.items():
                grads[f"grad of {name}, {'recorded' if recording else 'plain'}"] = z.grad_fn(
                    arrived
                )
    return grads


@check("lab3.rules", x=normal(3, 4), y=nonzero(3, 4, margin=0.3), g=normal(3, 4))
def quotient(lib, x, y, g):
    """z = x / y sends g / y to x and -g x / y² to y."""
    x, y, g = lib.tensor(x, requires_grad=True), lib.tensor(y, requires_grad=True), lib.tensor(g)
    sent = {
        "x / y": (x / y, g),
    }
    grads = {}
    for recording in (True, False):
        with lib.set_grad_enabled(recording):
            for name, (z, arrived) in sent.items():
                grads[f"grad of {name}, {'recorded' if recording else 'plain'}"] = z.grad_fn(
                    arrived
                )
    return grads


@check("lab3.rules", x=uniform(-2, 2, 5), y=uniform(0.2, 3, 5), g=normal(5))
def exponential_logarithm_and_root(lib, x, y, g):
    """exp and sqrt use their result; log uses its operand."""
    x, y, g = lib.tensor(x, requires_grad=True), lib.tensor(y, requires_grad=True), lib.tensor(g)
    sent = {
        "exp": (x.exp(), g),
        "log": (y.log(), g),
        "sqrt": (y.sqrt(), g),
    }
    grads = {}
    for recording in (True, False):
        with lib.set_grad_enabled(recording):
            for name, (z, arrived) in sent.items():
                grads[f"grad of {name}, {'recorded' if recording else 'plain'}"] = z.grad_fn(
                    arrived
                )
    return grads


@check("lab3.rules", x=uniform(-3, 3, 2, 3), g=normal(2, 3))
def sine_cosine_and_hyperbolic_tangent(lib, x, g):
    """sin, cos and tanh; tanh uses its result, 1 - z²."""
    x, g = lib.tensor(x, requires_grad=True), lib.tensor(g)
    sent = {
        "sin": (x.sin(), g),
        "cos": (x.cos(), g),
        "tanh": (x.tanh(), g),
    }
    grads = {}
    for recording in (True, False):
        with lib.set_grad_enabled(recording):
            for name, (z, arrived) in sent.items():
                grads[f"grad of {name}, {'recorded' if recording else 'plain'}"] = z.grad_fn(
                    arrived
                )
    return grads


@check("lab3.rules", x=uniform(0.2, 2, 4), y=uniform(-2, 2, 4), n=integers(2, 6), g=normal(4))
def power(lib, x, y, n, g):
    """z = xʸ in both operands; 0 where x is 0 and where the exponent is 0."""
    x, y, g = lib.tensor(x, requires_grad=True), lib.tensor(y, requires_grad=True), lib.tensor(g)
    zero = lib.zeros(4, dtype=lib.float64, requires_grad=True)
    exponents = lib.tensor([0.0, 0.5, 1.0, 2.0], dtype=lib.float64, requires_grad=True)
    sent = {
        "x to the y": (x**y, g),
        "a whole power": (x**n, g),
        "powers of 0": (zero**exponents, g * g),
    }
    grads = {}
    for recording in (True, False):
        with lib.set_grad_enabled(recording):
            for name, (z, arrived) in sent.items():
                grads[f"grad of {name}, {'recorded' if recording else 'plain'}"] = z.grad_fn(
                    arrived
                )
    return grads


@check("lab3.rules", weight=2, x=away_from([0], 6, margin=0.2), g=nonzero(6), y=normal(6))
def kinks_and_ties(lib, x, g, y):
    """relu and abs give 0 at their kink; maximum gives half to each side of a tie."""
    x[1:3] = 0.0
    y[3:5] = x[3:5]
    x, y, g = lib.tensor(x, requires_grad=True), lib.tensor(y, requires_grad=True), lib.tensor(g)
    sent = {
        "relu": (x.relu(), g),
        "abs": (x.abs(), g),
        "maximum": (lib.maximum(x, y), g),
    }
    grads = {}
    for recording in (True, False):
        with lib.set_grad_enabled(recording):
            for name, (z, arrived) in sent.items():
                grads[f"grad of {name}, {'recorded' if recording else 'plain'}"] = z.grad_fn(
                    arrived
                )
    return grads


@check("lab3.rules", x=distinct(6), c=nonzero(6, margin=0.3), g=normal(6))
def an_operand_without_gradient_gets_none(lib, x, c, g):
    """A rule runs only for an operand that requires a gradient; the other one gets None."""
    x, c, g = lib.tensor(x, requires_grad=True), lib.tensor(c), lib.tensor(g)
    results = [x * c, c * x, x - c, c - x, x / c, c.abs() ** x, lib.maximum(c, x)]
    return {"grads": [list(z.grad_fn(g)) for z in results]}


@check("lab3.rules", weight=2, x=decades(-8, 8, 9), y=decades(-8, 8, 9), g=nonzero(9))
def slopes_over_sixteen_decades(lib, x, y, g):
    """A rule is exact for operands from 1e-8 to 1e8, where no step of a difference fits all."""
    x, y, g = lib.tensor(x, requires_grad=True), lib.tensor(y, requires_grad=True), lib.tensor(g)
    of_log, of_root, of_cube = (z.grad_fn(g) for z in (x.log(), x.sqrt(), x * x * x))
    to_x, to_y = (x / y).grad_fn(g)
    product_to_x, product_to_y = (x * y).grad_fn(g)
    x, y = x.detach(), y.detach()
    return {
        "grad of log, times x": of_log.detach() * x,
        "grad of sqrt, times the root": of_root.detach() * x.sqrt(),
        "grads of the quotient, made of order 1": [to_x.detach() * y, to_y.detach() * y * y / x],
        "grads of the product, made of order 1": [product_to_x / y, product_to_y / x],
        "grads of the cube, made of order 1": [of_cube[0] / x, of_cube[1] / (x * x)],
    }


@check("lab3.rules", x=uniform(0.5, 2, 4, dtype="float32"), g=uniform(0.5, 2, 4, dtype="float32"))
def dtypes_and_infinite_slopes(lib, x, g):
    """float32 stays float32; the root's slope at 0 is infinite, and far out tanh is flat."""
    x[1] = 0.0
    x, g = lib.tensor(x, requires_grad=True), lib.tensor(g)
    flat = lib.tensor([-40.0, 0.0, 40.0], requires_grad=True)
    to_x, to_y = (x * x).grad_fn(g)
    return {
        "grad of sqrt": x.sqrt().grad_fn(g),
        "grad of exp": x.exp().grad_fn(g),
        "grad of tanh": flat.tanh().grad_fn(g[:3]),
        "grads of x x": [to_x, to_y],
    }
