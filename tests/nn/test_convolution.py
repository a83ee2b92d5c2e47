"""Convolutions: torch's values, derivatives to second order in both modes, graphs and errors."""

import numpy as np
import pytest
import torch
from comparing import array, assert_same, both, seed_like
from windows_support import derivatives, refusals

import dltk

numbers = np.random.RandomState(6)


def draw(*shape):
    return numbers.normal(size=shape)


CONVOLUTIONS = {
    "conv2d": [
        ((2, 3, 6, 5), (4, 3, 3, 2), {}),
        ((2, 3, 6, 5), (4, 3, 3, 3), {"padding": 1}),
        ((2, 3, 6, 5), (4, 3, 1, 1), {}),
        ((2, 3, 7, 8), (4, 3, 3, 2), {"stride": 2, "padding": (2, 1)}),
        ((1, 2, 3, 3), (2, 2, 3, 3), {"stride": 5, "padding": 2}),
        ((2, 1, 9, 8), (2, 1, 3, 2), {"dilation": (2, 3), "stride": (2, 1)}),
        ((2, 4, 5, 6), (6, 2, 3, 3), {"groups": 2, "padding": 1}),
        ((2, 3, 5, 6), (3, 1, 2, 3), {"groups": 3, "dilation": 2}),
        ((3, 5, 6), (4, 3, 3, 3), {"padding": 1}),
        ((0, 3, 5, 6), (4, 3, 3, 3), {"padding": 1}),
        ((2, 3, 5, 6), (4, 3, 3, 3), {"padding": "same"}),
        ((2, 3, 5, 6), (4, 3, 2, 4), {"padding": "same", "dilation": (1, 2)}),
        ((2, 3, 5, 6), (4, 3, 3, 3), {"padding": "valid", "stride": 2}),
        ((2, 3, 5, 6), (1, 3, 5, 6), {}),
    ],
    "conv1d": [
        ((2, 3, 6), (4, 3, 3), {}),
        ((2, 4, 9), (6, 2, 3), {"stride": 2, "padding": 2, "dilation": 2, "groups": 2}),
        ((3, 6), (4, 3, 2), {"padding": "same"}),
    ],
    "conv_transpose2d": [
        ((2, 3, 4, 5), (3, 4, 3, 2), {}),
        ((2, 4, 4, 3), (4, 3, 3, 3), {"stride": 2, "padding": 1, "output_padding": 1, "groups": 2}),
        ((2, 3, 3, 3), (3, 2, 2, 3), {"dilation": (3, 2), "output_padding": (2, 1)}),
        ((2, 3, 3, 3), (3, 2, 2, 2), {"stride": 3, "output_padding": (0, 2)}),
        ((3, 4, 5), (3, 4, 3, 2), {"padding": (1, 0)}),
        ((0, 3, 4, 5), (3, 4, 3, 2), {}),
    ],
}
CASES = [(name, *case) for name, each in CONVOLUTIONS.items() for case in each]


def operands(name, x_shape, w_shape, options, with_bias=True):
    outputs = w_shape[1] * options.get("groups", 1) if "transpose" in name else w_shape[0]
    return (draw(*x_shape), draw(*w_shape), *([draw(outputs)] if with_bias else []))


@pytest.mark.filterwarnings("ignore:Using padding='same'")
@pytest.mark.parametrize("with_bias", [True, False])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_convolution_and_its_derivatives_are_torchs(case, with_bias):
    name, _, _, options = case
    arrays = operands(*case, with_bias)

    def run(lib):
        return derivatives(
            lib, lambda *given: getattr(lib.nn.functional, name)(*given, **options), arrays
        )

    want, got = both(run)
    assert_same(got, want, 1e-9)


@pytest.mark.parametrize("wanted", [(0,), (1,), (2,), (0, 2), (1, 2)])
@pytest.mark.parametrize("first", [0, 1, 2])
def test_second_derivatives_are_torchs_for_any_operands(wanted, first):
    arrays = operands("conv2d", (2, 2, 5, 4), (4, 1, 3, 2), {"groups": 2})

    def run(lib):
        inputs = [lib.tensor(each) for each in arrays]
        for place in {first, *wanted}:
            inputs[place].requires_grad_()
        z = lib.nn.functional.conv2d(*inputs, stride=(2, 1), padding=1, groups=2)
        (gradient,) = lib.autograd.grad((z * z * z).sum(), inputs[first], create_graph=True)
        twice = lib.autograd.grad(
            (gradient * seed_like(lib, gradient)).sum(), [inputs[place] for place in wanted]
        )
        return [array(each) for each in twice]

    want, got = both(run)
    assert_same(got, want, 1e-9)


