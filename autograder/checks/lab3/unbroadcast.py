"""Checks of `lab3.unbroadcast`: the gradient of a broadcast operand, through + and expand."""

from autograder.checks.draws import normal, sizes
from autograder.checks.spec import check


@check("lab3.unbroadcast", x=normal(2, 3, 4), y=normal(4), z=normal(3, 4), g=normal(2, 3, 4))
def dimensions_that_were_added_in_front(lib, x, y, z, g):
    """A vector or matrix added to a stack of matrices gets the sum over the dimensions in front."""
    x, y, z = (lib.tensor(each, requires_grad=True) for each in (x, y, z))
    of_x, of_y, of_z = lib.autograd.grad(x + y + z, [x, y, z], lib.tensor(g))
    return {"grad of x": of_x, "grad of y": of_y, "grad of z": of_z}


@check("lab3.unbroadcast", x=normal(3, 1), y=normal(1, 4), g=normal(3, 4))
def a_column_and_a_row(lib, x, y, g):
    """A column plus a row is a matrix: each gets the sum over the dimension where it has 1."""
    x, y = lib.tensor(x, requires_grad=True), lib.tensor(y, requires_grad=True)
    of_x, of_y = lib.autograd.grad(x + y, [x, y], lib.tensor(g))
    return {"grad of x": of_x, "grad of y": of_y}


@check("lab3.unbroadcast", x=normal(), y=normal(2, 3), g=normal(2, 3))
def a_tensor_without_dimensions(lib, x, y, g):
    """A 0-d operand gets the sum of everything, and has no dimensions."""
    x, y = lib.tensor(x, dtype=lib.float64, requires_grad=True), lib.tensor(y, requires_grad=True)
    of_x, of_y = lib.autograd.grad(-(x + y), [x, y], lib.tensor(g))
    return {"grad of x": of_x, "grad of y": of_y}


@check("lab3.unbroadcast", x=normal(3, 1, 5), y=normal(2, 1, 4, 1), g=normal(2, 3, 4, 5))
def both_at_once(lib, x, y, g):
    """Missing dimensions in front and a size 1 inside, in one operand."""
    x, y = lib.tensor(x, requires_grad=True), lib.tensor(y, requires_grad=True)
    plain = lib.autograd.grad(x + y, [x, y], lib.tensor(g))
    recorded = lib.autograd.grad(x + y, [x, y], lib.tensor(g), create_graph=True)
    return {"grads": list(plain), "grads of a recorded pass": list(recorded)}


@check("lab3.unbroadcast", x=normal(1, 1), y=normal(1), z=normal(1, 3, 1), g=normal(2, 3, 4))
def nothing_but_ones(lib, x, y, z, g):
    """Sizes 1 that were stretched stay as 1; a size 1 that met another 1 stays as it is."""
    x, y, z = (lib.tensor(each, requires_grad=True) for each in (x, y, z))
    of_x, of_y = lib.autograd.grad(x + y, [x, y], lib.tensor(g[0, 0:1, 0:1]))
    of_all = lib.autograd.grad(x + lib.zeros(2, 1, 4) + y + z, [x, y, z], lib.tensor(g))
    return {"grads of two ones": [of_x, of_y], "grads": list(of_all)}


@check(
    "lab3.unbroadcast",
    weight=2,
    shape=sizes(4, 2, 4),
    x=normal(4, 4, 4, 4),
    g=normal(4, 4, 4, 4),
)
def sizes_drawn_at_random(lib, shape, x, g):
    """Two operands of random sizes, each with its own ones and its own missing dimensions."""

    def part(pattern):
        kept = [1 if each == "1" else size for size, each in zip(shape, pattern, strict=True)]
        missing = pattern.count("-")
        index = (0,) * missing + tuple(slice(0, size) for size in kept[missing:])
        return lib.tensor(x[index], requires_grad=True)

    found = {}
    for left, right in [("-n1n", "n1n1"), ("-1n1", "1nnn"), ("--n1", "n1nn")]:
        a, b = part(left), part(right)
        out = a + b
        index = (0,) * (4 - out.dim()) + tuple(slice(0, size) for size in out.shape)
        of_a, of_b = lib.autograd.grad(out, [a, b], lib.tensor(g[index]))
        found[f"{left} + {right}"] = out
        found[f"grads of {left} + {right}"] = [of_a, of_b]
    return found


@check("lab3.unbroadcast", x=normal(3, 1), y=normal(), g=normal(2, 3, 4), n=sizes(1, 2, 5))
def expand_is_broadcasting_too(lib, x, y, g, n):
    """expand repeats without computing, so its gradient is the same sum."""
    x, y = lib.tensor(x, requires_grad=True), lib.tensor(y, dtype=lib.float64, requires_grad=True)
    (of_x,) = lib.autograd.grad(x.expand(2, 3, 4), x, lib.tensor(g))
    (of_y,) = lib.autograd.grad(y.expand(n[0]), y, lib.tensor(g).reshape(24)[: n[0]])
    return {"grad of x": of_x, "grad of y": of_y}


@check("lab3.unbroadcast", x=normal(3, dtype="float32"), y=normal(2, 3), g=normal(2, 3))
def same_shape_dtype_and_empty(lib, x, y, g):
    """The operand's dtype stays; the same shape needs no sum; no rows at all sum to zeros."""
    x, y, g = lib.tensor(x, requires_grad=True), lib.tensor(y, requires_grad=True), lib.tensor(g)
    of_x, of_y = lib.autograd.grad(x + y, [x, y], g)
    (of_half,) = lib.autograd.grad(x + lib.zeros(2, 3), x, lib.tensor(g.numpy(), dtype=lib.float32))
    (of_same,) = lib.autograd.grad(y + y.detach(), y, g)
    (of_none,) = lib.autograd.grad(x + lib.zeros(0, 3), x, lib.zeros(0, 3))
    return {"grads": [of_x, of_y, of_half, of_same, of_none]}
