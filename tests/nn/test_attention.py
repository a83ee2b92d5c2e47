"""Attention: torch's values, weights, gradients, masks and errors."""

import warnings

import numpy as np
import pytest
import torch
from comparing import array, assert_same, both, outcome, seed_like

import dltk

INFINITY = float("inf")


def draw(lib, *shape, dtype="float64", shift=0.0):
    numbers = np.cos(1.0 + shift + np.arange(int(np.prod(shape)))).reshape(shape)
    return lib.tensor(numbers, dtype=getattr(lib, dtype), requires_grad=True)


def derivatives(lib, outputs, inputs, twice=True):
    """The outputs, the gradients of them all together and, with `twice`, those of these."""
    total = sum((each * seed_like(lib, each)).sum() for each in outputs)
    first = lib.autograd.grad(total, inputs, create_graph=twice)
    found = [*outputs, *first]
    if twice:
        squares = sum((each * each * seed_like(lib, each)).sum() for each in first)
        second = lib.autograd.grad(squares, inputs, allow_unused=True)
        found += [x * 0 if each is None else each for each, x in zip(second, inputs, strict=True)]
    return [array(each) for each in found]


def _mask(lib, kind):
    """Masks of 3 queries and 5 keys; in one a query may look nowhere."""
    looks = np.cos(np.arange(15.0)).reshape(3, 5) > -0.3
    if kind == "blocked":
        looks[1] = False
    if kind == "numbers":
        return lib.tensor(np.where(looks, np.sin(np.arange(15.0)).reshape(3, 5), -np.inf))
    return lib.tensor(looks)


PRODUCTS = {
    "plain": {},
    "a scale": {"scale": 0.3},
    "causal": {"is_causal": True},
    "bool": {"attn_mask": "bool"},
    "numbers": {"attn_mask": "numbers"},
    "a query that looks nowhere": {"attn_mask": "blocked"},
}


@pytest.mark.parametrize("shape", [(2, 3), (2,), ()], ids=str)
@pytest.mark.parametrize("name", PRODUCTS)
def test_scaled_dot_products_are_torchs(name, shape):
    def run(lib):
        options = dict(PRODUCTS[name])
        if "attn_mask" in options:
            options["attn_mask"] = _mask(lib, options["attn_mask"])
        q, k = draw(lib, *shape, 3, 4), draw(lib, *shape, 5, 4, shift=0.5)
        v = draw(lib, *shape, 5, 2, shift=0.7)
        attend = lib.nn.functional.scaled_dot_product_attention
        found = derivatives(lib, [attend(q, k, v, **options)], [q, k, v])
        plain = [each.detach() for each in (q, k, v)]
        tangents = tuple(seed_like(lib, each) for each in plain)
        found.append(
            array(
                lib.func.jvp(lambda q, k, v: attend(q, k, v, **options), tuple(plain), tangents)[1]
            )
        )
        return found

    want, got = both(run)
    assert_same(got, want, 1e-8)


def test_heads_share_keys_and_values():
    def run(lib):
        q, k, v = draw(lib, 2, 6, 3, 4), draw(lib, 2, 2, 3, 4), draw(lib, 2, 2, 3, 4, shift=1)
        attend = lib.nn.functional.scaled_dot_product_attention
        return derivatives(lib, [attend(q, k, v, enable_gqa=True)], [q, k, v], twice=False)

    want, got = both(run)
    assert_same(got, want, 1e-8)


def test_a_learned_mask_gets_its_gradient():
    def run(lib):
        q, mask = draw(lib, 2, 3, 4), draw(lib, 3, 3)
        attended = lib.nn.functional.scaled_dot_product_attention(q, q, q, attn_mask=mask)
        return derivatives(lib, [attended], [mask])

    want, got = both(run)
    assert_same(got, want, 1e-8)


def test_dropout_takes_whole_weights_away():
    values = dltk.ones(2, 50, 1)
    q = dltk.zeros(2, 50, 3)
    dropped = dltk.nn.functional.scaled_dot_product_attention(q, q, values, dropout_p=0.5)
    shares = array(dropped) * 50 / 2
    assert np.allclose(shares, np.round(shares), atol=1e-4)
    assert 0.8 < dropped.mean().item() < 1.2
    assert dropped.std().item() > 0


