"""Pooling: torch's values, derivatives to second order in both modes, graphs and errors."""

import numpy as np
import pytest
from comparing import array, assert_same, both
from windows_support import derivatives, refusals

numbers = np.random.RandomState(7)


def draw(*shape):
    return numbers.normal(size=shape)


IMAGES = (2, 3, 6, 7)
POOLS = [
    ("max_pool2d", IMAGES, (2,), {}),
    ("max_pool2d", IMAGES, (3,), {"stride": 2, "padding": 1}),
    ("max_pool2d", IMAGES, (3,), {"stride": 1, "padding": 1, "dilation": (2, 1)}),
    ("max_pool2d", IMAGES, ((3, 2),), {"stride": 1, "ceil_mode": True}),
    ("max_pool2d", (2, 3, 5, 7), (2,), {"ceil_mode": True, "padding": 1}),
    ("max_pool2d", (3, 5, 7), (2,), {"stride": 3, "ceil_mode": True}),
    ("max_pool2d", IMAGES, ((6, 7),), {}),
    ("max_pool2d", IMAGES, (1,), {}),
    ("max_pool2d", (0, 3, 6, 7), (2,), {}),
    ("max_pool1d", (2, 3, 7), (2,), {}),
    ("max_pool1d", (3, 7), (3,), {"stride": 2, "padding": 1, "ceil_mode": True}),
    ("max_pool1d", (2, 3, 7), (2,), {"dilation": 3, "stride": (2,)}),
    ("avg_pool2d", IMAGES, (2,), {}),
    ("avg_pool2d", IMAGES, (3,), {"stride": 2, "padding": 1}),
    ("avg_pool2d", IMAGES, (3,), {"stride": 2, "padding": 1, "count_include_pad": False}),
    ("avg_pool2d", IMAGES, (3,), {"stride": 3, "padding": 1, "ceil_mode": True}),
    (
        "avg_pool2d",
        (2, 3, 5, 6),
        ((3, 2),),
        {"stride": 2, "padding": (1, 0), "ceil_mode": True, "count_include_pad": False},
    ),
    ("avg_pool2d", (3, 6, 7), ((3, 2),), {"stride": 1, "divisor_override": 5}),
    ("avg_pool2d", (0, 3, 6, 7), (2,), {}),
    ("adaptive_avg_pool2d", IMAGES, (1,), {}),
    ("adaptive_avg_pool2d", IMAGES, ((4, 3),), {}),
    ("adaptive_avg_pool2d", (3, 6, 7), ((None, 9),), {}),
    ("adaptive_avg_pool2d", (0, 3, 6, 7), (2,), {}),
]


@pytest.mark.parametrize("case", POOLS, ids=str)
def test_a_pooling_and_its_derivatives_are_torchs(case):
    name, shape, args, options = case
    x = draw(*shape)

    def run(lib):
        return derivatives(
            lib, lambda t: getattr(lib.nn.functional, name)(t, *args, **options), (x,)
        )

    want, got = both(run)
    assert_same(got, want, 1e-9)


@pytest.mark.parametrize("dtype", ["float32", "float64", "int64", "uint8", "float16"])
@pytest.mark.parametrize("case", [POOLS[1], POOLS[4], POOLS[10], POOLS[13], POOLS[20]], ids=str)
def test_values_strides_and_places_are_torchs_for_every_dtype(case, dtype):
    name, shape, args, options = case
    x = np.abs(draw(*shape)) * 50

    def run(lib):
        images = lib.tensor(x).to(getattr(lib, dtype))
        function = getattr(lib.nn.functional, name)
        found = [function(images, *args, **options)]
        if "max" in name:
            found = list(function(images, *args, **options, return_indices=True))
        return [array(each) for each in found], str([tuple(each.stride()) for each in found])

    want, got = both(run)
    assert_same(got, want, 1e-9)


