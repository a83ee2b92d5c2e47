"""`func.*` with all of torch's arguments: trees, several arguments, values beside the result."""

import pytest
from described import assert_agree, registry

PROGRAMS, program = registry()


def rows(lib):
    return (lib.tensor(each, dtype=lib.float64) for each in ([1.0, 2.0], [3.0, 4.0]))


@program
def gradients_of_chosen_arguments(lib):
    x, y = rows(lib)
    grad = lib.func.grad

    def f(x, y):
        return (x * y).sin().sum()

    return grad(f)(x, y), grad(f, argnums=(0, 1))(x, y), grad(f, 1)(x, y), grad(f, -1)(x, y)


@program
def gradients_with_a_keyword_and_something_beside(lib):
    x, _ = rows(lib)
    func = lib.func

    def f(x, factor=1):
        return (x * x).sum() * factor, {"beside": x * 3}

    return func.grad(f, has_aux=True)(x, factor=2), func.grad_and_value(f, has_aux=True)(x)


@program
def gradients_of_trees(lib):
    x, y = rows(lib)
    tree = {"a": x, "b": [y, (x,)]}
    return lib.func.grad(lambda t: (t["a"] * t["b"][0] * t["b"][1][0]).sum())(tree)


@program
def gradients_that_nothing_arrives_at(lib):
    x, y = rows(lib)
    func = lib.func
    return (
        func.grad(lambda x, y: x.sum(), argnums=(0, 1))(x, y),
        func.grad(lambda x: lib.tensor(3.0))(x),
        func.jacrev(lambda x: lib.ones(2))(x),
        func.jacfwd(lambda x: lib.ones(2))(x),
    )


@program
def jacobians_of_chosen_arguments(lib):
    x, y = rows(lib)
    return [
        jacobian(lambda x, y: x * y + x[0], argnums=chosen)(x, y)
        for jacobian in (lib.func.jacrev, lib.func.jacfwd)
        for chosen in (0, 1, (0, 1), (1, 0), (1,))
    ]


@program
def jacobians_of_trees(lib):
    x, y = rows(lib)
    tree = {"a": x, "b": (y, x[0])}

    def f(tree):
        a, (b, c) = tree.values()
        return {"product": a * b * c, "sums": [a.sum(), b.reshape(2, 1)]}

    return lib.func.jacrev(f)(tree), lib.func.jacfwd(f)(tree)


@program
def jacobians_with_something_beside(lib):
    x, _ = rows(lib)

    def f(x):
        return (x * x, x.sum()), {"beside": x + 1}

    return lib.func.jacrev(f, has_aux=True)(x), lib.func.jacfwd(f, has_aux=True)(x)


@program
def hessians(lib):
    x, y = rows(lib)
    func = lib.func
    return (
        func.hessian(lambda x, y: (x * x * y).sum(), argnums=(0, 1))(x, y),
        func.hessian(lambda t: (t["x"] ** 2 * t["y"]).sum())({"x": x, "y": y}),
        func.jacfwd(func.jacfwd(lambda x: (x**3).sum()))(x),
        func.grad(func.grad(func.grad(lambda x: x**5)))(x[1]),
    )


@program
def adjoints(lib):
    x, y = rows(lib)
    value, pull = lib.func.vjp(lambda x, y: (x * y, {"sin": x.sin()}), x, y)
    doubled, pull_doubled, beside = lib.func.vjp(lambda x: (x * 2, x + 5), x, has_aux=True)
    return value, pull((x, {"sin": y})), doubled, pull_doubled(y), beside


@program
def tangents(lib):
    x, y = rows(lib)
    jvp = lib.func.jvp
    return (
        jvp(lambda x: (x * 2, x + 5), (x,), (y,), has_aux=True),
        jvp(lambda t, s: {"q": t["a"] ** 2 * s}, ({"a": x}, y), ({"a": y}, x)),
        jvp(lib.func.grad(lambda x: (x**3).sum()), (x,), (y,)),
        jvp(lambda x: [x.sum(), lib.ones(2)], (x,), (y,)),
    )


@program
def a_module_with_other_parameters(lib):
    lib.manual_seed(0)
    layer = lib.nn.Linear(2, 1)
    others = {name: lib.ones_like(each) for name, each in layer.named_parameters()}
    call = lib.func.functional_call
    x = lib.ones(1, 2)
    return (
        call(layer, others, (x,)),
        call(layer, [{"weight": others["weight"]}, {"bias": others["bias"]}], x),
        lib.func.grad(lambda p: call(layer, p, x).sum())(others),
        layer(x),
    )


@program
def tied_weights_are_replaced_together(lib):
    class Tied(lib.nn.Module):
        def __init__(self):
            super().__init__()
            self.first = lib.nn.Linear(2, 2, bias=False)
            self.second = lib.nn.Linear(2, 2, bias=False)
            self.second.weight = self.first.weight
            self.register_buffer("shift", lib.ones(2))

        def forward(self, x, *, factor=1):
            return self.second(self.first(x)) * factor + self.shift

    model, x = Tied(), lib.ones(1, 2)
    given = {"first.weight": lib.eye(2) * 3, "shift": lib.zeros(2)}
    return lib.func.functional_call(model, given, (x,), {"factor": 2})


