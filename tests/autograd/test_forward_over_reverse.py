"""Derivatives of derivatives agree with torch in every nesting of the two modes."""

import functools

import numpy as np
import pytest

dltk = pytest.importorskip("dltk")
torch = pytest.importorskip("torch", reason="torch is not installed: it is compared with")

POINT = [0.3, 0.7, 1.1]
UNARY = ["exp", "log", "sin", "cos", "tanh", "sqrt", "relu", "abs", "sigmoid", "reciprocal"]


def programs():
    table = {name: lambda lib, x, name=name: getattr(lib, name)(x * x).sum() for name in UNARY}
    return table | {
        "products": lambda lib, x: (x[0] * x[1]).sin() * x[2].exp() + x[0] ** 3,
        "quotient": lambda lib, x: x[0] / x[1] - x[2] / (x[0] + 1),
        "power": lambda lib, x: x[0] ** x[1] + x[2] ** 2.5,
        "maximum": lambda lib, x: lib.maximum(x[0] ** 2, x[1] ** 3) * x[2],
        "largest": lambda lib, x: (x * x).amax() * x.sum(),
        "matrix": lambda lib, x: ((x.reshape(3, 1) @ x.reshape(1, 3)).tanh() @ x).sum(),
        "mean and joined": lambda lib, x: lib.cat([x.exp(), x * x]).mean() * x[1],
        "in place": lambda lib, x: (x * 2).mul_(x).exp_().sum(),
    }


def nestings(lib):
    func = lib.func
    return {
        "forward over reverse": lambda f: func.jacfwd(func.grad(f)),
        "reverse over forward": lambda f: func.jacrev(func.jacfwd(f)),
        "reverse over reverse": lambda f: func.jacrev(func.grad(f)),
        "forward over forward": lambda f: func.jacfwd(func.jacfwd(f)),
        "hessian": func.hessian,
    }


@functools.cache
def torch_hessian(name):
    y = torch.tensor(POINT, dtype=torch.float64)
    return torch.func.hessian(lambda x: programs()[name](torch, x))(y).numpy()


@pytest.mark.parametrize("nesting", list(nestings(torch)))
@pytest.mark.parametrize("name", list(programs()))
def test_second_derivatives_agree_in_every_nesting(name, nesting):
    program = programs()[name]
    x = dltk.tensor(POINT, dtype=dltk.float64)
    ours = nestings(dltk)[nesting](lambda x: program(dltk, x))(x)
    np.testing.assert_allclose(np.array(ours.tolist()), torch_hessian(name), rtol=1e-9, atol=1e-12)


def test_transforms_of_plain_tensors_leave_no_history():
    x = dltk.tensor(POINT, dtype=dltk.float64)
    f = programs()["products"]
    for transform in nestings(dltk).values():
        assert not transform(lambda x: f(dltk, x))(x).requires_grad


def test_a_hessian_vector_product_is_one_forward_pass_over_the_gradient():
    program = programs()["products"]
    calls = []

    def counted(x):
        calls.append(x)
        return program(dltk, x)

    x = dltk.tensor(POINT, dtype=dltk.float64)
    direction = dltk.tensor([1.0, -2.0, 0.5], dtype=dltk.float64)
    _, product = dltk.func.jvp(dltk.func.grad(counted), (x,), (direction,))
    assert len(calls) == 1
    expected = torch_hessian("products") @ [1.0, -2.0, 0.5]
    np.testing.assert_allclose(np.array(product.tolist()), expected, rtol=1e-10)