def test_of_equal_elements_the_first_gets_the_whole_gradient():
    x = np.array([[1.0, 3, 3, 0], [3, 2, 3, 3], [0, 0, 5, 5], [0, 0, 5, 5]])

    def run(lib):
        images = lib.tensor(x[None, None], requires_grad=True)
        z, places = lib.nn.functional.max_pool2d(images, 3, 1, padding=1, return_indices=True)
        return [array(places), *map(array, lib.autograd.grad(z.sum(), images))]

    want, got = both(run)
    assert_same(got, want, 1e-9)


@pytest.mark.parametrize("ceil_mode", [False, True])
@pytest.mark.parametrize("dtype", ["uint8", "int64", "float64", "float32"])
def test_the_padding_is_never_chosen_though_the_images_hold_the_least_there_is(dtype, ceil_mode):
    def run(lib):
        kind = getattr(lib, dtype)
        least = float("-inf") if kind.is_floating_point else lib.iinfo(kind).min
        images = lib.zeros(2, 1, 6, 5, dtype=kind)
        images[0, 0, :3] = images[1, 0, :, 4] = least
        found = []
        for kernel, dilation in ((2, 1), (3, 1), (3, 2), ((2, 3), (1, 2))):
            options = {"padding": 1, "dilation": dilation, "ceil_mode": ceil_mode}
            x = images.clone().requires_grad_(kind.is_floating_point)
            z, places = lib.nn.functional.max_pool2d(x, kernel, return_indices=True, **options)
            found += [array(z), array(places)]
            if kind.is_floating_point:
                found += map(array, lib.autograd.grad(z, x, lib.ones_like(z)))
        return found

    want, got = both(run)
    assert_same(got, want, 1e-9)


@pytest.mark.parametrize(("kernel", "stride", "dilation"), [(2, 2, 2), (3, 4, 2), (2, 3, 3)])
def test_windows_that_meet_because_they_are_dilated_add_up_their_gradients(
    kernel, stride, dilation
):
    # The largest element is at the end of one window and at the beginning of the next.
    x = np.arange(63.0).reshape(1, 1, 9, 7) % 5

    def run(lib):
        def pooled(images):
            return lib.nn.functional.max_pool2d(images, kernel, stride, dilation=dilation)

        return derivatives(lib, pooled, (x,))

    want, got = both(run)
    assert_same(got, want, 1e-9)
    assert not isinstance(want, str)


@pytest.mark.parametrize("size", [1, 2, (3, 5), (8, None)])
def test_nan_and_infinity_reach_only_the_adaptive_means_that_they_are_part_of(size):
    x = draw(2, 1, 6, 5)
    x[0, 0, 1, 1], x[0, 0, 5, 4], x[1, 0, 0, 0] = np.nan, np.inf, -np.inf

    def run(lib):
        images = lib.tensor(x, requires_grad=True)
        z = lib.nn.functional.adaptive_avg_pool2d(images, size)
        seed = lib.ones_like(z)
        seed[0, 0, -1, -1] = float("inf")
        return [array(z), *map(array, lib.autograd.grad(z, images, seed))]

    want, got = both(run)
    assert_same(got, want, 1e-9)


@pytest.mark.parametrize("dtype", ["int64", "int32", "uint8", "int8"])
def test_integer_signals_are_pooled_where_the_places_are_asked_for(dtype):
    def run(lib):
        signals = (lib.arange(14).reshape(1, 2, 7) * 5 % 7).to(getattr(lib, dtype))
        return [
            array(each)
            for each in lib.nn.functional.max_pool1d(signals, 3, 2, 1, return_indices=True)
        ]

    want, got = both(run)
    assert_same(got, want, 0)


