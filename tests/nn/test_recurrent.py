"""Recurrent cells and layers: torch's weights for a seed, outputs, states, gradients, errors."""

import numpy as np
import pytest
import torch
from comparing import array, assert_same, both, outcome, seed_like

import dltk
from dltk.nn import rnn_layers, rnn_sequence

CELLS = {
    "RNNCell": [{}, {"nonlinearity": "relu"}, {"bias": False}],
    "LSTMCell": [{}, {"bias": False}],
    "GRUCell": [{}, {"bias": False}],
}
LAYERS = {
    "RNN": [{}, {"nonlinearity": "relu", "num_layers": 2, "bias": False}],
    "LSTM": [
        {},
        {"num_layers": 2, "batch_first": True, "bidirectional": True},
        {"num_layers": 2, "proj_size": 2, "bidirectional": True, "bias": False},
    ],
    "GRU": [{}, {"num_layers": 3, "batch_first": True, "bidirectional": True, "dropout": 0.3}],
}


def _cases(table):
    return [(kind, options) for kind, each in table.items() for options in each]


def _tuple(value):
    return value if isinstance(value, tuple) else (value,)


def _flat(result):
    """The tensors of (output, state) or (output, (h, c))."""
    return [leaf for each in _tuple(result) for leaf in _tuple(each)]


def _draw(lib, *shape, dtype="float64"):
    numbers = lib.cos(1.0 + lib.arange(int(np.prod(shape)), dtype=lib.float64))
    return numbers.reshape(shape).to(getattr(lib, dtype)).requires_grad_()


def _derivatives(lib, outputs, inputs, twice):
    """The outputs, the gradients of them all together and, with `twice`, those of these."""
    total = sum((each * seed_like(lib, each)).sum() for each in outputs)
    first = lib.autograd.grad(total, inputs, create_graph=twice)
    found = [*outputs, *first]
    if twice:
        squares = sum((each * each * seed_like(lib, each)).sum() for each in first)
        second = lib.autograd.grad(squares, inputs, allow_unused=True)
        found += [x * 0 if each is None else each for each, x in zip(second, inputs, strict=True)]
    return [array(each) for each in found]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("kind", "options"), _cases(CELLS))
def test_a_cell_draws_prints_computes_and_differentiates_as_torchs(kind, options, dtype):
    def run(lib):
        lib.manual_seed(3)
        cell = getattr(lib.nn, kind)(4, 3, dtype=getattr(lib, dtype), **options)
        states = [_draw(lib, 2, 3, dtype=dtype) for _ in range(2 if kind == "LSTMCell" else 1)]
        x = _draw(lib, 2, 4, dtype=dtype)
        hx = tuple(states) if kind == "LSTMCell" else states[0]
        outputs = _tuple(cell(x, hx))
        names = [each.grad_fn.name() for each in outputs]
        parameters = dict(cell.named_parameters())
        inputs = [x, *states, *parameters.values()]
        twice = dtype == "float64"
        found = _derivatives(lib, outputs, inputs, twice)
        single = _tuple(cell(x[0]))
        found += [array(each) for each in (*parameters.values(), *_tuple(cell(x)), *single)]
        return found, [repr(cell), names, [*parameters]]

    want, got = both(run)
    assert got[1] == want[1]
    assert_same(got[0], want[0], 1e-8)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("kind", "options"), _cases(LAYERS))
