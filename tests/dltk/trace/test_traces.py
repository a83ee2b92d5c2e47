"""Traces have the numbers of the course, in both modes, whichever framework computes them."""

import numpy as np
import pytest

dltk = pytest.importorskip("dltk")
torch = pytest.importorskip("torch", reason="torch is not installed: traces are compared with it")

from autograder.oracle import traces  # noqa: E402

FORWARD = {
    "v-1": ("x1", 2.0, 1.0, 0.0),
    "v0": ("x2", 5.0, 0.0, 1.0),
    "v1": ("ln v-1", 0.693147, 0.5, 0.0),
    "v2": ("v-1 * v0", 10.0, 5.0, 2.0),
    "v3": ("sin v0", -0.958924, 0.0, 0.283662),
    "v4": ("v1 + v2", 10.693147, 5.5, 2.0),
    "v5": ("v4 - v3", 11.652071, 5.5, 1.716338),
}
ADJOINTS = {"v-1": 5.5, "v0": 1.716338, "v1": 1.0, "v2": 1.0, "v3": -1.0, "v4": 1.0, "v5": 1.0}


class Framework:
    """One of the two, with its traces."""

    def __init__(self, lib, forward_trace, reverse_trace):
        self.lib = lib
        self.forward_trace = forward_trace
        self.reverse_trace = reverse_trace

    def f(self, x1, x2):
        a = self.lib.log(x1)
        b = x1 * x2
        c = self.lib.sin(x2)
        return a + b - c


@pytest.fixture(params=["dltk", "torch"])
def framework(request):
    if request.param == "dltk":
        return Framework(dltk, dltk.trace.forward_trace, dltk.trace.reverse_trace)
    return Framework(torch, traces.forward_trace, traces.reverse_trace)


@pytest.mark.parametrize("direction", [0, 1])
def test_the_forward_trace_has_the_numbers_of_the_course(framework, direction):
    seed = [(1.0, 0.0), (0.0, 1.0)][direction]
    trace = framework.forward_trace(framework.f, (2.0, 5.0), seed)
    assert [row.name for row in trace] == list(FORWARD)
    for row in trace:
        expression, value, *tangents = FORWARD[row.name]
        assert row.expression == expression
        assert row.value == pytest.approx(value, abs=5e-7)
        assert row.tangent == pytest.approx(tangents[direction], abs=5e-7)


def test_the_reverse_trace_has_the_numbers_of_the_course_in_execution_order(framework):
    trace = framework.reverse_trace(framework.f, (2.0, 5.0))
    assert {name: float(value) for name, value in trace.adjoints.items()} == pytest.approx(
        ADJOINTS, abs=5e-7
    )
    steps = [(step.name, step.source) for step in trace.steps]
    assert steps[:3] == [("v5", ""), ("v4", "v5"), ("v3", "v5")]
    shares = {(step.name, step.source): float(step.contribution) for step in trace.steps}
    assert shares[("v0", "v3")] == pytest.approx(-0.283662, abs=5e-7)
    assert shares[("v0", "v2")] == 2.0
    assert shares[("v-1", "v2")] == 5.0
    assert shares[("v-1", "v1")] == 0.5
    assert trace.steps[-1].name == "v-1"
    assert trace.steps[-1].adjoint == 5.5


def test_rules_stand_next_to_numbers(framework):
    forward = str(framework.forward_trace(framework.f, (2.0, 5.0), (1.0, 0.0)))
    assert "dv2 = dv-1 * v0 + dv0 * v-1  1 * 5 + 0 * 2" in forward
    reverse = str(framework.reverse_trace(framework.f, (2.0, 5.0)))
    assert "bar v0 = bar v3 * cos v0" in reverse
    assert "bar v-1 += bar v1 / v-1" in reverse


def programs(lib):
    return {
        "square by itself": (lambda x: x * x, (3.0,)),
        "everything": (lambda x: (x * x + 3 - 2 * x).tanh() / x**2 - (-x).exp().sqrt(), (1.5,)),
        "constant on the left": (lambda x: 2 - 3 / x, (4.0,)),
        "vectors": (lambda x, y: (x * y).sum() + (x - y).mean(), ([1.0, 2.0], [0.5, -1.0])),
        "matrices": (lambda w, x: (w @ x).relu().sum(), ([[1.0, -3.0], [2.0, 2.0]], [1.0, 2.0])),
        "joined": (lambda x: lib.cat([x, x * 2]).sum(), ([1.0, 2.0],)),
        "reshaped": (lambda x: x.reshape(2, 2).t().exp().sum(), ([0.1, 0.2, 0.3, 0.4],)),
    }


