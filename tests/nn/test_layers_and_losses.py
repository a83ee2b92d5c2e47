"""Layers, activations, losses and initial values: torch's values, gradients and errors."""

import numpy as np
import pytest
import torch
from comparing import array, assert_same, both, nearest_builtin, seed_like

import dltk
from dltk.backends import cpu
from dltk.nn import gelu_slope, one_node

KINKS = [-200.0, -20.5, -3.0, -1.0, -0.3, 0.0, 0.4, 1.0, 2.5, 20.5, 200.0]


def differentiated(lib, run, *leaves, second=True):
    """The result, the gradients, and the gradients of a function of these."""
    result = run(*leaves)
    grads = lib.autograd.grad(result, leaves, seed_like(lib, result), create_graph=second)
    found = [array(result), *map(array, grads)]
    if second:
        total = sum((g * g).sum() for g in grads)
        twice = [None] * len(leaves)
        if total.requires_grad:
            twice = lib.autograd.grad(total, leaves, allow_unused=True)
        found += [
            array(leaf * 0 if t is None else t) for leaf, t in zip(leaves, twice, strict=True)
        ]
    return found


ACTIVATIONS = {
    "relu": lambda nn, x: nn.relu(x),
    "leaky_relu": lambda nn, x: nn.leaky_relu(x, 0.2),
    "elu": lambda nn, x: nn.elu(x, 1.5),
    "gelu tanh": lambda nn, x: nn.gelu(x, approximate="tanh"),
    "silu": lambda nn, x: nn.silu(x),
    "softplus": lambda nn, x: nn.softplus(x, 2.0),
    "sigmoid": lambda nn, x: nn.sigmoid(x),
    "tanh": lambda nn, x: nn.tanh(x),
    "hardtanh": lambda nn, x: nn.hardtanh(x, -1.0, 2.5),
    "softmax": lambda nn, x: nn.softmax(x, -1),
    "log_softmax": lambda nn, x: nn.log_softmax(x, dim=0),
    "gelu": lambda nn, x: nn.gelu(x),
}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_has_torchs_values_and_gradients(name, dtype):
    def run(lib):
        x = lib.tensor(KINKS, dtype=getattr(lib, dtype), requires_grad=True)
        function = ACTIVATIONS[name]
        # At 0 torch gives the exponential side of ELU a slope, but no curvature.
        second = name != "elu"
        return differentiated(lib, lambda x: function(lib.nn.functional, x), x, second=second)

    want, got = both(run)
    assert_same(got, want, 1e-10)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("case", ["integers", "nothing", "large"])
def test_an_activation_of_unusual_tensors_is_torchs(name, case):
    def run(lib):
        x = {
            "integers": lib.arange(3),
            "nothing": lib.zeros(0, 2),
            "large": lib.tensor([[1e4, -1e4, 0.0]]),
        }[case]
        return array(ACTIVATIONS[name](lib.nn.functional, x))

    want, got = both(run)
    assert_same(got, want, 1e-6)


MODULES = {
    "ReLU": [(), (True,)],
    "LeakyReLU": [(), (0.3,), (0.3, True)],
    "ELU": [(), (0.5, True)],
    "GELU": [(), ("tanh",)],
    "SiLU": [(), (True,)],
    "Softplus": [(), (2, 5)],
    "Sigmoid": [()],
    "Tanh": [()],
    "Hardtanh": [(), (-2, 0.5), (-2.0, 2.0, True)],
    "Softmax": [(1,), (-1,)],
    "LogSoftmax": [(1,)],
    "Identity": [(), (3, "x")],
    "Flatten": [(), (0,), (0, 1)],
    "Unflatten": [(1, (2, -1)), (1, 3), (1, (2, 1.5))],
    "Linear": [(4, 3), (4, 3, False)],
    "MSELoss": [()],
    "CrossEntropyLoss": [()],
}


@pytest.mark.parametrize(
    ("name", "args"), [(name, args) for name, each in MODULES.items() for args in each]
)
def test_a_module_prints_and_computes_as_torchs(name, args):
    def run(lib):
        lib.manual_seed(1)
        m = getattr(lib.nn, name)(*args)
        found = [repr(m), *[array(p) for p in m.parameters()]]
        if not name.endswith("Loss"):
            x = lib.linspace(-3.0, 3.0, 8).reshape(2, 4)
            y = m(x)
            found += [array(y), array(x)]
        return found

    want, got = both(run)
    assert_same(got, want, 1e-6)


