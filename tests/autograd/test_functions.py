"""Functions of one's own: what torch does with what they return, keep and write to."""

import pytest
from described import assert_agree, registry, row

PROGRAMS, program = registry()


@program
def tangents_go_through_jvp(lib):
    class F(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x, k):
            ctx.save_for_forward(x)
            ctx.k = k
            ctx.save_for_backward(x)
            return x**2 * k

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            return g * 2 * x * ctx.k, None

        @staticmethod
        def jvp(ctx, tx, tk):
            (x,) = ctx.saved_tensors
            return 2 * x * tx * ctx.k

    fwad = lib.autograd.forward_ad
    with fwad.dual_level():
        d = fwad.make_dual(row(lib, 1.0, 2.0), row(lib, 1.0, 3.0, requires_grad=False))
        y = F.apply(d, 3.0)
        return fwad.unpack_dual(y).tangent, F.apply(row(lib, 1.0, 2.0), 3.0)


@program
def the_context_is_set_up_apart(lib):
    class F(lib.autograd.Function):
        @staticmethod
        def forward(x, k):
            return x * k, x.sum()

        @staticmethod
        def setup_context(ctx, inputs, output):
            x, k = inputs
            ctx.k = k
            ctx.save_for_backward(x)
            ctx.mark_non_differentiable(output[1])

        @staticmethod
        def backward(ctx, g, g2):
            return g * ctx.k, None

    x = row(lib, 1.0, 2.0)
    y, s = F.apply(x, 2.0)
    y.sum().backward()
    return y, s, x.grad


@program
def once_differentiable_gives_the_gradient(lib):
    class F(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        @lib.autograd.function.once_differentiable
        def backward(ctx, g):
            return g * 2

    x = row(lib, 1.0, 2.0)
    y = F.apply(x)
    (g,) = lib.autograd.grad(y.sum(), x, create_graph=True)
    return (
        g,
        g.grad_fn is None,
    )


@program
def once_differentiable_refuses_the_second(lib):
    class F(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        @lib.autograd.function.once_differentiable
        def backward(ctx, g):
            return g * 2

    x = row(lib, 1.0, 2.0)
    y = (F.apply(x) * x).sum()
    (g,) = lib.autograd.grad(y, x, create_graph=True)
    g.sum().backward()
    return x.grad


@program
def an_input_is_written_to(lib):
    class F(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            x.mul_(2)
            ctx.mark_dirty(x)
            return x

        @staticmethod
        def backward(ctx, g):
            return g * 2

    x = row(lib, 1.0, 2.0)
    z = x * 1
    y = F.apply(z)
    y.sum().backward()
    return y is z, x.grad, z.grad_fn.name(), z._version


@program
def a_leaf_is_written_to(lib):
    class F(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            x.mul_(2)
            ctx.mark_dirty(x)
            return x

        @staticmethod
        def backward(ctx, g):
            return g * 2

    return F.apply(row(lib, 1.0))


@program
def a_view_is_written_to(lib):
    class F(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            x.mul_(2)
            ctx.mark_dirty(x)
            return x

        @staticmethod
        def backward(ctx, g):
            return g * 2

    x = row(lib, 1.0, 2.0, 3.0)
    b = x * 1
    v = b[:2]
    F.apply(v)
    b.sum().backward()
    return b.detach(), x.grad


@program
def gradients_are_not_materialized(lib):
    class F(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.set_materialize_grads(False)
            return x * 1, x * 2

        @staticmethod
        def backward(ctx, a, b):
            return a if b is None else b

    x = row(lib, 1.0, 2.0)
    F.apply(x)[0].sum().backward()
    return x.grad


@program
def the_input_is_returned(lib):
    class F(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x

        @staticmethod
        def backward(ctx, g):
            return g * 5

    x = row(lib, 1.0, 2.0)
    y = F.apply(x)
    y.sum().backward()
    return y is x, x.grad, y


@program
def too_few_gradients(lib):
    class F(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x, y):
            return x * y

        @staticmethod
        def backward(ctx, g):
            return g

    F.apply(row(lib, 1.0), row(lib, 2.0)).sum().backward()


@program
def a_gradient_of_another_shape(lib):
    class F(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 1

        @staticmethod
        def backward(ctx, g):
            return lib.ones(3, dtype=lib.float64)

    F.apply(row(lib, 1.0, 2.0)).sum().backward()


@program
def a_gradient_of_another_dtype(lib):
    class F(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 1

        @staticmethod
        def backward(ctx, g):
            return lib.ones(2)

    x = row(lib, 1.0, 2.0)
    F.apply(x).sum().backward()
    return x.grad


@program
def a_gradient_that_is_a_number(lib):
    class F(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 1

        @staticmethod
        def backward(ctx, g):
            return 3.0

    F.apply(row(lib, 1.0, 2.0)).sum().backward()


@program
def there_is_no_backward(lib):
    class F(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 1

    F.apply(row(lib, 1.0, 2.0)).sum().backward()


@program
def there_is_no_forward(lib):
    class F(lib.autograd.Function):
        pass

    F.apply(row(lib, 1.0, 2.0))


@program
def an_object_is_called(lib):
    class F(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 1

    F()(row(lib, 1.0, 2.0))


@program
def a_number_is_saved(lib):
    class F(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(3)
            return x * 1

    F.apply(row(lib, 1.0, 2.0))


@program
def a_saved_tensor_is_written_to(lib):
    class F(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * 1

        @staticmethod
        def backward(ctx, g):
            _ = ctx.saved_tensors
            return g

    z = row(lib, 1.0) * 1
    y = F.apply(z)
    z.add_(1)
    y.sum().backward()


@program
def a_list_is_returned(lib):
    class F(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return [x * 1, x * 2]

        @staticmethod
        def backward(ctx, a, b):
            return a + b

    r = F.apply(row(lib, 1.0, 2.0))
    return type(r).__name__, [e.requires_grad for e in r]


@pytest.mark.parametrize("name", list(PROGRAMS))
def test_a_function_does_what_torchs_does(name):
    assert_agree(PROGRAMS[name])