def test_third_derivatives_are_torchs():
    arrays = operands("conv2d", (1, 2, 4, 4), (2, 2, 2, 2), {})

    def run(lib):
        x, w, b = [lib.tensor(each, requires_grad=True) for each in arrays]
        value = (lib.nn.functional.conv2d(x, w, b, padding=1) ** 4).sum()
        for _ in range(3):
            grads = lib.autograd.grad(value, (x, w, b), create_graph=True)
            value = sum((each * seed_like(lib, each)).sum() for each in grads)
        return [array(each) for each in grads]

    want, got = both(run)
    assert_same(got, want, 1e-9)


def test_the_derivatives_pass_gradcheck():
    arrays = operands("conv2d", (1, 2, 4, 3), (2, 1, 2, 2), {"groups": 2})
    inputs = tuple(dltk.tensor(each, requires_grad=True) for each in arrays)

    def run(x, w, b):
        return dltk.nn.functional.conv2d(x, w, b, stride=2, padding=1, groups=2)

    assert dltk.autograd.gradcheck(run, inputs)
    assert dltk.autograd.gradgradcheck(run, inputs)


@pytest.mark.parametrize("dtype", ["float32", "float64", "int64", "float16"])
@pytest.mark.parametrize("case", CASES[:4] + CASES[-2:-1], ids=str)
def test_values_and_strides_are_torchs_for_every_dtype(case, dtype):
    name, _, _, options = case
    arrays = operands(*case)

    def run(lib):
        given = [(lib.tensor(each) * 3).to(getattr(lib, dtype)) for each in arrays]
        z = getattr(lib.nn.functional, name)(*given, **options)
        return array(z), str(tuple(z.stride())), str(z.is_contiguous())

    want, got = both(run)
    assert_same(got, want, 1e-9)


def test_an_image_that_is_not_row_major_gives_what_its_copy_gives():
    x, w = draw(5, 6, 3, 2), draw(4, 3, 3, 3)

    def run(lib):
        image = lib.tensor(x).permute(3, 2, 0, 1)[:, :, ::2]
        z = lib.nn.functional.conv2d(image, lib.tensor(w).transpose(2, 3), padding=1)
        return array(z), str(tuple(z.stride())), array(z.reshape(-1)), array(z.view(2, -1))

    want, got = both(run)
    assert_same(got, want, 1e-9)


def test_nodes_have_torchs_names_and_edges():
    def run(lib):
        x, w, b = [lib.ones(s, requires_grad=True) for s in ((2, 3, 5, 5), (4, 3, 3, 3), (4,))]
        functional = lib.nn.functional
        names = []
        for z in (
            functional.conv2d(x, w, b),
            functional.conv2d(x[0], w, b),
            functional.conv_transpose2d(x, lib.ones(3, 4, 2, 2), b),
            functional.unfold(x, 2),
            functional.fold(functional.unfold(x, 2), (5, 5), 2),
        ):
            edges = [node.name() for node, _ in z.grad_fn.next_functions if node is not None]
            names.append([z.grad_fn.name(), *edges])
        return names

    assert both(run)[0] == both(run)[1]


def test_the_gradient_of_an_image_nobody_asks_for_is_not_computed(monkeypatch):
    from dltk.nn import conv_primitives

    x, w = dltk.ones(1, 1, 4, 4), dltk.ones(1, 1, 2, 2, requires_grad=True)
    z = dltk.nn.functional.conv2d(x, w)
    monkeypatch.setattr(conv_primitives, "fold", None)
    z.sum().backward()
    assert w.grad.tolist() == [[[[9.0, 9.0], [9.0, 9.0]]]]
    assert set(z.grad_fn.plan.saved) == {"x"}