LAYERS = {
    "plain": {},
    "no bias": {"bias": False},
    "batch first": {"batch_first": True},
    "learned key": {"add_bias_kv": True},
    "zero key": {"add_zero_attn": True, "add_bias_kv": True, "batch_first": True},
    "widths": {"kdim": 3, "vdim": 5},
}
CALLS = {
    "weights": {},
    "weights of each head": {"average_attn_weights": False},
    "no weights": {"need_weights": False},
    "padding": {"key_padding_mask": "padding"},
    "padding, no weights": {"key_padding_mask": "padding", "need_weights": False},
    "mask": {"attn_mask": "mask"},
    "mask of each head": {"attn_mask": "heads", "need_weights": False},
    "both masks": {"attn_mask": "mask", "key_padding_mask": "padding"},
    "causal": {"attn_mask": "causal", "is_causal": True, "need_weights": False},
    "causal with padding": {
        "attn_mask": "causal",
        "is_causal": True,
        "key_padding_mask": "padding",
    },
}


def _masks(lib):
    heads = np.cos(np.arange(4 * 16.0)).reshape(4, 4, 4) > 0.9
    return {
        "padding": lib.tensor([[False, False, False, True], [False, False, True, True]]),
        "mask": lib.tensor(np.cos(np.arange(16.0)).reshape(4, 4) > 0.5),
        "causal": lib.tensor(np.triu(np.ones((4, 4), bool), 1)),
        "heads": lib.tensor(np.where(heads, -1.5, 0.25)),
    }


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("layer", LAYERS)
def test_multi_head_attention_is_torchs(layer, call):
    def run(lib):
        lib.manual_seed(5)
        module = lib.nn.MultiheadAttention(8, 2, dtype=lib.float64, **LAYERS[layer])
        masks = _masks(lib)
        options = {k: masks.get(v, v) for k, v in CALLS[call].items()}
        lead = (2, 4) if module.batch_first else (4, 2)
        query = draw(lib, *lead, 8)
        key, value = query, query
        if layer == "widths":
            key, value = draw(lib, *lead, 3), draw(lib, *lead, 5)
        elif call == "mask":
            key = value = draw(lib, *lead, 8, shift=0.3)
        inputs = list({id(each): each for each in (query, key, value)}.values())
        output, weights = module(query, key, value, **options)
        outputs = [output] if weights is None else [output, weights]
        found = derivatives(lib, outputs, [*inputs, *module.parameters()], twice=False)
        shown = [repr(module), [name for name, _ in module.named_parameters()], weights is None]
        return found + [array(each) for each in module.parameters()], shown

    want, got = both(run)
    assert got[1] == want[1]
    assert_same(got[0], want[0], 1e-8)


@pytest.mark.parametrize("call", ["weights", "weights of each head", "no weights", "mask"])
def test_attention_without_a_batch_and_without_gradients_is_torchs(call):
    def run(lib):
        lib.manual_seed(5)
        module = lib.nn.MultiheadAttention(8, 2, batch_first=True).eval()
        masks = _masks(lib)
        options = {k: masks.get(v, v) for k, v in CALLS[call].items()}
        x = draw(lib, 2, 4, 8, dtype="float32")
        with lib.no_grad():
            found = [*module(x[0], x[0], x[0], **options), *module(x, x, x, **options)]
        return [array(each) for each in found if each is not None]

    want, got = both(run)
    assert_same(got, want, 1e-5)


def test_a_state_dict_goes_both_ways():
    theirs, ours = (lib.nn.MultiheadAttention(8, 2, add_bias_kv=True) for lib in (torch, dltk))
    ours.load_state_dict({k: dltk.tensor(v.numpy()) for k, v in theirs.state_dict().items()})
    theirs.load_state_dict({k: torch.tensor(v.numpy()) for k, v in ours.state_dict().items()})
    x = np.cos(np.arange(48, dtype=np.float32)).reshape(3, 2, 8)
    want = array(theirs(*[torch.tensor(x)] * 3)[0])
    assert_same(array(ours(*[dltk.tensor(x)] * 3)[0]), want, 1e-5)


