"""`gradcheck` and `gradgradcheck` with all of torch's arguments."""

import pytest
from described import assert_agree, registry, row

PROGRAMS, program = registry()


@program
def all_arguments(lib):
    x = row(lib, 1.0, 2.0)
    return lib.autograd.gradcheck(
        lambda x: (x * x).sin(),
        (x,),
        check_forward_ad=True,
        check_batched_grad=False,
        fast_mode=False,
        nondet_tol=0.0,
        check_undefined_grad=True,
        check_backward_ad=True,
        masked=False,
    ), lib.autograd.gradgradcheck(
        lambda x: x**3,
        (x,),
        nondet_tol=0.0,
        check_fwd_over_rev=True,
        check_rev_over_rev=True,
        gen_non_contig_grad_outputs=True,
    )


@program
def fast_mode(lib):
    return lib.autograd.gradcheck(lambda x: (x * x).sin(), (row(lib, 1.0, 2.0),), fast_mode=True)


@program
def a_wrong_backward(lib):
    class F(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, g):
            return g * 3

    return lib.autograd.gradcheck(
        F.apply, (row(lib, 1.0, 2.0),), raise_exception=False
    ), lib.autograd.gradcheck(F.apply, (row(lib, 1.0, 2.0),))


@program
def single_precision(lib):
    return lib.autograd.gradcheck(lambda x: x * x, (lib.ones(2, requires_grad=True),))


@program
def single_precision_and_larger_steps(lib):
    return lib.autograd.gradcheck(
        lambda x: x * x, (lib.ones(2, requires_grad=True),), eps=1e-3, atol=1e-2
    )


@program
def nothing_to_check(lib):
    return lib.autograd.gradcheck(lambda x: x * x, (lib.ones(2),))


@program
def undefined_gradients(lib):
    class F(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.set_materialize_grads(False)
            return x * 2, x * 3

        @staticmethod
        def backward(ctx, a, b):
            return a * 2 + b * 3

    return lib.autograd.gradcheck(F.apply, (row(lib, 1.0, 2.0),))


@program
def a_backward_that_does_not_repeat(lib):

    class F(lib.autograd.Function):
        n = 0

        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, g):
            F.n += 1
            return g * 2 + 1e-7 * F.n

    return lib.autograd.gradcheck(F.apply, (row(lib, 1.0, 2.0),))


@program
def an_output_without_gradient(lib):
    return lib.autograd.gradcheck(lambda x: x.detach(), (row(lib, 1.0, 2.0),))


@pytest.mark.parametrize("name", list(PROGRAMS))
def test_a_check_does_what_torchs_does(name):
    assert_agree(PROGRAMS[name])
