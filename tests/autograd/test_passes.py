"""`backward`, `grad` and hooks: arguments, results and classes of error."""

import pytest
from described import assert_agree, registry, row

import dltk

PROGRAMS, program = registry()


@program
def backward_by_position(lib):
    x = row(lib, 1.0, 2.0)
    y = (x * x).sum()
    lib.autograd.backward(y, None, None, False, None, [x])
    return x.grad


@program
def grad_by_position(lib):
    x = row(lib, 1.0, 2.0)
    w = row(lib, 1.0)
    y = (x * x).sum()
    return lib.autograd.grad(y, [x, w], None, None, False, True, True)


@program
def only_inputs_is_ignored(lib):
    x = row(lib, 1.0, 2.0)
    return lib.autograd.grad((x * x).sum(), x, only_inputs=False)


@program
def backward_twice(lib):
    x = row(lib, 1.0, 2.0)
    y = (x * x).sum()
    y.backward()
    y.backward()


@program
def backward_from_several_numbers(lib):
    (row(lib, 1.0, 2.0) * 2).backward()


@program
def backward_from_a_constant(lib):
    lib.ones(2).sum().backward()


@program
def a_seed_of_another_shape(lib):
    (row(lib, 1.0, 2.0) * 2).backward(lib.ones(3, dtype=lib.float64))


@program
def backward_to_no_inputs(lib):
    (row(lib, 1.0, 2.0) * 2).sum().backward(inputs=[])


@program
def backward_to_an_inner_tensor(lib):
    x = row(lib, 1.0, 2.0)
    z = x * 2
    (z * z).sum().backward(inputs=[z])
    return x.grad, z.grad


@program
def a_seed_that_is_a_list(lib):
    (row(lib, 1.0, 2.0) * 2).backward([1, 2])


@program
def grad_of_a_constant(lib):
    x = row(lib, 1.0)
    return lib.autograd.grad(x.sum(), lib.ones(1))


@program
def grad_of_what_was_not_used(lib):
    return lib.autograd.grad(row(lib, 1.0).sum(), row(lib, 2.0))


@program
def grad_is_materialized(lib):
    return lib.autograd.grad(row(lib, 1.0).sum(), row(lib, 2.0), materialize_grads=True)


@program
def hooks_before_and_after_accumulation(lib):
    out = []
    x = row(lib, 1.0, 2.0)
    h = x.register_hook(lambda g: g * 2)
    x.register_hook(lambda g: out.append(g.tolist()))
    x.register_post_accumulate_grad_hook(lambda t: out.append(("post", t.grad.tolist())))
    (x * x).sum().backward()
    h.remove()
    (x * 3).sum().backward()
    return out, x.grad


@program
def a_hook_on_a_constant(lib):
    lib.ones(2).register_hook(lambda g: g)


@program
def a_late_hook_on_an_inner_tensor(lib):
    (row(lib, 1.0) * 1).register_post_accumulate_grad_hook(lambda g: g)


@program
def a_hook_changes_the_shape(lib):
    x = row(lib, 1.0, 2.0)
    y = x * 1
    y.register_hook(lambda g: lib.ones(3, dtype=lib.float64))
    y.sum().backward()
    return x.grad


@program
def a_hook_returns_a_number(lib):
    x = row(lib, 1.0, 2.0)
    y = x * 1
    y.register_hook(lambda g: 3)
    y.sum().backward()
    return x.grad


@program
def gradients_are_retained_after_hooks(lib):
    x = row(lib, 1.0, 2.0)
    y = x * 2
    y.retain_grad()
    y.register_hook(lambda g: g * 3)
    y.sum().backward()
    return y.grad, x.grad, y.retains_grad


@program
def gradients_are_retained_of_what_the_tensor_is_after_a_write(lib):
    x = row(lib, 1.0, 2.0)
    y = x * 2
    y.retain_grad()
    y.mul_(3)
    whole = x * 1
    whole.retain_grad()
    whole[:1].mul_(3)
    (y + whole).sum().backward()
    return y.grad, whole.grad, x.grad, y.retains_grad


@program
def a_hook_changes_the_dtype(lib):
    x = row(lib, 1.0, 2.0)
    x.register_hook(lambda g: g.to(lib.float16))
    x.sum().backward()


@program
def grad_to_no_inputs(lib):
    return lib.autograd.grad(row(lib, 1.0).sum(), [])


@program
def a_mode_that_is_text(lib):
    return lib.set_grad_enabled("no")


@pytest.mark.parametrize("name", list(PROGRAMS))
def test_a_pass_does_what_torchs_does(name):
    assert_agree(PROGRAMS[name])


def test_batched_gradients_are_out_of_scope_and_say_so():
    x = row(dltk, 1.0, 2.0)
    with pytest.raises(NotImplementedError, match="is_grads_batched"):
        dltk.autograd.grad(x * x, x, dltk.eye(2), is_grads_batched=True)