@pytest.mark.parametrize("name", list(programs(None)))
def test_results_of_traces_are_those_of_torch(framework, name):
    function, primals = programs(framework.lib)[name]
    reference, _ = programs(torch)[name]
    points = tuple(torch.tensor(each, dtype=torch.float64) for each in primals)
    seeds = tuple(torch.ones_like(each) for each in points)
    value, tangent = torch.func.jvp(reference, points, seeds)
    ones = [np.ones_like(np.array(each)).tolist() for each in primals]
    trace = framework.forward_trace(function, primals, ones)
    np.testing.assert_allclose(trace.value, value.numpy(), rtol=1e-12)
    np.testing.assert_allclose(trace.tangent, tangent.numpy(), rtol=1e-12)
    leaves = [each.clone().requires_grad_() for each in points]
    gradients = torch.autograd.grad(reference(*leaves), leaves)
    adjoints = framework.reverse_trace(function, primals).adjoints
    for position, gradient in enumerate(gradients):
        got = adjoints[f"v{position + 1 - len(primals)}"]
        np.testing.assert_allclose(got, gradient.numpy(), rtol=1e-12)


@pytest.mark.parametrize("a", [2.0, 100.0])
def test_a_loop_is_traced_as_often_as_it_ran(framework, a):
    def root(a):
        x = a
        while abs(x.item() ** 2 - a.item()) > 1e-9:
            x = (x + a / x) * 0.5
        return x

    trace = framework.forward_trace(root, (a,), (1.0,))
    assert trace.value == pytest.approx(a**0.5)
    assert trace.tangent == pytest.approx(0.5 / a**0.5)
    assert len(trace) == 1 + 3 * {2.0: 4, 100.0: 8}[a]
    names = [row.name for row in trace]
    assert names == [f"v{i}" for i in range(len(trace))]


def test_a_row_keeps_its_numbers_when_the_tensor_changes_later(framework):
    def changing(x):
        y = x * 2
        y.add_(1)
        return y * 3

    trace = framework.forward_trace(changing, (5.0,), (1.0,))
    assert [float(row.value) for row in trace] == [5.0, 10.0, 11.0, 33.0]
    assert [float(row.tangent) for row in trace] == [1.0, 2.0, 2.0, 6.0]


def test_a_trace_without_tangents_has_values_only(framework):
    trace = framework.forward_trace(framework.f, (2.0, 5.0))
    assert trace.tangent is None
    assert trace.table().headers == ["node", "expression", "value"]
    assert trace["v5"].value == pytest.approx(11.6520714552)
    with pytest.raises(KeyError, match="v9"):
        trace["v9"]


def test_tracing_leaves_the_inputs_alone(framework):
    lib = framework.lib
    x = lib.tensor(2.0, dtype=lib.float64, requires_grad=True)
    y = lib.tensor(5.0, dtype=lib.float64)
    framework.reverse_trace(framework.f, (x, y))
    framework.forward_trace(framework.f, (x, y), (1.0, 0.0))
    assert x.grad is None
    assert x.is_leaf
    assert not y.requires_grad


def test_hooks_are_gone_after_a_reverse_trace(framework):
    before = framework.reverse_trace(framework.f, (2.0, 5.0))
    again = framework.reverse_trace(framework.f, (2.0, 5.0))
    assert len(before.steps) == len(again.steps) == 9


def test_a_cotangent_scales_every_adjoint(framework):
    adjoints = framework.reverse_trace(framework.f, (2.0, 5.0), 3.0).adjoints
    assert adjoints["v-1"] == pytest.approx(16.5)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda t: t.forward_trace(t.f, (2.0, 5.0), (1.0,)), "2 primals need 2 tangents, got 1"),
        (lambda t: t.forward_trace(t.f, (2.0, 5.0), names=["a"]), "2 inputs need 2 names, got 1"),
    ],
)
def test_impossible_traces_are_refused_in_a_sentence(framework, call, says):
    with pytest.raises(ValueError, match=says):
        call(framework)


def test_a_function_that_returns_no_tensor_is_refused(framework):
    with pytest.raises(TypeError, match="returns one tensor, got float"):
        framework.forward_trace(lambda x: x.item(), (2.0,), (1.0,))


def test_the_module_can_be_called_like_torch_trace():
    matrix = [[1.0, 2.0], [3.0, 4.0]]
    assert dltk.trace(dltk.tensor(matrix)).item() == torch.trace(torch.tensor(matrix)).item()