BAD_CONVOLUTIONS = {
    "channels that differ": lambda lib, f, t: f.conv2d(t(2, 2, 5, 5), t(4, 3, 3, 3)),
    "a kernel too large": lambda lib, f, t: f.conv2d(t(2, 3, 2, 5), t(4, 3, 3, 3)),
    "a dilated kernel too large": lambda lib, f, t: f.conv2d(
        t(2, 3, 4, 5), t(4, 3, 3, 3), dilation=2
    ),
    "too few dimensions": lambda lib, f, t: f.conv2d(t(3, 5), t(4, 3, 3, 3)),
    "too many dimensions": lambda lib, f, t: f.conv2d(t(1, 1, 3, 5, 5), t(4, 3, 3, 3)),
    "a weight of other dimensions": lambda lib, f, t: f.conv2d(t(2, 3, 5, 5), t(4, 3, 3)),
    "outputs that groups do not divide": lambda lib, f, t: f.conv2d(
        t(2, 4, 5, 5), t(3, 2, 3, 3), groups=2
    ),
    "no groups": lambda lib, f, t: f.conv2d(t(2, 4, 5, 5), t(3, 2, 3, 3), groups=0),
    "channels that groups do not fit": lambda lib, f, t: f.conv2d(
        t(2, 5, 5, 5), t(4, 2, 3, 3), groups=2
    ),
    "a bias of another length": lambda lib, f, t: f.conv2d(t(2, 3, 5, 5), t(4, 3, 3, 3), t(5)),
    "a bias of two dimensions": lambda lib, f, t: f.conv2d(t(2, 3, 5, 5), t(4, 3, 3, 3), t(4, 1)),
    "two dtypes": lambda lib, f, t: f.conv2d(t(2, 3, 5, 5).double(), t(4, 3, 3, 3)),
    "a bias of another dtype": lambda lib, f, t: f.conv2d(
        t(2, 3, 5, 5), t(4, 3, 3, 3), t(4).double()
    ),
    "truth values": lambda lib, f, t: f.conv2d(t(2, 3, 5, 5).bool(), t(4, 3, 3, 3).bool()),
    "a stride of 0": lambda lib, f, t: f.conv2d(t(2, 3, 5, 5), t(4, 3, 3, 3), stride=0),
    "a negative padding": lambda lib, f, t: f.conv2d(t(2, 3, 5, 5), t(4, 3, 3, 3), padding=-1),
    "a dilation of 0": lambda lib, f, t: f.conv2d(t(2, 3, 5, 5), t(4, 3, 3, 3), dilation=0),
    "three strides": lambda lib, f, t: f.conv2d(t(2, 3, 5, 5), t(4, 3, 3, 3), stride=(1, 2, 3)),
    "a stride with a fraction": lambda lib, f, t: f.conv2d(
        t(2, 3, 5, 5), t(4, 3, 3, 3), stride=1.5
    ),
    "an image without rows": lambda lib, f, t: f.conv2d(t(2, 3, 0, 5), t(4, 3, 3, 3), padding=2),
    "kernels of no elements": lambda lib, f, t: f.conv2d(t(2, 1, 5, 5), t(4, 1, 0, 3)),
    "no outputs": lambda lib, f, t: f.conv2d(t(2, 3, 5, 5), t(0, 3, 3, 3)),
    "a list": lambda lib, f, t: f.conv2d([1.0], t(4, 3, 3, 3)),
    "a number as weight": lambda lib, f, t: f.conv2d(t(2, 3, 5, 5), 3),
    "no such padding": lambda lib, f, t: f.conv2d(t(2, 3, 5, 5), t(4, 3, 3, 3), padding="best"),
    "same with a stride": lambda lib, f, t: f.conv2d(
        t(2, 3, 5, 5), t(4, 3, 3, 3), padding="same", stride=2
    ),
    "an output padding too large": lambda lib, f, t: f.conv_transpose2d(
        t(2, 3, 5, 5), t(3, 4, 3, 3), stride=2, output_padding=2
    ),
    "a negative output padding": lambda lib, f, t: f.conv_transpose2d(
        t(2, 3, 5, 5), t(3, 4, 3, 3), output_padding=-1
    ),
    "transposed channels that differ": lambda lib, f, t: f.conv_transpose2d(
        t(2, 2, 5, 5), t(3, 4, 3, 3)
    ),
    "a transposed bias too short": lambda lib, f, t: f.conv_transpose2d(
        t(2, 3, 5, 5), t(3, 4, 3, 3), t(3)
    ),
    "a transposed result of nothing": lambda lib, f, t: f.conv_transpose2d(
        t(2, 3, 1, 1), t(3, 4, 1, 1), padding=1
    ),
    "unfold with a kernel too large": lambda lib, f, t: f.unfold(t(2, 3, 5, 5), 7),
    "unfold of a matrix": lambda lib, f, t: f.unfold(t(5, 5), 2),
    "unfold of integers": lambda lib, f, t: f.unfold(t(1, 1, 5, 5).long(), 2),
    "unfold of no channels": lambda lib, f, t: f.unfold(t(2, 0, 5, 5), 2),
    "unfold without stride": lambda lib, f, t: f.unfold(t(2, 3, 5, 5), 2, stride=0),
    "unfold with a negative padding": lambda lib, f, t: f.unfold(t(2, 3, 5, 5), 2, padding=-1),
    "unfold without dilation": lambda lib, f, t: f.unfold(t(2, 3, 5, 5), 2, dilation=0),
    "fold of too few windows": lambda lib, f, t: f.fold(t(2, 12, 15), (5, 5), 2),
    "fold of other rows": lambda lib, f, t: f.fold(t(2, 11, 16), (5, 5), 2),
    "fold of a vector": lambda lib, f, t: f.fold(t(16), (5, 5), 2),
    "fold into too little": lambda lib, f, t: f.fold(t(2, 12, 16), (1, 1), 2),
    "fold of integers": lambda lib, f, t: f.fold(t(2, 12, 16).long(), (5, 5), 2),
}