@pytest.mark.parametrize("stride", [1, 2])
def test_nan_and_infinity_go_where_they_go_in_torch(stride):
    x = np.arange(30.0).reshape(1, 1, 5, 6) % 7
    x[0, 0, 1, 1] = x[0, 0, 3, 4] = x[0, 0, 3, 5] = np.nan
    x[0, 0, 0, 4], x[0, 0, 4, :4] = np.inf, -np.inf

    def run(lib):
        images = lib.tensor(x, requires_grad=True)
        z, places = lib.nn.functional.max_pool2d(images, 2, stride, return_indices=True)
        seed = lib.full_like(z, 2.0)
        seed[0, 0, 0, 1] = float("inf")
        return [array(z), array(places), *map(array, lib.autograd.grad(z, images, seed))]

    want, got = both(run)
    assert_same(got, want, 1e-9)


def test_padding_is_lower_than_any_element():
    def run(lib):
        z = lib.nn.functional.max_pool2d(-lib.ones(1, 1, 3, 3), 3, 1, padding=1)
        whole = lib.nn.functional.max_pool2d(-lib.ones(1, 1, 3, 3).long(), 3, 1, padding=1)
        return array(z), array(whole)

    want, got = both(run)
    assert_same(got, want, 1e-9)
    assert (got[0] == -1).all()


def test_an_image_that_is_not_row_major_gives_what_its_copy_gives():
    x = draw(8, 6, 3, 2)

    def run(lib):
        images = lib.tensor(x).permute(3, 2, 0, 1)[:, :, ::2]
        functional = lib.nn.functional
        found = [
            functional.max_pool2d(images, 2),
            functional.avg_pool2d(images, 2),
            functional.adaptive_avg_pool2d(images, (3, 2)),
        ]
        return [array(each) for each in found], str([tuple(each.stride()) for each in found])

    want, got = both(run)
    assert_same(got, want, 1e-9)


def test_nodes_have_torchs_names():
    def run(lib):
        x, f = lib.ones(2, 3, 6, 6, requires_grad=True), lib.nn.functional
        found = [
            f.max_pool2d(x, 2),
            f.max_pool2d(x[0], 2, return_indices=True)[0],
            f.max_pool1d(x[0], 2),
            f.avg_pool2d(x, 2),
            f.adaptive_avg_pool2d(x, 1),
            f.adaptive_avg_pool2d(x, 2),
        ]
        return [each.grad_fn.name() for each in found]

    assert both(run)[0] == both(run)[1]


