"""Checks of `lab3.leaves`: where a backward pass begins, where it ends, and what it refuses."""

from autograder.checks.draws import nonzero, normal
from autograder.checks.spec import check


@check("lab3.leaves", weight=2, x=nonzero(), y=normal(3), g=normal(3), h=normal(3))
def gradients_add_up(lib, x, y, g, h):
    """Each backward pass adds to what is in .grad: once the slope, then twice, then three times."""
    x = lib.tensor(x, dtype=lib.float64, requires_grad=True)
    y = lib.tensor(y, requires_grad=True)
    seen = []
    for _ in range(3):
        x.sinh().backward()
        seen.append(x.grad.clone())
    (y + y).backward(lib.tensor(g))
    (-y).backward(lib.tensor(h))
    first = y.grad.clone()
    y.grad.zero_()
    (y + y).backward(lib.tensor(h))
    second = y.grad.clone()
    y.grad = None
    (-y).backward(lib.tensor(g))
    return {"grad after each pass": seen, "grads of y": [first, second, y.grad]}


@check("lab3.leaves", weight=2, x=normal(3), y=normal(3), g=nonzero(3), h=nonzero(3))
def no_two_gradients_share_memory(lib, x, y, g, h):
    """.grad is memory of its own: zeroing one spoils neither another nor the gradient passed in."""
    x, y = lib.tensor(x, requires_grad=True), lib.tensor(y, requires_grad=True)
    g, h = lib.tensor(g), lib.tensor(h[:1])
    (x + y).backward(g)
    apart = len({x.grad.data_ptr(), y.grad.data_ptr(), g.data_ptr()})
    x.grad.zero_()
    stretched = lib.tensor(y.detach().numpy(), requires_grad=True)
    (stretched + x.detach()).backward(h.expand(3))
    stretched.grad[0] = 0.0
    alone = lib.tensor(x.detach().numpy(), requires_grad=True)
    alone.backward(g)
    alone.grad.add_(1.0)
    return {
        "apart": apart,
        "grads": [x.grad, y.grad, stretched.grad, alone.grad],
        "passed in": [g, h],
    }


@check("lab3.leaves", x=nonzero(3), g=normal(3))
def whoever_holds_grad_sees_it_grow(lib, x, g):
    """A second gradient is added in place: an optimizer that holds .grad sees the sum."""
    x, g = lib.tensor(x, requires_grad=True), lib.tensor(g)
    (-x).backward(g)
    held = x.grad
    place = held.data_ptr()
    (x + x).backward(g)
    return {"held grad": held, "grad": x.grad, "same memory": x.grad.data_ptr() == place}


@check("lab3.leaves", weight=2, x=normal(3), g=normal(3), h=normal(3))
def only_leaves_and_who_asked_keep_a_gradient(lib, x, g, h):
    """An inner result keeps no gradient, unless retain_grad() was called; then it adds up too."""
    import warnings

    x, g, h = lib.tensor(x, requires_grad=True), lib.tensor(g), lib.tensor(h)
    asked = -x
    asked.retain_grad()
    silent = asked + asked
    silent.backward(g, retain_graph=True)
    once = asked.grad.clone()
    silent.backward(h)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kept = silent.grad is not None
    return {
        "grads": [x.grad, once, asked.grad],
        "leaves": [x.is_leaf, asked.is_leaf, silent.is_leaf],
        "retains": [asked.retains_grad, silent.retains_grad],
        "silent has one": kept,
    }


@check("lab3.leaves", weight=2, x=nonzero(3), w=nonzero(), g=normal(3))
def the_seed_is_checked(lib, kit, x, w, g):
    """Only a single element may begin with 1; others need a gradient of exactly their shape."""
    x, g = lib.tensor(x, requires_grad=True), lib.tensor(g)
    w = lib.tensor(w, dtype=lib.float64, requires_grad=True)
    one = lib.tensor([[1.0]], requires_grad=True)
    errors = [
        kit.raises((x + x).backward),
        kit.raises((x + x).backward, g[:2]),
        kit.raises((x + x).backward, g.reshape(1, 3)),
        kit.raises((w + w).backward, g),
        kit.raises((x.detach() + g).backward, g),
        kit.raises(lib.autograd.grad, x + x, x),
    ]
    before = x.grad
    (w + w).backward()
    (one + one + one).backward()
    (x + x).backward(g)
    return {"errors": errors, "before": before, "grads": [w.grad, one.grad, x.grad]}


@check("lab3.leaves", weight=2, x=nonzero(3), g=normal(3))
def a_graph_serves_once_unless_retained(lib, kit, x, g):
    """The first pass frees what was saved: a second is a RuntimeError, unless retain_graph."""
    x, g = lib.tensor(x, requires_grad=True), lib.tensor(g)
    once, kept = x.sinh(), x.sinh()
    once.backward(g)
    kept.backward(g, retain_graph=True)
    kept.backward(g)
    errors = [
        kit.raises(once.backward, g),
        kit.raises(kept.backward, g),
        kit.raises(lib.autograd.grad, once, x, g),
        kit.raises((once + x).backward, g),
    ]
    again = x.detach().clone().requires_grad_()
    again.sinh().backward(g)
    return {"errors": errors, "grad": again.grad}


@check("lab3.leaves", weight=2, x=normal(3), y=normal(3), g=normal(3))
def autograd_grad_returns_and_leaves_grad_alone(lib, kit, x, y, g):
    """autograd.grad returns gradients and fills no .grad; an unused input is an error, or None."""
    x, y = lib.tensor(x, requires_grad=True), lib.tensor(y, requires_grad=True)
    g = lib.tensor(g)
    (of_x,) = lib.autograd.grad(x + x, x, g)
    untouched = [x.grad is None, y.grad is None]
    unused = kit.raises(lib.autograd.grad, -x, [x, y], g)
    allowed = lib.autograd.grad(-x, [x, y], g, allow_unused=True)
    (-x).backward(g)
    held = x.grad.clone()
    lib.autograd.grad(x + y, [x, y], g)
    return {
        "grads": [of_x, allowed[0], held, x.grad],
        "untouched": untouched,
        "unused": unused,
        "missing": [allowed[1] is None, y.grad is None],
    }


@check("lab3.leaves", x=normal(3), y=normal(3), g=normal(3))
def constants_and_chosen_inputs(lib, x, y, g):
    """A tensor that does not require grad gets none; with inputs= only those named are filled."""
    x, y = lib.tensor(x, requires_grad=True), lib.tensor(y, requires_grad=True)
    constant, g = lib.ones(3, dtype=lib.float64), lib.tensor(g)
    middle = -x + constant
    (middle + y).backward(g, inputs=[y])
    only_y = [x.grad is None, constant.grad is None]
    (middle + y).backward(g, inputs=[x, y])
    single = lib.tensor([1.0, 2.0, 3.0], requires_grad=True)
    (single + x).backward(g)
    return {"only y": only_y, "grads": [x.grad, y.grad, single.grad]}
