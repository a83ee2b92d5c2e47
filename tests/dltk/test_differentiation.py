"""What holds of both modes: tables, what is saved, levels, depth, second derivatives."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from comparing import array, assert_same, both, leaves

import dltk
from dltk.autograd import given_jvps, given_vjps, jvp_rules, vjp_rules
from dltk.autograd.array_jvps import ARRAY_JVPS
from dltk.autograd.array_vjps import ARRAY_VJPS
from dltk.autograd.elementwise import ELEMENTWISE
from dltk.autograd.matrix_jvps import MATRIX_JVPS
from dltk.autograd.matrix_vjps import MATRIX_VJPS
from dltk.core.primitive import REGISTRY

ROOT = Path(__file__).resolve().parents[2]


def _rule_names(module):
    operand = tuple("_" + each for each in ("x", "y"))
    return {name for name in vars(module) if name.endswith(operand) and not name.startswith("_")}


def test_both_modes_have_rules_for_the_same_operations():
    assert set(given_vjps.VJPS) == set(given_jvps.JVPS)
    assert _rule_names(vjp_rules) == _rule_names(jvp_rules)


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_a_primitive_has_one_rule_an_operand_in_both_modes(name):
    primitive = REGISTRY[name]
    assert len(primitive.vjps) == len(primitive.jvps) == len(primitive.operands)


def test_every_rule_is_used():
    used = {rule.function for each in REGISTRY.values() for rule in (*each.vjps, *each.jvps)}
    written = {
        getattr(module, name) for module in (vjp_rules, jvp_rules) for name in _rule_names(module)
    }
    given = {
        rule
        for table in (
            given_vjps.VJPS,
            given_jvps.JVPS,
            ARRAY_VJPS,
            ARRAY_JVPS,
            MATRIX_VJPS,
            MATRIX_JVPS,
            ELEMENTWISE,
        )
        for rules in table.values()
        for rule in rules
    }
    assert written | given <= used


def test_a_node_saves_what_its_rules_name_and_nothing_else():
    x, c = dltk.ones(3, requires_grad=True), dltk.ones(3)
    assert set((x * c).grad_fn.plan.saved) == {"y"}
    assert set((x * x).grad_fn.plan.saved) == {"x", "y"}
    assert set(x.exp().grad_fn.plan.saved) == {"z"}
    assert set((x + x).grad_fn.plan.saved) == set()
    assert set(x.sum().grad_fn.plan.saved) == set()


def test_a_plain_backward_pass_frees_what_was_saved():
    x = dltk.ones(3, requires_grad=True)
    y = (x * x).sum()
    product = y.grad_fn.next_functions[0][0]
    y.backward()
    assert not product.saved
    with pytest.raises(RuntimeError, match="second time"):
        y.backward()


def test_levels_of_forward_mode_do_not_mix():
    def inner(x):
        return dltk.func.jvp(lambda y: x + y, (dltk.tensor(1.0),), (dltk.tensor(1.0),))[1]

    one = dltk.tensor(1.0)
    assert dltk.func.jvp(lambda x: x * inner(x), (one,), (one,))[1].item() == 1.0


@pytest.mark.parametrize("outer", ["jacfwd", "jacrev"])
@pytest.mark.parametrize("inner", ["jacfwd", "jacrev"])
def test_second_derivatives_agree_however_they_are_nested(outer, inner):
    def run(lib):
        def f(v):
            return lib.log(v[0]) + v[0] * v[1] - lib.sin(v[1])

        point = lib.tensor([2.0, 5.0], dtype=lib.float64)
        return array(getattr(lib.func, outer)(getattr(lib.func, inner)(f))(point))

    want, got = both(run)
    assert_same(got, want, rtol=1e-9)
    assert np.allclose(got, [[-0.25, 1], [1, np.sin(5)]])


def test_a_convolution_built_from_windows_is_twice_differentiable():
    image = np.random.RandomState(0).normal(size=(6, 6))
    kernel = np.random.RandomState(1).normal(size=(3, 3))

    def run(lib):
        x, w = leaves(lib, (image, kernel))
        windows = x.as_strided((4, 4, 3, 3), (6, 1, 6, 1)).reshape(16, 9)
        y = lib.tanh(windows @ w.reshape(9, 1)).sum()
        of_x, of_w = lib.autograd.grad(y, (x, w), create_graph=True)
        penalty = (of_x * of_x).sum() + (of_w**3).sum()
        return [array(each) for each in lib.autograd.grad(penalty, (x, w))]

    want, got = both(run)
    assert_same(got, want, rtol=1e-7)


def test_a_chain_of_100_000_operations_goes_forward_and_backward():
    x = dltk.tensor(1.0, dtype=dltk.float64, requires_grad=True)
    y = x
    for _ in range(50_000):
        y = y * 0.99999 + 0.5
    y.backward()
    assert np.isclose(x.grad.item(), 0.99999**50_000)


def test_hooks_see_gradients_in_torchs_order():
    def run(lib):
        seen = []
        x = lib.tensor([1.0, 2.0], requires_grad=True)
        a, b = x * 2, x * 3
        c = a * b
        for name, each in {"c": c, "b": b, "a": a, "x": x}.items():
            each.register_hook(lambda g, name=name: seen.append((name, g.tolist())))
        a.register_hook(lambda g: g * 10)
        a.retain_grad()
        c.sum().backward()
        return array(x.grad), array(a.grad), str(seen)

    want, got = both(run)
    assert_same(got, want, rtol=1e-9)


def test_gradients_of_operands_keep_their_dtype():
    def run(lib):
        x = lib.ones(2, dtype=lib.float32, requires_grad=True)
        y = lib.ones(2, dtype=lib.float64, requires_grad=True)
        (x * y).sum().backward()
        return array(x.grad), array(y.grad)

    want, got = both(run)
    assert_same(got, want, rtol=1e-5)


def test_inputs_that_do_not_matter_are_refused_or_none():
    x, unused = dltk.ones(2, requires_grad=True), dltk.ones(2, requires_grad=True)
    with pytest.raises(RuntimeError, match="allow_unused"):
        dltk.autograd.grad(x.sum(), unused)
    assert dltk.autograd.grad(x.sum(), unused, allow_unused=True) == (None,)


def test_importing_dltk_imports_neither_torch_nor_the_grader():
    code = (
        "import dltk, sys; print(sorted({'torch', 'autograder', 'matplotlib'} & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