def test_a_layer_draws_prints_computes_and_differentiates_as_torchs(kind, options, dtype):
    def run(lib):
        lib.manual_seed(3)
        layer = getattr(lib.nn, kind)(4, 3, dtype=getattr(lib, dtype), **options).eval()
        parameters = dict(layer.named_parameters())
        count = layer.num_layers * (2 if layer.bidirectional else 1)
        sizes = [layer.proj_size or 3, 3][: 2 if kind == "LSTM" else 1]
        states = [_draw(lib, count, 2, size, dtype=dtype) for size in sizes]
        x = _draw(lib, *((2, 5) if layer.batch_first else (5, 2)), 4, dtype=dtype)
        outputs = _flat(layer(x, tuple(states) if kind == "LSTM" else states[0]))
        strides = [tuple(each.stride()) for each in outputs]
        inputs = [x, *states, *parameters.values()]
        # Torch runs an LSTM of float32 through a library that has no second derivative.
        found = _derivatives(lib, outputs, inputs, twice=dtype == "float64")
        alone = x[0] if layer.batch_first else x[:, 0]
        found += [array(each) for each in (*parameters.values(), *_flat(layer(alone)))]
        listed = [[tuple(each.shape) for each in weights] for weights in layer.all_weights]
        return found, [repr(layer), strides, [*parameters], listed]

    want, got = both(run)
    assert got[1] == want[1]
    assert_same(got[0], want[0], 1e-8)


@pytest.mark.parametrize("kind", LAYERS)
def test_tangents_go_along_the_sequence(kind):
    def run(lib):
        lib.manual_seed(3)
        layer = getattr(lib.nn, kind)(4, 3, 2, dtype=lib.float64)
        x = _draw(lib, 5, 2, 4).detach()
        _, tangent = lib.func.jvp(lambda x: layer(x)[0], (x,), (seed_like(lib, x),))
        return array(tangent)

    want, got = both(run)
    assert_same(got, want, 1e-8)


@pytest.mark.parametrize("batch", [0, 1, 3])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("mode", rnn_sequence.STEPS)
def test_a_sequence_as_one_operation_is_that_of_its_steps(mode, backwards, bias, batch):
    rows = rnn_layers.GATES[mode] * 2
    found = []
    for run in (rnn_sequence.step_by_step, rnn_sequence.along):
        gates, weight = _draw(dltk, 4, batch, rows), _draw(dltk, rows, 2)
        offset = _draw(dltk, rows) if bias else None
        state = tuple(_draw(dltk, batch, 2) for _ in range(2 if mode == "LSTM" else 1))
        output, last = run(mode, backwards, gates, weight, offset, None, state)
        total = (output * seed_like(dltk, output)).sum() + sum((each**2).sum() for each in last)
        inputs = [each for each in (gates, weight, offset, *state) if each is not None]
        gradients = dltk.autograd.grad(total, inputs)
        found.append([array(each) for each in (output, *last, *gradients)])
    assert_same(found[1], found[0], 1e-12)


def test_what_is_written_to_an_output_does_not_change_the_gradient():
    def run(lib):
        lib.manual_seed(0)
        layer = lib.nn.GRU(2, 3, dtype=lib.float64)
        output, _ = layer(_draw(lib, 4, 2, 2))
        total = (output * seed_like(lib, output)).sum()
        with lib.no_grad():
            output.zero_()
        total.backward()
        return [array(each.grad) for each in layer.parameters()]

    want, got = both(run)
    assert_same(got, want, 1e-9)


def test_a_sequence_is_gone_after_its_backward_pass():
    def run(lib):
        total = lib.nn.LSTM(2, 3)(_draw(lib, 4, 2, 2, dtype="float32"))[0].sum()
        total.backward()
        return outcome(lib, total.backward)

    want, got = both(run)
    assert got == want == "raises RuntimeError"


def test_a_weight_written_to_before_the_backward_pass_is_noticed():
    def run(lib):
        layer = lib.nn.GRU(2, 3)
        total = layer(_draw(lib, 4, 2, 2, dtype="float32"))[0].sum()
        with lib.no_grad():
            layer.weight_hh_l0.mul_(2)
        return outcome(lib, total.backward)

    want, got = both(run)
    assert got == want == "raises RuntimeError"


