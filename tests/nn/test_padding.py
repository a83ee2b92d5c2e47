"""F.pad: every mode, negative widths, derivatives, graphs and errors are torch's."""

import numpy as np
import pytest
from comparing import array, assert_same, both
from windows_support import derivatives, refusals

numbers = np.random.RandomState(8)
MODES = ["constant", "reflect", "replicate", "circular"]
SHAPES = [
    ((2, 3, 4, 5), (1, 2, 3, 0)),
    ((2, 3, 4, 5), (-1, 2, 1, -2)),
    ((2, 3, 4, 5), (0, 0, 0, 0)),
    ((3, 4, 5), (2, 1, 1, 1)),
    ((3, 4, 5), (4, 4)),
    ((3, 5), (-1, -2)),
    ((3, 5), (2, -3)),
    ((2, 3, 3, 4, 5), (1, 0, 2, 1, 0, 1)),
    ((0, 3, 4), (1, 2)),
]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("case", SHAPES, ids=str)
def test_padding_and_its_derivatives_are_torchs(case, mode):
    shape, widths = case
    x = numbers.normal(size=shape)

    def run(lib):
        padded = lib.nn.functional.pad(lib.tensor(x), widths, mode)
        return str(tuple(padded.stride())), *derivatives(
            lib, lambda t: lib.nn.functional.pad(t, widths, mode), (x,)
        )

    want, got = both(run)
    assert_same(got, want, 1e-9)


@pytest.mark.parametrize("widths", [(), (1, 1), (2, 0, -1, 1, 1, 1, 1, 0), (-2, -3)])
@pytest.mark.parametrize("dtype", ["float32", "int64", "uint8", "bool"])
def test_a_value_of_ones_own_fills_the_frame(widths, dtype):
    def run(lib):
        x = lib.ones(1, 2, 2, 5).to(getattr(lib, dtype))
        return array(lib.nn.functional.pad(x, widths, value=3.7))

    want, got = both(run)
    assert_same(got, want, 1e-9)


def test_nodes_have_torchs_names():
    def run(lib):
        x, pad = lib.ones(2, 3, 5, 5, requires_grad=True), lib.nn.functional.pad
        found = [pad(x, (1, 1)), pad(x[0, 0], (1, 1), "reflect")]
        found += [pad(x, (1, 1, 1, 1), mode) for mode in ("reflect", "replicate")]
        return [each.grad_fn.name() for each in found]

    assert both(run)[0] == both(run)[1]


BAD_PADS = {
    "an odd number": lambda lib, f, t: f.pad(t(2, 3), (1,)),
    "too many": lambda lib, f, t: f.pad(t(2, 3), (1, 1, 1, 1, 1, 1)),
    "no such mode": lambda lib, f, t: f.pad(t(2, 3), (1, 1), "mirror"),
    "more taken than there is": lambda lib, f, t: f.pad(t(2, 3), (-3, -3)),
    "a value for reflection": lambda lib, f, t: f.pad(t(2, 3, 4), (1, 1), "reflect", 2.0),
    "as much reflected as there is": lambda lib, f, t: f.pad(t(2, 3, 4), (4, 0), "reflect"),
    "reflection of truth values": lambda lib, f, t: f.pad(t(2, 3).bool(), (1, 1), "reflect"),
    "one dimension of four": lambda lib, f, t: f.pad(t(2, 3, 4, 5), (1, 1), "replicate"),
    "a vector": lambda lib, f, t: f.pad(t(5), (1, 1), "circular"),
    "no widths": lambda lib, f, t: f.pad(t(2, 3, 4), (), "circular"),
    "more than once around": lambda lib, f, t: f.pad(t(2, 3), (4, 0), "circular"),
    "all taken around": lambda lib, f, t: f.pad(t(2, 3), (-3, -3), "circular"),
    "all taken replicated": lambda lib, f, t: f.pad(t(2, 3), (-3, -3), "replicate"),
    "a width with a fraction": lambda lib, f, t: f.pad(t(2, 3), (1.5, 1)),
    "nothing replicated": lambda lib, f, t: f.pad(t(2, 0), (1, 1), "replicate"),
    "a number": lambda lib, f, t: f.pad(3.0, (1, 1)),
}


@pytest.mark.parametrize("name", BAD_PADS)
def test_what_torch_refuses_is_refused_with_its_class_of_error(name):
    want, got, _ = refusals(BAD_PADS[name])
    assert got == want


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("too many", ["length 6", "dimension 2"]),
        ("as much reflected as there is", ["(4, 0)", "[2, 3, 4]"]),
        ("one dimension of four", ["4D", "replicate"]),
    ],
)
def test_a_refusal_names_the_argument_and_its_shape(name, named):
    _, _, message = refusals(BAD_PADS[name])
    assert all(each in message for each in named), message