@pytest.mark.parametrize("name", BAD_CONVOLUTIONS)
def test_what_torch_refuses_is_refused_with_its_class_of_error(name):
    want, got, _ = refusals(BAD_CONVOLUTIONS[name])
    assert got == want


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("channels that differ", ["[2, 2, 5, 5]", "[4, 3, 3, 3]", "3 channels"]),
        ("a kernel too large", ["kernel (3, 3)", "images of (2, 5)"]),
        ("unfold with a kernel too large", ["kernel (7, 7)", "images of (5, 5)"]),
        ("outputs that groups do not divide", ["groups=2", "[3, 2, 3, 3]"]),
        ("two dtypes", ["double", "float"]),
        ("a bias of another length", ["bias", "4 elements", "[5]"]),
        ("too few dimensions", ["conv2d", "[3, 5]"]),
        ("fold of too few windows", ["16", "15"]),
        ("three strides", ["stride", "[1, 2, 3]"]),
    ],
)
def test_a_refusal_names_the_argument_and_its_shape(name, named):
    _, _, message = refusals(BAD_CONVOLUTIONS[name])
    assert all(each in message for each in named), message


FOLDS = [
    ((2, 3, 6, 5), {"kernel_size": 2}),
    ((2, 3, 6, 5), {"kernel_size": (3, 2), "stride": 2, "padding": (1, 2)}),
    ((2, 1, 7, 6), {"kernel_size": (2, 3), "dilation": (3, 2), "stride": (1, 2)}),
    ((3, 6, 5), {"kernel_size": 3, "padding": 1}),
    ((0, 3, 6, 5), {"kernel_size": 3}),
]


@pytest.mark.parametrize("case", FOLDS, ids=str)
def test_unfold_fold_and_their_derivatives_are_torchs(case):
    shape, options = case

    def run(lib):
        functional = lib.nn.functional

        def there_and_back(x):
            columns = functional.unfold(x, **options)
            return functional.fold(columns * columns, tuple(shape[-2:]), **options)

        columns = functional.unfold(lib.tensor(x), **options)
        layers = lib.nn.Unfold(**options), lib.nn.Fold(tuple(shape[-2:]), **options)
        return [
            array(columns),
            str(tuple(columns.stride())),
            str(layers),
            array(layers[1](layers[0](lib.tensor(x)))),
            *derivatives(lib, there_and_back, (x,)),
        ]

    x = draw(*shape)
    want, got = both(run)
    assert_same(got, want, 1e-9)


