"""What holds of all operations on windows: dtypes, changes in place, any sizes, any views."""

from collections.abc import Callable

import numpy as np
import pytest
from comparing import array, assert_same, both, outcome, seed_like
from hypothesis import given, settings
from hypothesis import strategies as st
from windows_support import OPERATIONS

import dltk
from dltk.nn import convolution, pooling, windows

IMAGE = np.random.RandomState(9).normal(size=(1, 1, 4, 4)) * 3


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int8", "int16", "int32", "int64", "float16"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_the_dtypes_are_those_of_torch(name, dtype):
    def run(lib):
        images = lib.tensor(abs(IMAGE)).to(getattr(lib, dtype))
        return array(OPERATIONS[name](lib.nn.functional, images))

    want, got = both(run)
    assert_same(got, want, 1e-9)


@pytest.mark.parametrize("changed", ["input", "output"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_after_a_change_in_place_the_gradient_or_its_refusal_is_torchs(name, changed):
    def run(lib):
        leaf = lib.tensor(IMAGE, requires_grad=True)
        images = leaf * 1
        z = OPERATIONS[name](lib.nn.functional, images)
        (images if changed == "input" else z).mul_(3)
        return outcome(lib, lambda: array(lib.autograd.grad((z * z).sum(), leaf)[0]))

    want, got = both(run)
    assert_same(got, want, 1e-9)


@pytest.mark.parametrize(
    "write", ["z.mul_(2)", "z.detach().mul_(2)", "z[0].mul_(2)", "z.data.mul_(2)"]
)
@pytest.mark.parametrize("read_first", [True, False])
def test_a_kept_result_in_an_order_of_its_own_is_known_to_be_written(write, read_first):
    """A node keeps the result of ReLU on a convolution before anyone brought it in line."""

    def run(lib):
        leaf = lib.tensor(IMAGE, requires_grad=True)
        z = lib.nn.functional.conv2d(leaf.expand(3, 1, 4, 4), lib.ones(2, 1, 2, 2).double()).relu()
        if read_first:
            lib.autograd.grad((z * z).sum(), leaf, create_graph=True)
        eval(write, {"z": z})
        found = outcome(lib, lambda: array(lib.autograd.grad(z.sum(), leaf)[0]))
        return array(z), array(z.detach()), array(z.view(-1)[3:]), found

    want, got = both(run)
    assert_same(got, want, 1e-9)


def test_all_aliases_of_a_result_in_an_order_of_its_own_see_a_write():
    def run(lib):
        z = lib.nn.functional.conv2d(
            lib.tensor(IMAGE).expand(3, 1, 4, 4).requires_grad_(), lib.ones(2, 1, 2, 2).double()
        ).relu()
        seen, row = z.detach(), z.detach().view(-1)
        other = lib.zeros(1)
        other.data = z.detach()
        row[5] = 7
        return array(z), array(seen), array(row), array(other)

    want, got = both(run)
    assert_same(got, want, 1e-9)


def _images(lib, x, way):
    """A batch of images that lies in memory in one of several ways."""
    images = lib.tensor(x, requires_grad=True)
    views = {
        "as it is": lambda: images,
        "turned": lambda: images.transpose(2, 3),
        "batch last": lambda: images.permute(3, 1, 2, 0),
        "every other row": lambda: images[:, :, ::2],
        "stretched": lambda: images[:1].expand(3, -1, -1, -1),
    }
    return images, views[way]()


WAYS = st.sampled_from(["as it is", "turned", "batch last", "every other row", "stretched"])


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    sizes=st.tuples(*[st.integers(1, 7)] * 4),
    kernel=st.tuples(*[st.integers(1, 3)] * 2),
    stride=st.tuples(*[st.integers(1, 3)] * 2),
    padding=st.tuples(*[st.integers(0, 2)] * 2),
    dilation=st.tuples(*[st.integers(1, 2)] * 2),
    groups=st.integers(1, 3),
    outputs=st.integers(1, 2),
    way=WAYS,
    transposed=st.booleans(),
)
def test_any_convolution_of_any_view_is_torchs(
    sizes, kernel, stride, padding, dilation, groups, outputs, way, transposed
):
    x = np.random.RandomState(0).normal(size=(sizes[0], sizes[1] * groups, *sizes[2:]))

    def run(lib):
        leaf, images = _images(lib, x, way)
        inner, outer = images.shape[1], outputs * groups
        if inner % groups:
            groups_now, outer = 1, outputs
        else:
            groups_now = groups
        if transposed:
            shape = (inner, outer // groups_now, *kernel)
            function = lib.nn.functional.conv_transpose2d
        else:
            shape = (outer, inner // groups_now, *kernel)
            function = lib.nn.functional.conv2d
        weight = lib.linspace(-1.0, 1.0, int(np.prod(shape)), dtype=lib.float64).reshape(shape)
        weight.requires_grad_()
        z = function(
            images, weight, stride=stride, padding=padding, dilation=dilation, groups=groups_now
        )
        gradients = lib.autograd.grad(z, (leaf, weight), seed_like(lib, z))
        return [array(z), str(tuple(z.stride())), *map(array, gradients)]

    want, got = both(run)
    assert_same(got, want, 1e-9)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    sizes=st.tuples(*[st.integers(1, 3)] * 2, *[st.integers(3, 9)] * 2),
    kernel=st.tuples(*[st.integers(1, 3)] * 2),
    stride=st.tuples(*[st.integers(1, 4)] * 2),
    padded=st.booleans(),
    dilation=st.tuples(*[st.integers(1, 2)] * 2),
    ceil_mode=st.booleans(),
    way=WAYS,
    largest=st.booleans(),
)
def test_any_pooling_of_any_view_is_torchs(
    sizes, kernel, stride, padded, dilation, ceil_mode, way, largest
):
    padding = (kernel[0] // 2 * padded, kernel[1] // 2 * padded)
    x = np.random.RandomState(0).randint(-3, 4, size=sizes).astype(float)

    def run(lib):
        leaf, images = _images(lib, x, way)
        functional = lib.nn.functional
        if largest:
            z, places = functional.max_pool2d(
                images, kernel, stride, padding, dilation, ceil_mode, return_indices=True
            )
            found = [array(z), array(places)]
        else:
            z = functional.avg_pool2d(images, kernel, stride, padding, ceil_mode, dilation[0] == 1)
            found = [array(z)]
        gradient = lib.autograd.grad(z, leaf, seed_like(lib, z))[0]
        return [*found, str(tuple(z.stride())), array(gradient)]

    want, got = both(run)
    assert_same(got, want, 1e-9)


def a_network_of_every_layer(lib):
    """Three steps of two convolutions, both poolings and a linear layer: the losses."""
    lib.manual_seed(0)
    nn = lib.nn
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(4, 6, 3, groups=2, bias=False),
        nn.AvgPool2d(2, padding=1, count_include_pad=False),
        nn.Flatten(),
        nn.Linear(24, 3),
    )
    optimizer = lib.optim.SGD(model.parameters(), lr=0.1)
    x, y, losses = lib.randn(8, 1, 10, 10), lib.arange(8) % 3, []
    for _ in range(3):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return np.array(losses)


def test_a_network_of_every_layer_learns_as_under_torch():
    want, got = both(a_network_of_every_layer)
    assert_same(got, want, 1e-5)


OWNED = [
    windows.window_count,
    windows.windows,
    convolution.columns_of,
    convolution.conv2d,
    convolution.fold,
    pooling.max_pool2d,
    pooling.window_sizes,
    pooling.avg_pool2d,
]


@pytest.mark.parametrize("function", OWNED, ids=lambda each: each.__name__)
def test_a_function_of_lab_6_taken_out_stops_the_network(function, monkeypatch):
    def taken_out(*args, **options):
        raise NotImplementedError("taken out")

    monkeypatch.setattr(function, "__code__", taken_out.__code__)
    with pytest.raises(NotImplementedError, match="taken out"):
        a_network_of_every_layer(dltk)


TRIVIAL: dict[str, Callable] = {
    "max_pool2d": lambda f, x: f.max_pool2d(x, 1),
    "avg_pool2d": lambda f, x: f.avg_pool2d(x, 1),
    "adaptive_avg_pool2d": lambda f, x: f.adaptive_avg_pool2d(x, (4, 4)),
    "unfold": lambda f, x: f.unfold(x, 1),
    "fold": lambda f, x: f.fold(x.reshape(1, 1, 16), (4, 4), 1),
    "pad": lambda f, x: f.pad(x, (0, 0)),
    "reflect": lambda f, x: f.pad(x, (0, 0, 0, 0), "reflect"),
    "circular": lambda f, x: f.pad(x, (0, 0, 0, 0), "circular"),
}


@pytest.mark.parametrize("name", TRIVIAL)
def test_a_result_has_memory_of_its_own_even_where_nothing_changes(name):
    images = dltk.ones(1, 1, 4, 4)
    TRIVIAL[name](dltk.nn.functional, images).fill_(5)
    assert (images == 1).all()


@pytest.mark.parametrize("name", ["max_pool2d", "avg_pool2d"])
def test_forward_mode_over_reverse_mode_is_torchs(name):
    numbers = np.random.RandomState(4)
    arrays = [numbers.normal(size=shape) for shape in ((1, 2, 4, 4), (2, 1, 2, 2), (2,))]

    def run(lib):
        functional = lib.nn.functional

        def energy(x, w, b):
            z = functional.conv2d(x, w, b, groups=2, padding=1)
            z = functional.pad(z * z, (1, 1, 0, 0), "constant", 0.5)
            return (getattr(functional, name)(z, 2) ** 2).sum()

        inputs = [lib.tensor(each) for each in arrays]
        mixed = lib.func.jacfwd(lib.func.grad(energy, argnums=0), argnums=2)
        return [array(lib.func.hessian(energy, argnums=1)(*inputs)), array(mixed(*inputs))]

    want, got = both(run)
    assert_same(got, want, 1e-9)
