"""A Function with a `jvp` goes through forward mode as under torch, alone and with the graph."""

import pytest
from comparing import LIBRARIES, array, assert_same, both, nearest_builtin

import dltk


def _scaled_product(lib, jvp):
    """x y n with a derivative of one's own in both modes."""

    def forward(ctx, x, y, n):
        ctx.save_for_backward(x, y)
        ctx.save_for_forward(x, y)
        ctx.n = n
        return x * y * n, x > 0

    def backward(ctx, gradient, _):
        x, y = ctx.saved_tensors
        return gradient * y * ctx.n, gradient * x * ctx.n, None

    methods = {"forward": forward, "backward": backward, "jvp": jvp}
    named = {name: staticmethod(each) for name, each in methods.items() if each}
    return type("ScaledProduct", (lib.autograd.Function,), named)


def _product_rule(ctx, dx, dy, dn):
    x, y = ctx.saved_tensors
    assert dn is None
    return (dx * y + x * dy) * ctx.n, None


def _points(lib, requires_grad=False):
    x = lib.tensor([0.5, -2.0, 3.0], dtype=lib.float64, requires_grad=requires_grad)
    return x, lib.cos(x.detach()), lib.sin(x.detach())


@pytest.mark.parametrize("both_have_one", [True, False])
def test_tangents_go_through_jvp(both_have_one):
    def run(lib):
        x, y, tangent = _points(lib)
        forward_ad = lib.autograd.forward_ad
        with forward_ad.dual_level():
            first = forward_ad.make_dual(x, tangent)
            second = forward_ad.make_dual(y, x) if both_have_one else y
            product, positive = _scaled_product(lib, _product_rule).apply(first, second, 3)
            after = forward_ad.unpack_dual(product.exp())
            inside = forward_ad.unpack_dual(product)
            assert forward_ad.unpack_dual(positive).tangent is None
        return [array(each) for each in (*after, *inside, positive)]

    assert_same(*reversed(both(run)), 1e-12)


def test_the_tangent_is_differentiated_backwards():
    def run(lib):
        x, y, tangent = _points(lib, requires_grad=True)
        forward_ad = lib.autograd.forward_ad
        with forward_ad.dual_level():
            dual = forward_ad.make_dual(x, tangent)
            product, _ = _scaled_product(lib, _product_rule).apply(dual, y * 1, 2)
            value, along = forward_ad.unpack_dual(product)
        (by_value,) = lib.autograd.grad(value.sum(), x, retain_graph=True)
        return [array(along), array(by_value)]

    assert_same(*reversed(both(run)), 1e-12)


@pytest.mark.parametrize(
    "jvp",
    [
        None,
        lambda ctx, dx, dy, dn: dx,
        lambda ctx, dx, dy, dn: (dx[:2], None),
        lambda ctx, dx, dy, dn: ctx.missing,
    ],
    ids=["none", "one of two", "another shape", "its own error"],
)
def test_a_wrong_jvp_is_refused_as_by_torch(jvp):
    errors = []
    for lib in LIBRARIES.values():
        x, y, tangent = _points(lib)
        with lib.autograd.forward_ad.dual_level():
            dual = lib.autograd.forward_ad.make_dual(x, tangent)
            with pytest.raises((RuntimeError, AttributeError)) as caught:
                _scaled_product(lib, jvp).apply(dual, y, 1)
        errors.append(nearest_builtin(caught.value))
    assert errors[0] == errors[1]


def test_only_what_was_kept_for_it_is_seen_by_jvp():
    def run(lib):
        def jvp(ctx, dx):
            return dx * len(ctx.saved_tensors)

        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * 2

        named = {"forward": staticmethod(forward), "jvp": staticmethod(jvp)}
        doubled = type("Doubled", (lib.autograd.Function,), named)
        with lib.autograd.forward_ad.dual_level():
            x = lib.autograd.forward_ad.make_dual(lib.ones(2), lib.ones(2))
            return array(lib.autograd.forward_ad.unpack_dual(doubled.apply(x)).tangent)

    assert_same(*reversed(both(run)), 0)


@pytest.mark.parametrize("reduction", ["mean", "none"])
def test_binary_cross_entropy_has_a_tangent(reduction):
    def run(lib):
        p = lib.tensor([0.1, 0.6, 0.9], dtype=lib.float64)
        y = lib.tensor([0.0, 1.0, 1.0], dtype=lib.float64)
        loss = lib.nn.functional.binary_cross_entropy
        pair = lib.func.jvp(lambda x: loss(x, y, reduction=reduction), (p,), (lib.cos(p),))
        return [array(each) for each in pair]

    assert_same(*reversed(both(run)), 1e-12)


def test_what_would_be_wrong_says_that_it_is_out_of_scope():
    product = _scaled_product(dltk, _product_rule)
    x, y, _ = _points(dltk)

    def inner(value):
        return dltk.func.jvp(lambda v: product.apply(v, y, 1)[0], (value,), (y,))[1]

    with pytest.raises(NotImplementedError, match=r"ScaledProduct.*several levels"):
        dltk.func.jvp(inner, (x,), (y,))

    class Doubled(dltk.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.mark_dirty(x)
            return x.mul_(2)

        @staticmethod
        def jvp(ctx, dx):
            return dx * 2

    with pytest.raises(NotImplementedError, match="writes to an input"):
        dltk.func.jvp(Doubled.apply, (x.clone(),), (y,))