def test_a_state_dict_goes_both_ways():
    options = {"num_layers": 2, "bidirectional": True, "proj_size": 2}
    theirs, ours = torch.nn.LSTM(4, 3, **options), dltk.nn.LSTM(4, 3, **options)
    x = np.cos(np.arange(40, dtype=np.float32)).reshape(5, 2, 4)
    ours.load_state_dict({k: dltk.tensor(v.numpy()) for k, v in theirs.state_dict().items()})
    back = torch.nn.LSTM(4, 3, **options)
    back.load_state_dict({k: torch.tensor(v.numpy()) for k, v in ours.state_dict().items()})
    want = array(theirs(torch.tensor(x))[0])
    assert_same(array(ours(dltk.tensor(x))[0]), want, 1e-5)
    assert_same(array(back(torch.tensor(x))[0]), want, 1e-5)


def test_a_cell_is_driven_by_hand_over_sequences_of_changing_length():
    def run(lib):
        lib.manual_seed(0)
        cell, head = lib.nn.GRUCell(3, 5), lib.nn.Linear(5, 1)
        optimizer = lib.optim.SGD([*cell.parameters(), *head.parameters()], lr=0.1)
        losses = []
        for length in (2, 7, 4):
            steps, state = _draw(lib, length, 2, 3, dtype="float32").detach(), None
            for step in steps:
                state = cell(step, state)
            loss = ((head(state) - 1) ** 2).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(array(loss))
        return losses

    want, got = both(run)
    assert_same(got, want, 1e-5)


def test_dropout_lies_between_the_layers_and_only_in_training():
    layer = dltk.nn.RNN(2, 50, num_layers=2, dropout=0.5, nonlinearity="relu", bias=False)
    x = dltk.rand(3, 4, 2)
    trained, again = layer(x)[0], layer(x)[0]
    assert not dltk.equal(trained, again)
    assert dltk.equal(layer.eval()(x)[0], layer(x)[0])
    # The first layer's own last state is what it is without dropout.
    assert dltk.equal(layer.train()(x)[1][0], layer.eval()(x)[1][0])
    everything = dltk.nn.RNN(2, 5, num_layers=2, dropout=1.0, bias=False)
    assert dltk.equal(everything(x)[0], dltk.zeros(3, 4, 5))