@pytest.mark.parametrize("shape", [(4,), (2, 4), (2, 3, 4), (0, 4), (2, 5), ()])
@pytest.mark.parametrize("bias", [True, False])
def test_a_linear_layer_has_torchs_values_and_gradients(shape, bias):
    def run(lib):
        lib.manual_seed(3)
        m = lib.nn.Linear(4, 3, bias=bias)
        x = lib.randn(shape, requires_grad=True)
        return differentiated(lib, lambda *_: m(x), x, *m.parameters())

    want, got = both(run)
    assert_same(got, want, 1e-6)


@pytest.mark.parametrize("shapes", [((5, 2), (5, 3)), ((2,), (3,)), ((5, 2), (4, 3))])
def test_a_bilinear_layer_has_torchs_values_and_gradients(shapes):
    def run(lib):
        lib.manual_seed(3)
        m = lib.nn.Bilinear(2, 3, 4)
        x, y = (lib.randn(each, requires_grad=True) for each in shapes)
        return [repr(m), *differentiated(lib, lambda *_: m(x, y), x, y, *m.parameters())]

    want, got = both(run)
    assert_same(got, want, 1e-5)


GAINS = ["linear", "conv2d", "sigmoid", "tanh", "relu", "leaky_relu", "selu"]
INITIAL = {
    "uniform": lambda init, t: init.uniform_(t, -2, 3),
    "normal": lambda init, t: init.normal_(t, 1, 2),
    "constant": lambda init, t: init.constant_(t, 0.3),
    "ones": lambda init, t: init.ones_(t),
    "zeros": lambda init, t: init.zeros_(t),
    "eye": lambda init, t: init.eye_(t),
    "xavier uniform": lambda init, t: init.xavier_uniform_(t, gain=2.0),
    "xavier normal": lambda init, t: init.xavier_normal_(t),
    "kaiming uniform": lambda init, t: init.kaiming_uniform_(t, nonlinearity="relu"),
    "kaiming normal": lambda init, t: init.kaiming_normal_(t, a=0.1, mode="fan_out"),
    "kaiming neither": lambda init, t: init.kaiming_normal_(t, mode="fan"),
    "orthogonal": lambda init, t: init.orthogonal_(t, gain=2),
    "truncated": lambda init, t: init.trunc_normal_(t, 0.5, 1.5, -1, 1),
    "tail": lambda init, t: init.trunc_normal_(t, 0.0, 1.0, 1.5, 3),
    "sparse": lambda init, t: init.sparse_(t, 0.4),
    "gains": lambda init, t: t * sum(map(init.calculate_gain, GAINS)),
    "no gain": lambda init, t: init.calculate_gain("nothing"),
}


@pytest.mark.parametrize("shape", [(3, 5), (6, 4), (2, 3, 2, 2), (4,)])
@pytest.mark.parametrize("name", INITIAL)
def test_initial_values_are_torchs_for_a_seed(name, shape):
    def run(lib):
        lib.manual_seed(5)
        parameter = lib.nn.Parameter(lib.ones(shape))
        return array(INITIAL[name](lib.nn.init, parameter))

    want, got = both(run)
    assert_same(got, want, 1e-6)


@pytest.mark.parametrize(
    "misuse",
    [
        lambda lib: lib.nn.functional.hardtanh(lib.ones(2), 2.0, 1.0),
        lambda lib: lib.nn.ReLU().to("nope"),
        lambda lib: lib.nn.ReLU().to(lib.int64),
    ],
    ids=["bounds the wrong way round", "no such device", "no floating-point dtype"],
)
def test_a_mistake_is_refused_also_where_nothing_would_be_computed(misuse):
    want, got = both(misuse)
    assert isinstance(want, str)
    assert got == want


LOGITS = np.random.default_rng(0).normal(size=(4, 3))
CLASSES = np.array([2, 0, 1, 2])
OTHERS = np.random.default_rng(1).normal(size=(4, 3))
SHARES = np.exp(OTHERS) / np.exp(OTHERS).sum(1, keepdims=True)
CHANCES = 1 / (1 + np.exp(-LOGITS))


def loss(name, *args, **options):
    return name, args, options


