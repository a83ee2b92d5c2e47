"""The encoder of a transformer: torch's weights for a seed, values, gradients and training."""

import numpy as np
import pytest
import torch
from comparing import array, assert_same, both, outcome, seed_like

import dltk

LAYERS = {
    "plain": {},
    "norm first": {"norm_first": True, "batch_first": True},
    "gelu": {"activation": "gelu", "bias": False},
    "a function": {"layer_norm_eps": 1e-3},
}
CALLS = {
    "alone": {},
    "mask": {"src_mask": "future"},
    "causal": {"src_mask": "future", "is_causal": True},
    "padding": {"src_key_padding_mask": "padding"},
    "both": {"src_mask": "future", "src_key_padding_mask": "padding", "is_causal": True},
}


def _draw(lib, *shape, dtype="float64"):
    numbers = np.cos(1.0 + np.arange(int(np.prod(shape)))).reshape(shape)
    return lib.tensor(numbers, dtype=getattr(lib, dtype), requires_grad=True)


def _layer(lib, name, **options):
    options = LAYERS[name] | options
    if name == "a function":
        options = options | {"activation": lib.nn.functional.silu}
    return lib.nn.TransformerEncoderLayer(8, 2, 12, **options)


def _masks(lib):
    return {
        "future": lib.tensor(np.triu(np.ones((4, 4), bool), 1)),
        "padding": lib.tensor([[False, False, False, True], [False, False, True, True]]),
    }


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("name", LAYERS)
def test_an_encoder_layer_is_torchs(name, call):
    def run(lib):
        lib.manual_seed(2)
        layer = _layer(lib, name, dropout=0.0, dtype=lib.float64)
        masks = _masks(lib)
        options = {k: masks.get(v, v) for k, v in CALLS[call].items()}
        x = _draw(lib, *((2, 4) if name == "norm first" else (4, 2)), 8)
        output = layer(x, **options)
        inputs = [x, *layer.parameters()]
        gradients = lib.autograd.grad((output * seed_like(lib, output)).sum(), inputs)
        shown = [repr(layer), [name for name, _ in layer.named_parameters()]]
        return [array(each) for each in (output, *gradients, *inputs)], shown

    want, got = both(run)
    assert got[1] == want[1]
    assert_same(got[0], want[0], 1e-8)


@pytest.mark.parametrize("call", CALLS)
def test_evaluation_without_gradients_gives_torchs_numbers(call):
    def run(lib):
        lib.manual_seed(2)
        layer = lib.nn.TransformerEncoderLayer(8, 2, 12, batch_first=True).eval()
        masks = _masks(lib)
        options = {k: masks.get(v, v) for k, v in CALLS[call].items()}
        with lib.no_grad():
            found = layer(_draw(lib, 2, 4, 8, dtype="float32"), **options)
        if call == "padding":
            # What torch's quick path leaves at padded places is nobody's business.
            found = lib.cat([found[0, :3], found[1, :2]])
        return array(found)

    want, got = both(run)
    assert_same(got, want, 1e-5)


def test_an_encoder_of_two_layers_trains_as_torchs():
    def run(lib):
        lib.manual_seed(4)
        layer = lib.nn.TransformerEncoderLayer(8, 2, 12, dropout=0.0, batch_first=True)
        encoder = lib.nn.TransformerEncoder(layer, 2, lib.nn.LayerNorm(8), False)
        optimizer = lib.optim.Adam(encoder.parameters(), lr=1e-2)
        x = _draw(lib, 2, 4, 8, dtype="float32").detach()
        losses = []
        for _ in range(4):
            loss = ((encoder(x, mask=_masks(lib)["future"]) - x.roll(1, 2)) ** 2).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(array(loss))
        return losses, [repr(encoder), [name for name, _ in encoder.named_parameters()]]

    want, got = both(run)
    assert got[1] == want[1]
    assert_same(got[0], want[0], 1e-4)


def test_dropout_acts_in_training_only():
    layer = dltk.nn.TransformerEncoderLayer(8, 2, 12, dropout=0.5)
    x = dltk.randn(4, 2, 8)
    assert not dltk.equal(layer(x), layer(x))
    layer.eval()
    assert dltk.equal(layer(x), layer(x))


def test_a_state_dict_goes_both_ways():
    theirs, ours = (lib.nn.TransformerEncoderLayer(8, 2, 12).eval() for lib in (torch, dltk))
    ours.load_state_dict({k: dltk.tensor(v.numpy()) for k, v in theirs.state_dict().items()})
    theirs.load_state_dict({k: torch.tensor(v.numpy()) for k, v in ours.state_dict().items()})
    x = np.cos(np.arange(48, dtype=np.float32)).reshape(3, 2, 8)
    assert_same(array(ours(dltk.tensor(x))), array(theirs(torch.tensor(x))), 1e-5)


REFUSED = {
    "activation": lambda lib: lib.nn.TransformerEncoderLayer(8, 2, activation="tanh"),
    "heads": lambda lib: lib.nn.TransformerEncoderLayer(8, 3),
    "mask of integers": lambda lib: lib.nn.TransformerEncoderLayer(8, 2, 4)(
        lib.zeros(3, 2, 8), src_mask=lib.zeros(3, 3, dtype=lib.int64)
    ),
    "shape of the mask": lambda lib: lib.nn.TransformerEncoderLayer(8, 2, 4)(
        lib.zeros(3, 2, 8), src_mask=lib.zeros(2, 3)
    ),
    "causal without a mask": lambda lib: lib.nn.TransformerEncoderLayer(8, 2, 4)(
        lib.zeros(3, 2, 8), is_causal=True
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_torch_refuses_is_refused(case):
    want, got = both(lambda lib: outcome(lib, lambda: REFUSED[case](lib)))
    assert want == got
    assert want.startswith("raises ")
