"""Modes: what they switch, as contexts, decorators and functions."""

import pytest
from described import assert_agree, registry, row

import dltk

PROGRAMS, program = registry()


@program
def nan_is_found(lib):
    with lib.autograd.detect_anomaly():
        x = row(lib, 0.0)
        y = (x / x).sqrt() if False else lib.sqrt(x * 0) * 0
        y.sum().backward()


@program
def nan_is_found_by_the_setter(lib):
    with lib.autograd.set_detect_anomaly(True):
        x = row(lib, 0.0)
        y = lib.sqrt(x)
        (y * float("nan")).sum().backward()


@program
def nan_is_let_through(lib):
    with lib.autograd.detect_anomaly(check_nan=False):
        x = row(lib, 0.0)
        (lib.sqrt(x) * float("nan")).sum().backward()
    return x.grad, lib.is_anomaly_enabled(), lib.is_anomaly_check_nan_enabled()


@program
def anomaly_mode_is_switched(lib):
    lib.autograd.set_detect_anomaly(True)
    a = lib.is_anomaly_enabled()
    lib.autograd.set_detect_anomaly(False)
    return a, lib.is_anomaly_enabled()


@program
def modes_are_decorators(lib):
    lib.set_grad_enabled(False)
    a = lib.is_grad_enabled()
    lib.set_grad_enabled(True)

    @lib.no_grad()
    def f():
        return lib.is_grad_enabled()

    @lib.no_grad
    def g():
        return lib.is_grad_enabled()

    @lib.set_grad_enabled(False)
    def h():
        return lib.is_grad_enabled()

    @lib.inference_mode
    def k():
        return lib.is_inference_mode_enabled()

    @lib.inference_mode()
    def m():
        return lib.is_inference_mode_enabled()

    return a, f(), g(), h(), k(), m(), lib.is_grad_enabled()


@program
def a_generator_is_decorated(lib):
    @lib.no_grad()
    def g():
        yield lib.is_grad_enabled()
        yield lib.is_grad_enabled()

    r = []
    for v in g():
        r.append((v, lib.is_grad_enabled()))
    return r


@program
def a_class_is_decorated(lib):
    @lib.no_grad()
    class A:
        def __init__(self):
            self.m = lib.is_grad_enabled()

    return A().m


@program
def a_level_without_a_block(lib):
    f = lib.autograd.forward_ad
    f.enter_dual_level()
    d = f.make_dual(row(lib, 1.0, requires_grad=False), row(lib, 2.0, requires_grad=False))
    r = f.unpack_dual(d * d).tangent
    f.exit_dual_level()
    return r


@program
def a_variable_is_a_tensor(lib):
    return lib.autograd.Variable(lib.ones(2), requires_grad=True)


@program
def a_view_of_a_leaf_made_without_recording_is_written(lib):
    x = row(lib, 1.0, 2.0)
    with lib.no_grad():
        view = x[0]
    view.mul_(3)


@program
def a_view_older_than_the_leafs_requirement_is_written(lib):
    x = lib.ones(2, 2)
    view = x.view(4)
    x.requires_grad_()
    view.add_(1)


@pytest.mark.parametrize("name", list(PROGRAMS))
def test_a_mode_does_what_torchs_does(name):
    assert_agree(PROGRAMS[name])


def test_the_warning_of_an_anomaly_names_the_line_of_the_forward_pass():
    x = row(dltk, 0.0)
    with (
        pytest.warns(UserWarning, match="Error detected") as seen,
        pytest.raises(RuntimeError, match=r"Function 'SqrtBackward0' returned nan values in its 0"),
        dltk.autograd.detect_anomaly(),
    ):
        (x.sqrt() * 0).backward()
    said = [str(each.message) for each in seen]
    assert any("Error detected in SqrtBackward0" in each for each in said)
    assert any("(x.sqrt() * 0).backward()" in each for each in said)
    assert "dltk/core" not in "".join(said)


def test_nodes_are_made_as_before_once_anomaly_mode_is_off():
    with dltk.autograd.set_detect_anomaly(True):
        noted = (row(dltk, 1.0) * 2).grad_fn
    assert "traceback_" in noted.metadata
    assert "traceback_" not in (row(dltk, 1.0) * 2).grad_fn.metadata


@pytest.mark.parametrize("name", ["saved_tensors_hooks", "save_on_cpu"])
def test_hooks_of_saved_tensors_are_out_of_scope_and_say_so(name):
    with pytest.raises(NotImplementedError, match=f"{name} is not in dltk's scope"):
        getattr(dltk.autograd.graph, name)