SATURATED = np.array([0.0, 1.0, 0.0, 1e-20])
WEIGHT = np.array([0.5, 2.0, 1.5])
LOSSES = [
    loss("mse_loss", LOGITS, OTHERS),
    loss("l1_loss", LOGITS, OTHERS),
    loss("smooth_l1_loss", LOGITS, OTHERS, beta=0.7),
    loss("smooth_l1_loss", LOGITS, OTHERS, beta=0.0),
    loss("smooth_l1_loss", LOGITS, OTHERS, beta=-1.0),
    loss("huber_loss", LOGITS, OTHERS, delta=0.7),
    loss("huber_loss", LOGITS, OTHERS, delta=0.0),
    loss("cross_entropy", LOGITS, CLASSES),
    loss("cross_entropy", LOGITS * 1e4, CLASSES),
    loss("cross_entropy", LOGITS[0], CLASSES[0]),
    loss("cross_entropy", LOGITS, CLASSES, weight=WEIGHT),
    loss("cross_entropy", LOGITS, CLASSES, weight=WEIGHT, ignore_index=2),
    loss("cross_entropy", LOGITS, CLASSES, label_smoothing=0.2),
    loss("cross_entropy", LOGITS, CLASSES, weight=WEIGHT, ignore_index=2, label_smoothing=0.2),
    loss("cross_entropy", LOGITS, np.array([2, -100, 1, 2]), label_smoothing=0.2),
    loss("cross_entropy", LOGITS, SHARES),
    loss("cross_entropy", LOGITS, SHARES, weight=WEIGHT, label_smoothing=0.3),
    loss("cross_entropy", LOGITS.reshape(2, 3, 2), np.array([[0, 2], [1, 1]])),
    loss("cross_entropy", LOGITS.reshape(2, 3, 2), SHARES.reshape(2, 3, 2), weight=WEIGHT),
    loss("cross_entropy", LOGITS, CLASSES[:3]),
    loss("cross_entropy", LOGITS, CLASSES + 1),
    loss("cross_entropy", LOGITS, CLASSES.astype("float64")),
    loss("cross_entropy", LOGITS, CLASSES, weight=WEIGHT[:2]),
    loss("cross_entropy", LOGITS[:0], CLASSES[:0]),
    loss("nll_loss", LOGITS, CLASSES),
    loss("nll_loss", LOGITS, CLASSES, weight=WEIGHT, ignore_index=0),
    loss("nll_loss", LOGITS.reshape(2, 3, 2), np.array([[0, 2], [1, 1]]), weight=WEIGHT),
    loss("binary_cross_entropy", CHANCES, SHARES),
    loss("binary_cross_entropy", SATURATED, np.array([0.0, 1.0, 1.0, 1.0])),
    loss("binary_cross_entropy", CHANCES, SHARES, weight=WEIGHT),
    loss("binary_cross_entropy", LOGITS, SHARES),
    loss("binary_cross_entropy", CHANCES, SHARES[0]),
    loss("binary_cross_entropy_with_logits", LOGITS, SHARES),
    loss("binary_cross_entropy_with_logits", LOGITS * 100, SHARES, weight=WEIGHT),
    loss("binary_cross_entropy_with_logits", LOGITS * 0, SHARES, pos_weight=WEIGHT),
    loss("binary_cross_entropy_with_logits", LOGITS, SHARES[0]),
    loss("kl_div", OTHERS, SHARES),
    loss("kl_div", OTHERS, np.log(SHARES), log_target=True),
]


LOSSES_BY_NAME = {case[0]: case for case in reversed(LOSSES)}


@pytest.mark.parametrize("name", LOSSES_BY_NAME)
def test_a_reduction_that_is_none_is_refused_as_in_torch(name):
    _, (x, y), options = LOSSES_BY_NAME[name]

    def run(lib):
        function = getattr(lib.nn.functional, name)
        return function(lib.tensor(x), lib.tensor(y), reduction="median", **options)

    assert both(run) == ("raises ValueError", "raises ValueError")


def test_the_divergence_of_a_batch_is_its_mean():
    want, got = both(
        lambda lib: array(
            lib.nn.functional.kl_div(lib.tensor(OTHERS), lib.tensor(SHARES), reduction="batchmean")
        )
    )
    assert_same(got, want, 1e-9)