REFUSED = {
    "input size of a cell": lambda lib: lib.nn.RNNCell(4, 5)(lib.zeros(3, 3)),
    "batch of a cell": lambda lib: lib.nn.GRUCell(4, 5)(lib.zeros(3, 4), lib.zeros(2, 5)),
    "hidden size": lambda lib: lib.nn.RNNCell(4, 5)(lib.zeros(3, 4), lib.zeros(3, 6)),
    "cell size": lambda lib: lib.nn.LSTMCell(4, 5)(
        lib.zeros(3, 4), (lib.zeros(3, 5), lib.zeros(3, 6))
    ),
    "dimensions of a cell's input": lambda lib: lib.nn.RNNCell(4, 5)(lib.zeros(3, 4, 1)),
    "dimensions of a cell's state": lambda lib: lib.nn.LSTMCell(4, 5)(
        lib.zeros(3, 4), (lib.zeros(1, 3, 5), lib.zeros(3, 5))
    ),
    "dtype of a cell": lambda lib: lib.nn.RNNCell(4, 5)(lib.zeros(3, 4, dtype=lib.float64)),
    "nonlinearity of a cell": lambda lib: lib.nn.RNNCell(4, 5, nonlinearity="x")(lib.zeros(3, 4)),
    "empty sequence": lambda lib: lib.nn.RNN(4, 5)(lib.zeros(0, 3, 4)),
    "batch of the state": lambda lib: lib.nn.RNN(4, 5)(lib.zeros(2, 3, 4), lib.zeros(1, 2, 5)),
    "state without batch": lambda lib: lib.nn.RNN(4, 5)(lib.zeros(2, 3, 4), lib.zeros(1, 5)),
    "second state": lambda lib: lib.nn.LSTM(4, 5, proj_size=3)(
        lib.zeros(2, 3, 4), (lib.zeros(1, 3, 3), lib.zeros(1, 3, 3))
    ),
    "input size": lambda lib: lib.nn.LSTM(4, 5)(lib.zeros(2, 3, 3)),
    "dtype": lambda lib: lib.nn.GRU(4, 5)(lib.zeros(2, 3, 4, dtype=lib.float64)),
    "dimensions": lambda lib: lib.nn.RNN(4, 5)(lib.zeros(2, 3, 4, 1)),
    "projection": lambda lib: lib.nn.GRU(4, 5, proj_size=2),
    "large projection": lambda lib: lib.nn.LSTM(4, 5, proj_size=5),
    "nonlinearity": lambda lib: lib.nn.RNN(4, 5, 1, "sin"),
    "type of a size": lambda lib: lib.nn.LSTM(4.0, 5),
    "no units": lambda lib: lib.nn.LSTM(4, 0),
    "no layers": lambda lib: lib.nn.LSTM(4, 5, 0),
    "type of bias": lambda lib: lib.nn.LSTM(4, 5, bias=1),
    "dropout": lambda lib: lib.nn.LSTM(4, 5, dropout=2),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_torch_refuses_is_refused(case):
    want, got = both(lambda lib: outcome(lib, lambda: REFUSED[case](lib)))
    assert want == got
    assert want.startswith("raises ")


def test_dropout_of_a_single_layer_warns():
    for lib in (torch, dltk):
        with pytest.warns(UserWarning, match="dropout.*num_layers greater than 1"):
            lib.nn.GRU(4, 5, dropout=0.2)


def _sequences(lib):
    return [lib.arange(6.0).reshape(3, 2).requires_grad_(), lib.ones(1, 2, requires_grad=True)]


PADDED = {
    "plain": {},
    "batch first": {"batch_first": True, "padding_value": -1.0},
    "left": {"padding_side": "left"},
}


@pytest.mark.parametrize("options", PADDED.values(), ids=PADDED)
def test_sequences_are_padded_and_cut_again_as_by_torch(options):
    def run(lib):
        tools = lib.nn.utils.rnn
        sequences = _sequences(lib)
        padded = tools.pad_sequence(sequences, **options)
        (padded * seed_like(lib, padded)).sum().backward()
        found = [array(padded)]
        first = options.get("batch_first", False)
        # Torch transposes its argument in place while it is at it.
        cut = tools.unpad_sequence(padded, lib.tensor([3, 1]), batch_first=first)
        mixed = tools.pad_sequence([lib.tensor([1, 2]), lib.tensor([3.5])], padding_value=7)
        grads = [each.grad for each in sequences]
        return found + [array(each) for each in (*cut, *grads, mixed)]

    want, got = both(run)
    assert_same(got, want, 0)


UNPADDABLE = {
    "nothing": lambda lib, pad: pad([]),
    "a number": lambda lib, pad: pad(3),
    "lists": lambda lib, pad: pad([[1, 2], [3]]),
    "widths": lambda lib, pad: pad([lib.ones(2, 3), lib.ones(2, 4)]),
    "no length": lambda lib, pad: pad([lib.tensor(1.0)]),
    "side": lambda lib, pad: pad([lib.ones(2)], padding_side="middle"),
}


@pytest.mark.parametrize("case", UNPADDABLE)
def test_what_cannot_be_padded_is_refused(case):
    def run(lib):
        return outcome(lib, lambda: UNPADDABLE[case](lib, lib.nn.utils.rnn.pad_sequence))

    want, got = both(run)
    assert got == want
    assert want.startswith("raises ")


def test_packed_sequences_say_that_they_are_out_of_scope():
    tools = dltk.nn.utils.rnn
    for name in ("pack_padded_sequence", "pad_packed_sequence", "pack_sequence", "PackedSequence"):
        with pytest.raises(NotImplementedError, match="scope"):
            getattr(tools, name)(dltk.zeros(3, 2), [3, 1])
