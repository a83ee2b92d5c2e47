"""Checks of `lab3.record`: when an operation is recorded, and which mode is on.

Those that a wrong mode survives stand last: the checks of a task share a process.
"""

from autograder.checks.draws import nonzero, normal
from autograder.checks.spec import check


@check("lab3.record", weight=2, x=normal(3), y=normal(3))
def one_operand_that_requires_grad_is_enough(lib, x, y):
    """An operation is recorded if one of its operands requires a gradient, first or second."""
    x, y = lib.tensor(x), lib.tensor(y)
    p = lib.tensor(x.numpy(), requires_grad=True)
    results = {
        "neither": x * y,
        "left": p * y,
        "right": y * p,
        "both": p * p,
        "one": -p,
        "none": -x,
    }
    return {
        "values": list(results.values()),
        "requires_grad": {name: z.requires_grad for name, z in results.items()},
        "is_leaf": {name: z.is_leaf for name, z in results.items()},
        "has grad_fn": {name: z.grad_fn is not None for name, z in results.items()},
    }


@check("lab3.record", x=normal(4), y=normal(4))
def the_graph_holds_the_operations_and_their_operands(lib, x, y):
    """A recorded result names its operation, and its operands' nodes; a constant has none."""
    x, y = lib.tensor(x, requires_grad=True), lib.tensor(y)

    def names(z):
        nodes = [node for node, slot in z.grad_fn.next_functions]
        return [z.grad_fn.name(), [None if n is None else n.name().split("::")[-1] for n in nodes]]

    constant = y * y
    product = x * constant
    total = constant - product
    return {
        "total": total,
        "names": [names(product), names(total)],
        "constant": [constant.grad_fn is None, constant.requires_grad, constant.is_leaf],
    }


@check("lab3.record", x=normal(3), y=normal(3))
def nothing_is_recorded_inside_no_grad(lib, x, y):
    """Inside no_grad a result is a leaf that requires nothing; after the block all is as before."""
    x, y = lib.tensor(x, requires_grad=True), lib.tensor(y, requires_grad=True)
    before = x * y
    with lib.no_grad():
        inside = x * y
        mode = lib.is_grad_enabled()
    after = inside * x
    results = [before, inside, after]
    return {
        "values": results,
        "recorded": [z.requires_grad for z in results],
        "leaves": [z.is_leaf for z in results],
        "modes": [mode, lib.is_grad_enabled()],
    }


@check("lab3.record", weight=2, x=normal(3))
def only_floating_point_leaves_can_require_grad(lib, kit, x):
    """Integers and booleans have no derivative: asking for one is a RuntimeError."""
    floats = [lib.tensor(x, dtype=d, requires_grad=True) for d in (lib.float32, lib.float64)]
    whole, yes = lib.tensor([1, 2, 3]), lib.tensor(x > 0)

    def assign():
        whole.requires_grad = True

    errors = [
        kit.raises(lib.tensor, [1, 2, 3], requires_grad=True),
        kit.raises(whole.requires_grad_),
        kit.raises(yes.requires_grad_),
        kit.raises(assign),
        kit.raises(whole.requires_grad_, False),
    ]
    return {
        "doubled": [z * 2 for z in floats],
        "recorded": [(z * 2).requires_grad for z in floats],
        "errors": errors,
        "left as they were": [whole.requires_grad, yes.requires_grad],
    }


@check("lab3.record", x=normal(3))
def a_mode_can_be_chosen_by_a_value_or_wrap_a_function(lib, x):
    """set_grad_enabled takes the mode as a value; no_grad is a decorator too."""
    x = lib.tensor(x, requires_grad=True)

    @lib.no_grad()
    def evaluate(number):
        return x * number

    results = []
    for training in (True, False, True):
        with lib.set_grad_enabled(training):
            results.append(x * 2)
    results += [evaluate(3), x * 4, evaluate(5)]
    return {"values": results, "recorded": [z.requires_grad for z in results]}


@check("lab3.record", w=normal(3), g=nonzero(3))
def a_parameter_is_updated_inside_no_grad(lib, kit, w, g):
    """A leaf that requires grad may be changed in place inside no_grad only, and stays a leaf."""
    w, g = lib.tensor(w, requires_grad=True), lib.tensor(g)
    outside = kit.raises(w.sub_, g)
    with lib.no_grad():
        w.sub_(g * 0.5)
        rebound = w - g
    return {
        "w": w,
        "outside": outside,
        "w as it was": [w.requires_grad, w.is_leaf, (w + g).requires_grad],
        "rebound": [rebound, rebound.requires_grad],
    }


@check("lab3.record", weight=2, x=normal(3))
def leaving_a_block_restores_the_mode_that_was_there(lib, x):
    """Modes nest: leaving the inner block brings back the outer one's mode, whichever it was."""
    x = lib.tensor(x, requires_grad=True)
    results = []
    with lib.no_grad():
        results.append(x * 2)
        with lib.no_grad():
            results.append(x * 3)
        results.append(x * 4)
        with lib.enable_grad():
            results.append(x * 5)
            with lib.no_grad():
                results.append(x * 6)
            results.append(x * 7)
        results.append(x * 8)
    results.append(x * 9)
    return {"values": results, "recorded": [z.requires_grad for z in results]}


@check("lab3.record", weight=2, x=normal(3))
def the_mode_is_restored_when_the_block_raises(lib, kit, x):
    """When a block ends with an exception the mode is restored too, and the error goes on."""
    x = lib.tensor(x, requires_grad=True)

    def fails(mode, number):
        with mode:
            raise ValueError(str((x * number).requires_grad))

    errors = [kit.raises(fails, lib.no_grad(), 2)]
    results = [x * 3]
    with lib.no_grad():
        errors.append(kit.raises(fails, lib.enable_grad(), 4))
        results.append(x * 5)
    results.append(x * 6)
    return {"errors": errors, "values": results, "recorded": [z.requires_grad for z in results]}