@pytest.mark.filterwarnings("ignore:reduction")
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("case", LOSSES, ids=lambda case: case[0])
def test_a_loss_has_torchs_values_and_gradients(case, reduction):
    name, (x, y), options = case

    def run(lib):
        input = lib.tensor(x, requires_grad=True)
        given = {
            key: lib.tensor(each) if isinstance(each, np.ndarray) else each
            for key, each in options.items()
        }
        function = getattr(lib.nn.functional, name)
        return differentiated(
            lib,
            lambda input: function(input, lib.tensor(y), reduction=reduction, **given),
            input,
            # Torch bounds the derivative there, and differentiates it as if it did not.
            second=x is not SATURATED,
        )

    want, got = both(run)
    assert_same(got, want, 1e-9)


CRITERIA = {
    "MSELoss": (LOGITS, OTHERS, {}),
    "L1Loss": (LOGITS, OTHERS, {}),
    "SmoothL1Loss": (LOGITS, OTHERS, {"beta": 0.5}),
    "HuberLoss": (LOGITS, OTHERS, {"delta": 0.5}),
    "CrossEntropyLoss": (LOGITS, CLASSES, {"weight": WEIGHT, "label_smoothing": 0.1}),
    "NLLLoss": (LOGITS, CLASSES, {"weight": WEIGHT, "ignore_index": 1}),
    "BCELoss": (CHANCES, SHARES, {"weight": WEIGHT}),
    "BCEWithLogitsLoss": (LOGITS, SHARES, {"pos_weight": WEIGHT}),
    "KLDivLoss": (OTHERS, SHARES, {"log_target": True}),
}


@pytest.mark.parametrize("name", CRITERIA)
def test_a_loss_module_is_torchs(name):
    x, y, options = CRITERIA[name]

    def run(lib):
        given = {
            key: lib.tensor(each) if isinstance(each, np.ndarray) else each
            for key, each in options.items()
        }
        m = getattr(lib.nn, name)(reduction="sum", **given)
        return [repr(m), "".join(m.state_dict()), array(m(lib.tensor(x), lib.tensor(y)))]

    want, got = both(run)
    assert_same(got, want, 1e-9)


def test_a_target_that_broadcasts_gets_a_warning():
    with pytest.warns(UserWarning, match="target size"):
        dltk.nn.functional.mse_loss(dltk.ones(4), dltk.ones(4, 1))


def test_my_layer_trains_and_prints():
    dltk.manual_seed(0)
    layer = dltk.nn.MyLayer(3, 2)
    assert repr(layer) == "MyLayer(in_features=3, out_features=2, bias=True)"
    x = np.array([[1.0, -2.0, 0.5]], dtype=np.float32)
    w, b = (torch.tensor(p.detach().numpy(), requires_grad=True) for p in layer.parameters())
    want = torch.sqrt(torch.tensor(x) ** 2 + b) @ w
    got = layer(dltk.tensor(x))
    want.sum().backward()
    got.sum().backward()
    assert np.allclose(array(got), array(want), rtol=1e-6)
    for mine, torchs in zip(layer.parameters(), (w, b), strict=True):
        assert np.allclose(array(mine.grad), array(torchs.grad), rtol=1e-6)
    assert dltk.nn.MyLayer(3, 2, bias=False).bias is None


@pytest.mark.parametrize("data", [3, [1.0], "text"])
def test_a_parameter_is_made_of_a_tensor(data):
    classes = []
    for lib in (torch, dltk):
        with pytest.raises(Exception) as error:  # noqa: PT011
            lib.nn.Parameter(data)
        classes.append(nearest_builtin(error.value))
    assert classes[0] == classes[1]


@pytest.mark.parametrize("shape", [(), (0, 3), (7,), (3, 2, 5)])
def test_the_quick_slope_of_gelu_is_that_of_the_plain_rule(shape, monkeypatch):
    monkeypatch.setattr(gelu_slope, "PIECE", 4)
    x = np.random.RandomState(0).uniform(-6, 6, shape)
    for each in (x, x.T):
        plain = one_node._gelu_slope(cpu.ops, each, "tanh")
        quick = gelu_slope.times_slope(np, np.cos(each), each)
        assert np.shape(quick) == each.shape
        np.testing.assert_allclose(quick, np.cos(each) * plain, rtol=1e-12, atol=1e-14)