def attend(lib, q, *others, **options):
    return lib.nn.functional.scaled_dot_product_attention(q, *(others or (q, q)), **options)


def layer_of(lib, x, **options):
    return lib.nn.MultiheadAttention(8, 2)(x, x, x, **options)


REFUSED = {
    "vectors": lambda lib: attend(lib, lib.zeros(4)),
    "two dtypes": lambda lib: attend(
        lib, lib.zeros(2, 4), lib.zeros(2, 4, dtype=lib.float64), lib.zeros(2, 4)
    ),
    "integers": lambda lib: attend(lib, lib.zeros(2, 4, dtype=lib.int64)),
    "mask of integers": lambda lib: attend(
        lib, lib.zeros(2, 4), attn_mask=lib.zeros(2, 2, dtype=lib.int64)
    ),
    "mask of another dtype": lambda lib: attend(
        lib, lib.zeros(2, 4), attn_mask=lib.zeros(2, 2, dtype=lib.float64)
    ),
    "shape of the mask": lambda lib: attend(lib, lib.zeros(2, 4), attn_mask=lib.zeros(3, 2)),
    "widths": lambda lib: attend(lib, lib.zeros(2, 4), lib.zeros(2, 5), lib.zeros(2, 4)),
    "heads": lambda lib: attend(
        lib, lib.zeros(6, 4, 5), lib.zeros(4, 4, 5), lib.zeros(4, 4, 5), enable_gqa=True
    ),
    "share of dropout": lambda lib: attend(lib, lib.zeros(2, 4), dropout_p=1.5),
    "heads that do not divide": lambda lib: lib.nn.MultiheadAttention(8, 3),
    "no width": lambda lib: lib.nn.MultiheadAttention(0, 3),
    "another width": lambda lib: layer_of(lib, lib.zeros(5, 3, 4)),
    "a vector": lambda lib: layer_of(lib, lib.zeros(8)),
    "dimensions": lambda lib: lib.nn.MultiheadAttention(8, 2)(
        lib.zeros(5, 3, 8), lib.zeros(5, 8), lib.zeros(5, 8)
    ),
    "lengths": lambda lib: lib.nn.MultiheadAttention(8, 2)(
        lib.zeros(5, 3, 8), lib.zeros(5, 3, 8), lib.zeros(4, 3, 8)
    ),
    "dimensions of padding": lambda lib: layer_of(
        lib, lib.zeros(5, 3, 8), key_padding_mask=lib.zeros(5) > 0
    ),
    "shape of padding": lambda lib: layer_of(
        lib, lib.zeros(5, 3, 8), key_padding_mask=lib.zeros(3, 4) > 0
    ),
    "shape of a mask": lambda lib: layer_of(lib, lib.zeros(5, 3, 8), attn_mask=lib.zeros(4, 5)),
    "shape of masks": lambda lib: layer_of(lib, lib.zeros(5, 3, 8), attn_mask=lib.zeros(3, 5, 5)),
    "a mask of integers": lambda lib: layer_of(
        lib, lib.zeros(5, 3, 8), attn_mask=lib.zeros(5, 5, dtype=lib.int64)
    ),
    "dimensions of a mask": lambda lib: layer_of(
        lib, lib.zeros(5, 3, 8), attn_mask=lib.zeros(1, 1, 5, 5)
    ),
    "causal without a mask": lambda lib: layer_of(lib, lib.zeros(5, 3, 8), is_causal=True),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_torch_refuses_is_refused(case):
    want, got = both(lambda lib: outcome(lib, lambda: REFUSED[case](lib)))
    assert want == got
    assert want.startswith("raises ")


def test_a_mask_and_causal_together_are_refused():
    # Torch documents an error and raises it on some of its paths only.
    q = dltk.zeros(3, 4)
    with pytest.raises(RuntimeError, match="is_causal"):
        attend(dltk, q, attn_mask=dltk.zeros(3, 3), is_causal=True)


def test_masks_of_two_kinds_warn():
    for lib in (torch, dltk):
        x = lib.zeros(5, 3, 8)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            layer_of(lib, x, attn_mask=lib.zeros(5, 5), key_padding_mask=lib.zeros(3, 5) > 0)
        assert "key_padding_mask and attn_mask" in str(caught[0].message)