@program
def transforms_meet_through_what_a_function_closes_over(lib):
    x, y = rows(lib)
    func = lib.func

    def inner(y):
        return func.grad(lambda x: (x * x * y).sum())(x).sum()

    def inner_row(y):
        return func.jacrev(lambda x: x * y)(x).sum()

    def inner_adjoint(y):
        value, pull = func.vjp(lambda x: x * y, x)
        return pull(value)[0].sum() + value.sum()

    weight = lib.ones(2, dtype=lib.float64, requires_grad=True)
    return (
        [func.grad(each)(y) for each in (inner, inner_row, inner_adjoint)],
        func.hessian(inner_adjoint)(y),
        func.grad(lambda x: (x * weight).sum())(x).requires_grad,
        func.grad(lambda x: (x * weight.detach()).sum())(x).requires_grad,
        func.functional_call(linear(lib), {"unknown": x}, (lib.ones(1),)).shape,
    )


@program
def levels_of_both_modes_do_not_mix(lib):
    func, one, two = lib.func, lib.tensor(1.0), lib.tensor(2.0)

    def derivative(f, x):
        return func.jvp(f, (x,), (lib.ones_like(x),))[1]

    return (
        derivative(lambda x: x * derivative(lambda y: x + y, one), one),
        func.grad(lambda x: x * func.grad(lambda y: x + y)(one))(one),
        derivative(lambda x: x * func.grad(lambda y: x * y)(two), one),
        func.grad(lambda x: x * derivative(lambda y: x * y, two))(one),
    )


@program
def a_gradient_step_is_differentiated_twice(lib):
    func, (weight, x) = lib.func, rows(lib)

    def learned(w):
        return w - 0.1 * func.grad(lambda v: ((v * x) ** 2).sum())(w)

    return (
        func.grad(lambda w: (learned(learned(w)) ** 2).sum())(weight),
        func.hessian(lambda w: (learned(w) ** 3).sum())(weight),
    )


@pytest.mark.parametrize("name", list(PROGRAMS))
def test_a_transform_gives_what_torchs_gives(name):
    assert_agree(PROGRAMS[name])


def linear(lib):
    return lib.nn.Linear(1, 1)


REFUSED = {
    "a number": lambda lib: lib.func.grad(lambda x: x * 2)(3.0),
    "integers": lambda lib: lib.func.grad(lambda x: (x * 2).sum())(lib.tensor([1, 2])),
    "no tensor returned": lambda lib: lib.func.grad(lambda x: 3.0)(lib.ones(1)),
    "no number returned": lambda lib: lib.func.grad(lambda x: x)(lib.ones(2)),
    "no such argument": lambda lib: lib.func.grad(lambda x: x.sum(), argnums=2)(lib.ones(1)),
    "an argument twice": lambda lib: lib.func.grad(lambda x, y: x.sum(), argnums=(0, 0))(
        lib.ones(1), lib.ones(1)
    ),
    "no argument": lambda lib: lib.func.grad(lambda x: x.sum(), argnums=())(lib.ones(1)),
    "nothing beside": lambda lib: lib.func.grad(lambda x: x.sum(), has_aux=True)(lib.ones(1)),
    "primals in a list": lambda lib: lib.func.jvp(lib.sin, [lib.ones(1)], [lib.ones(1)]),
    "another number of tangents": lambda lib: lib.func.jvp(lib.sin, (lib.ones(1),), ()),
    "a tangent of another shape": lambda lib: lib.func.jvp(lib.sin, (lib.ones(1),), (lib.ones(2),)),
    "an adjoint of another structure": lambda lib: lib.func.vjp(lib.sin, lib.ones(1))[1](
        (lib.ones(1),)
    ),
    "an adjoint of another shape": lambda lib: lib.func.vjp(lib.sin, lib.ones(1))[1](lib.ones(2)),
    "a parameter twice": lambda lib: lib.func.functional_call(
        linear(lib), [{"bias": lib.ones(1)}, {"bias": lib.ones(1)}], lib.ones(1)
    ),
    "parameters missing": lambda lib: lib.func.functional_call(
        linear(lib), {"bias": lib.ones(1)}, lib.ones(1), strict=True
    ),
}


@pytest.mark.parametrize("what", list(REFUSED))
def test_what_torch_refuses_is_refused(what):
    assert_agree(REFUSED[what])


def test_a_parameter_that_the_module_lacks_is_named():
    import dltk

    with pytest.raises(RuntimeError, match=r"Unexpected key.*'biass'"):
        dltk.func.functional_call(linear(dltk), {"biass": dltk.ones(1)}, dltk.ones(1), strict=True)


@pytest.mark.parametrize("name", ["vmap", "linearize"])
def test_a_transform_out_of_scope_says_so(name):
    import dltk

    with pytest.raises(NotImplementedError, match=f"dltk.func.{name} is not in dltk's scope"):
        getattr(dltk.func, name)
