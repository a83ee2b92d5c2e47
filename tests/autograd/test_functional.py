"""`autograd.functional`: Jacobians, Hessians and their products with vectors."""

import pytest
from described import assert_agree, registry, row

PROGRAMS, program = registry()


@program
def jacobians(lib):
    functional = lib.autograd.functional
    x = row(lib, 1.0, 2.0, requires_grad=False)
    y = row(lib, 3.0, 4.0, requires_grad=False)
    return (
        functional.jacobian(lambda x: x**2, x),
        functional.jacobian(lambda x, y: x * y, (x, y)),
        functional.jacobian(lambda x: (x * 2, x.sum()), x),
        functional.jacobian(lambda x: x**2, x, create_graph=True),
        functional.jacobian(lambda x: x**2, x, strategy="forward-mode", vectorize=True),
    )


@program
def hessians_and_their_products(lib):
    functional = lib.autograd.functional
    x = row(lib, 1.0, 2.0, requires_grad=False)
    y = row(lib, 3.0, 4.0, requires_grad=False)
    return (
        functional.hessian(lambda x: (x**3).sum(), x),
        functional.hessian(lambda x, y: (x**2 * y).sum(), (x, y)),
        functional.hvp(lambda x: (x**3).sum(), x, y),
        functional.vhp(lambda x: (x**3).sum(), x, y),
        functional.hvp(lambda x, z: (x**3 * z).sum(), (x, y), (y, x)),
    )


@program
def products_with_jacobians(lib):
    functional = lib.autograd.functional
    x = row(lib, 1.0, 2.0, requires_grad=False)
    y = row(lib, 3.0, 4.0, requires_grad=False)
    return (
        functional.vjp(lambda x: x**2, x, y),
        functional.jvp(lambda x: x**2, x, y),
        functional.vjp(lambda x: (x**2).sum(), x),
        functional.jvp(lambda x: x**2, x, y, create_graph=True)[0],
        functional.vjp(lambda a, b: (a * b, a), (x, y), (x, y)),
        functional.jvp(lambda a, b: (a * b, a), (x, y), (x, y)),
    )


@program
def a_missing_vector(lib):
    return lib.autograd.functional.jvp(lambda x: x**2, row(lib, 1.0, 2.0))


@program
def strict_and_independent(lib):
    return lib.autograd.functional.jacobian(lambda x: lib.ones(2), row(lib, 1.0, 2.0), strict=True)


@program
def a_hessian_of_several_numbers(lib):
    return lib.autograd.functional.hessian(lambda x: x * 2, row(lib, 1.0, 2.0))


@program
def a_constant_output(lib):
    return lib.autograd.functional.jacobian(
        lambda x: lib.ones(2, dtype=lib.float64), row(lib, 1.0, 2.0)
    )


@program
def no_tensor_returned(lib):
    return lib.autograd.functional.jacobian(lambda x: 3, row(lib, 1.0, 2.0))


@program
def a_vector_of_another_shape(lib):
    return lib.autograd.functional.vjp(lambda x: x * 2, row(lib, 1.0, 2.0), row(lib, 1.0))


@pytest.mark.parametrize("name", list(PROGRAMS))
def test_a_product_does_what_torchs_does(name):
    assert_agree(PROGRAMS[name])