LAYERS = [
    ("Conv2d", (3, 4, 3), {}),
    ("Conv2d", (4, 6, (3, 2)), {"stride": 2, "padding": (1, 0), "groups": 2, "bias": False}),
    ("Conv2d", (2, 4, (3, 4)), {"padding": "same", "padding_mode": "reflect"}),
    ("Conv2d", (2, 4, 3), {"padding": 2, "padding_mode": "circular", "dilation": 2}),
    ("Conv2d", (2, 4, 3), {"padding": (1, 2), "padding_mode": "replicate"}),
    ("Conv1d", (3, 4, 3), {"padding": "same"}),
    ("Conv1d", (4, 4, 3), {"stride": 2, "groups": 4, "padding": 1}),
    ("ConvTranspose2d", (3, 4, 3), {}),
    ("ConvTranspose2d", (4, 6, 3), {"stride": 2, "output_padding": 1, "groups": 2, "dilation": 2}),
]


@pytest.mark.parametrize("layer", LAYERS, ids=str)
def test_a_layer_prints_starts_and_computes_as_torchs(layer):
    name, args, options = layer

    def run(lib):
        lib.manual_seed(2)
        m = getattr(lib.nn, name)(*args, **options)
        x = lib.randn((2, args[0], 7) if name == "Conv1d" else (2, args[0], 6, 7))
        y = m(x)
        y.sum().backward()
        return [
            repr(m),
            " ".join(m.state_dict()),
            array(y),
            *[array(p) for p in m.parameters()],
            *[array(p.grad) for p in m.parameters()],
        ]

    want, got = both(run)
    assert_same(got, want, 1e-5)


BAD_LAYERS = [
    ("Conv2d", (3, 8, 3), {"groups": 2}),
    ("Conv2d", (4, 7, 3), {"groups": 2}),
    ("Conv2d", (4, 8, 3), {"groups": 0}),
    ("Conv2d", (4, 8, 3), {"padding": "best"}),
    ("Conv2d", (4, 8, 3), {"padding": "same", "stride": 2}),
    ("Conv2d", (4, 8, 3), {"padding_mode": "best"}),
    ("ConvTranspose2d", (4, 8, 3), {"padding_mode": "reflect"}),
]


@pytest.mark.parametrize("layer", BAD_LAYERS, ids=str)
def test_a_layer_that_torch_refuses_is_refused(layer):
    name, args, options = layer
    want, got = both(lambda lib: getattr(lib.nn, name)(*args, **options))
    assert got == want == "raises ValueError"


@pytest.mark.parametrize("size", [(11, 12), (12, 13), (2, 4, 12, 12), (10, 12), (14, 12), (12,)])
def test_a_transposed_layer_takes_the_size_to_give(size):
    def run(lib):
        lib.manual_seed(2)
        m = lib.nn.ConvTranspose2d(3, 4, 3, stride=2)
        return array(m(lib.ones(2, 3, 5, 5 + len(size) % 2), output_size=size))

    want, got = both(run)
    assert_same(got, want, 1e-5)


def test_a_step_of_a_small_network_is_torchs():
    def run(lib):
        lib.manual_seed(0)
        nn = lib.nn
        m = nn.Sequential(
            nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3),
            nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(24, 3),
        )  # fmt: skip
        optimizer = lib.optim.SGD(m.parameters(), lr=0.1)
        x, y, losses = lib.randn(8, 1, 12, 12), lib.arange(8) % 3, []
        for _ in range(5):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(m(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return np.array(losses)

    want, got = both(run)
    assert_same(got, want, 1e-5)


def test_a_convolution_written_out_by_loops_is_the_same():
    x, w = draw(1, 2, 4, 5), draw(3, 2, 2, 3)
    got = array(dltk.nn.functional.conv2d(dltk.tensor(x), dltk.tensor(w)))
    for o, a, b in np.ndindex(3, 3, 3):
        window = x[0, :, a : a + 2, b : b + 3]
        assert np.isclose(got[0, o, a, b], (window * w[o]).sum())
    assert torch.nn.functional.conv2d(torch.tensor(x), torch.tensor(w)).shape == got.shape