BAD_POOLS = {
    "half the kernel padded": lambda lib, f, t: f.max_pool2d(t(3, 5, 5), 2, padding=2),
    "a window too large": lambda lib, f, t: f.max_pool2d(t(3, 5, 5), 7),
    "a matrix": lambda lib, f, t: f.max_pool2d(t(5, 5), 2),
    "five dimensions": lambda lib, f, t: f.max_pool2d(t(1, 1, 1, 5, 5), 2),
    "truth values": lambda lib, f, t: f.max_pool2d(t(1, 1, 5, 5).bool(), 2),
    "no stride": lambda lib, f, t: f.max_pool2d(t(1, 1, 5, 5), 2, stride=0),
    "no window": lambda lib, f, t: f.max_pool2d(t(1, 1, 5, 5), 0),
    "three sizes": lambda lib, f, t: f.max_pool2d(t(1, 1, 5, 5), (1, 2, 3)),
    "a negative padding": lambda lib, f, t: f.max_pool2d(t(1, 1, 5, 5), 2, padding=-1),
    "no dilation": lambda lib, f, t: f.max_pool2d(t(1, 1, 5, 5), 2, dilation=0),
    "no channels": lambda lib, f, t: f.max_pool2d(t(2, 0, 5, 5), 2),
    "no rows": lambda lib, f, t: f.max_pool2d(t(2, 1, 0, 5), 2),
    "a fraction": lambda lib, f, t: f.max_pool2d(t(2, 1, 5, 5), 2.5),
    "a list": lambda lib, f, t: f.max_pool2d([[1.0]], 2),
    "a vector": lambda lib, f, t: f.max_pool1d(t(5), 2),
    "a signal too short": lambda lib, f, t: f.max_pool1d(t(1, 5), 8),
    "half the signal's kernel padded": lambda lib, f, t: f.max_pool1d(t(1, 5), 2, padding=2),
    "a signal of integers": lambda lib, f, t: f.max_pool1d(t(1, 5).long(), 2),
    "the mean of a matrix": lambda lib, f, t: f.avg_pool2d(t(5, 5), 2),
    "half the mean's kernel padded": lambda lib, f, t: f.avg_pool2d(t(2, 3, 5, 5), 2, padding=2),
    "a divisor of 0": lambda lib, f, t: f.avg_pool2d(t(2, 3, 5, 5), 2, divisor_override=0),
    "a mean too large": lambda lib, f, t: f.avg_pool2d(t(2, 3, 5, 5), 7),
    "a mean of five dimensions": lambda lib, f, t: f.avg_pool2d(t(1, 1, 1, 5, 5), 2),
    "a mean of no channels": lambda lib, f, t: f.avg_pool2d(t(2, 0, 5, 5), 2),
    "a divisor with a fraction": lambda lib, f, t: f.avg_pool2d(
        t(2, 3, 5, 5), 2, divisor_override=2.5
    ),
    "no adaptive size": lambda lib, f, t: f.adaptive_avg_pool2d(t(1, 5, 5), None),
    "one adaptive size in a tuple": lambda lib, f, t: f.adaptive_avg_pool2d(t(1, 5, 5), (2,)),
    "an adaptive matrix": lambda lib, f, t: f.adaptive_avg_pool2d(t(5, 5), (1, 3)),
    "adaptive integers": lambda lib, f, t: f.adaptive_avg_pool2d(t(1, 1, 5, 5).long(), 2),
    "the mean of integers": lambda lib, f, t: f.adaptive_avg_pool2d(t(1, 1, 5, 5).long(), 1),
    "a negative size": lambda lib, f, t: f.adaptive_avg_pool2d(t(2, 3, 5, 5), (-1, 3)),
    "an adaptive image of nothing": lambda lib, f, t: f.adaptive_avg_pool2d(t(1, 3, 0, 5), (2, 3)),
}


@pytest.mark.parametrize("name", BAD_POOLS)
def test_what_torch_refuses_is_refused_with_its_class_of_error(name):
    want, got, _ = refusals(BAD_POOLS[name])
    assert got == want


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("half the kernel padded", ["pad=(2, 2)", "kernel_size=(2, 2)"]),
        ("a window too large", ["(3, 5, 5)", "too small"]),
        ("a matrix", ["3D or 4D", "[5, 5]"]),
        ("three sizes", ["kernel_size", "[1, 2, 3]"]),
        ("a signal of integers", ["Long"]),
        ("a negative size", ["output_size", "-1"]),
    ],
)
def test_a_refusal_names_the_argument_and_its_shape(name, named):
    _, _, message = refusals(BAD_POOLS[name])
    assert all(each in message for each in named), message


LAYERS = [
    ("MaxPool2d", (2,), {}),
    ("MaxPool2d", ((2, 3),), {"stride": 1, "padding": (0, 1), "dilation": 2, "ceil_mode": True}),
    ("MaxPool1d", (3, 2), {}),
    ("AvgPool2d", (3,), {}),
    ("AvgPool2d", ((3, 2), 1, 1, True, False, 5), {}),
    ("AdaptiveAvgPool2d", ((1, None),), {}),
    ("AdaptiveAvgPool2d", (3,), {}),
]


@pytest.mark.parametrize("layer", LAYERS, ids=str)
def test_a_layer_prints_and_computes_as_torchs(layer):
    name, args, options = layer
    x = draw(3, 6, 7)

    def run(lib):
        m = getattr(lib.nn, name)(*args, **options)
        return repr(m), array(m(lib.tensor(x)))

    want, got = both(run)
    assert_same(got, want, 1e-9)


def test_a_layer_gives_the_places_of_the_largest():
    x = draw(2, 3, 6, 7)
    want, got = both(lambda lib: array(lib.nn.MaxPool2d(2, return_indices=True)(lib.tensor(x))[1]))
    assert_same(got, want, 1e-9)
