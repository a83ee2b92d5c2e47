"""What one node of a layer computes is what its formula computes, operation by operation.

Values, adjoints as the backward pass on arrays gives them, the same recorded, tangents and second
derivatives: in float64 and float32, in odd shapes and shapes with 1 in them.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import plain_layers as plain
import pytest
from package_modules import every_module

import dltk
from dltk.core.primitive import REGISTRY
from dltk.nn import channels
from dltk.nn import functional as nnf

TOLERANCE = {"float64": 1e-10, "float32": 2e-4}


@dataclass(frozen=True)
class Case:
    """A layer, its formula, the shapes of its operands, and the primitives that it runs on."""

    primitives: str
    layer: Callable
    formula: Callable
    shapes: tuple

    def __str__(self):
        shapes = " ".join("x".join(map(str, shape)) for shape in self.shapes)
        return f"{self.primitives.split()[0]} {shapes}"


def of(primitives, layer, formula, *shapes):
    return Case(primitives, layer, formula, shapes)


def over(dim, *shape):
    """Softmax and its logarithm along `dim`."""
    for name in ("softmax", "log_softmax"):
        layer, formula = getattr(nnf, name), getattr(plain, name)
        yield of(name, lambda x, f=layer: f(x, dim), lambda x, f=formula: f(x, dim), shape)


def conv(bias, images, kernels, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    name = "convolution_with_bias" if bias else "convolution"
    how = (stride, padding, dilation, groups)
    return of(
        f"{name} convolution_to_images convolution_to_kernels",
        lambda x, y, b=None: nnf.conv2d(x, y, b, *how),
        lambda x, y, b=None: plain.conv2d(x, y, b, *how),
        images,
        kernels,
        *([kernels[:1]] if bias else []),
    )


def conv_transpose(bias, images, kernels, stride, padding, groups):
    name = "transposed_convolution_with_bias" if bias else "transposed_convolution"
    return of(
        f"{name} convolution_to_kernels",
        lambda x, y, b=None: nnf.conv_transpose2d(x, y, b, stride, padding, 0, groups),
        lambda x, y, b=None: plain.conv_transpose2d(x, y, b, stride, padding, groups),
        images,
        kernels,
        *([(kernels[1] * groups,)] if bias else []),
    )


def loss(shape, weighted, reduction):
    stream = np.random.RandomState(0)
    classes = stream.randint(0, shape[1], (shape[0], *shape[2:]))
    classes.flat[0] = 1
    weights = np.abs(stream.standard_normal(shape[1])) + 0.1 if weighted else None

    def with_target(function, x):
        weight = None if weights is None else dltk.tensor(weights, dtype=x.dtype)
        return function(x, dltk.tensor(classes), weight, ignore_index=1, reduction=reduction)

    bound = (functools.partial(with_target, each) for each in (nnf.nll_loss, plain.nll_loss))
    return of("nll_loss", *bound, shape)


def pool(shape, *args):
    for name in ("max_pool2d", "avg_pool2d"):
        layer, formula = getattr(nnf, name), getattr(plain, name)
        yield of(
            f"{name} {name}_back",
            lambda x, f=layer: f(x, *args),
            lambda x, f=formula: f(x, *args),
            shape,
        )


def columns_of(image, *args):
    unfolded = tuple(plain.unfold(dltk.zeros(*image), *args).shape)
    size = image[2:]
    yield of("unfold fold", lambda x: nnf.unfold(x, *args), lambda x: plain.unfold(x, *args), image)
    yield of(
        "fold unfold",
        lambda x: nnf.fold(x, size, *args),
        lambda x: plain.fold(x, size, *args),
        unfolded,
    )


def pad(primitive, mode, rows, columns):
    """Two more columns and one more row on each side of (2, 1, 3, 4)."""
    return of(
        primitive,
        lambda x: nnf.pad(x, (2, 2, 1, 1), mode),
        lambda x: plain.at_places(x, rows, columns),
        (2, 1, 3, 4),
    )


def standardized(shape, inner):
    return of(
        "standardized",
        lambda x, w, b: nnf.layer_norm(x, inner, w, b),
        plain.layer_norm,
        shape,
        inner,
        inner,
    )


WORDS = dltk.tensor([[2, 0, 2], [1, 2, 4]])

CASES = [
    *over(-1, 3, 5),
    *over(-1, 1, 7, 1),
    *over(1, 2, 3, 5),
    *over(0, 1),
    of("gelu", nnf.gelu, plain.gelu, (3, 5)),
    of("gelu", lambda x: nnf.gelu(x, approximate="tanh"), plain.tanh_gelu, (2, 1, 7)),
    of("linear", nnf.linear, plain.linear, (5, 3), (4, 3)),
    of("linear", nnf.linear, plain.linear, (2, 1, 3), (1, 3)),
    of("affine", nnf.linear, plain.linear, (5, 3), (4, 3), (4,)),
    of("affine", nnf.linear, plain.linear, (2, 5, 1), (7, 1), (7,)),
    of("affine", nnf.linear, plain.linear, (3,), (5, 3), (5,)),
    of("scale_channels", channels.scale_channels, plain.scale_channels, (3, 5, 7), (5,), (5,)),
    of("scale_channels", channels.scale_channels, plain.scale_channels, (3, 1), (1,), (1,)),
    of(
        "scale_channels",
        lambda x, w, b: nnf.batch_norm(x, None, None, w, b, training=True),
        plain.batch_norm,
        (3, 2, 5, 1),
        (2,),
        (2,),
    ),
    standardized((3, 5), (5,)),
    standardized((2, 1, 3, 5), (3, 5)),
    of(
        "standardized",
        lambda x, w, b: nnf.group_norm(x, 3, w, b),
        lambda x, w, b: plain.group_norm(x, 3, w, b),
        (2, 6, 1, 5),
        (6,),
        (6,),
    ),
    of("embedding", lambda w: nnf.embedding(WORDS, w), lambda w: plain.embedding(WORDS, w), (5, 3)),
    of("embedding", lambda w: nnf.embedding(WORDS, w), lambda w: plain.embedding(WORDS, w), (7, 1)),
    *[loss((5, 3), weighted, each) for weighted in (0, 1) for each in ("mean", "sum", "none")],
    loss((2, 3, 1, 5), True, "mean"),
    *[
        of(
            "mse_loss",
            lambda x, y, r=each: nnf.mse_loss(x, y, reduction=r),
            lambda x, y, r=each: plain.mse_loss(x, y, r),
            (3, 1, 5),
            (3, 1, 5),
        )
        for each in ("mean", "sum", "none")
    ],
    conv(False, (3, 2, 5, 7), (3, 2, 3, 3)),
    conv(True, (1, 3, 5, 6), (2, 3, 3, 1), (2, 1), (1, 0)),
    conv(True, (2, 4, 7, 5), (6, 2, 2, 3), (2, 2), (1, 1), (2, 1), 2),
    conv(True, (5, 1, 1, 3), (1, 1, 1, 1)),
    conv_transpose(False, (3, 2, 3, 4), (2, 3, 3, 2), (2, 1), (1, 0), 1),
    conv_transpose(True, (1, 4, 3, 3), (4, 1, 2, 3), (1, 2), (0, 1), 2),
    *pool((2, 3, 5, 7), (2, 2), (2, 2), (0, 0)),
    *pool((1, 1, 7, 5), (3, 2), (1, 2), (1, 1)),
    of(
        "adaptive_avg_pool2d adaptive_avg_pool2d_back",
        lambda x: nnf.adaptive_avg_pool2d(x, (3, 2)),
        lambda x: plain.adaptive_avg_pool2d(x, (3, 2)),
        (2, 1, 7, 5),
    ),
    *columns_of((2, 3, 5, 4), (2, 3), (1, 1), (1, 0), (2, 1)),
    *columns_of((1, 1, 7, 5), (3, 1), (2, 1), (0, 1), (1, 1)),
    of(
        "constant_pad",
        lambda x: nnf.pad(x, (1, 2, 3, 0), value=1.5),
        lambda x: plain.framed(x, (3, 1), (0, 2), 1.5),
        (2, 1, 3, 4),
    ),
    pad("pad_with_own", "reflect", [1, 0, 1, 2, 1], [2, 1, 0, 1, 2, 3, 2, 1]),
    pad("pad_with_own", "replicate", [0, 0, 1, 2, 2], [0, 0, 0, 1, 2, 3, 3, 3]),
    pad("pad_around", "circular", [2, 0, 1, 2, 0], [2, 3, 0, 1, 2, 3, 0, 1]),
]


def test_every_operation_whose_rules_stand_with_a_layer_is_held_to_its_formula():
    every_module()
    of_layers = {
        name
        for name, primitive in REGISTRY.items()
        if not primitive.vjps[0].function.__module__.startswith("dltk.autograd.")
    }
    assert of_layers == {name for case in CASES for name in case.primitives.split()}


@pytest.fixture
def kernels_run(monkeypatch):
    """The names of the layers' primitives whose kernels run, as they do."""
    names = set()

    def noted(name, kernel, *args):
        names.add(name)
        return kernel(*args)

    for name in {name for case in CASES for name in case.primitives.split()}:
        kernel = REGISTRY[name].kernel
        monkeypatch.setattr(REGISTRY[name], "kernel", functools.partial(noted, name, kernel))
    return names


def derivatives(function, arrays, adjoint, direction):
    """Values, adjoints on arrays, adjoints recorded, tangents and second derivatives."""
    operands = [dltk.tensor(each, requires_grad=True) for each in arrays]
    result = function(*operands)
    found = {"value": result}
    outgoing = dltk.tensor(adjoint(tuple(result.shape)), requires_grad=True)
    plainly = dltk.autograd.grad(result, operands, outgoing.detach(), retain_graph=True)
    recorded = dltk.autograd.grad(result, operands, outgoing, create_graph=True)
    found |= {f"adjoint of operand {i}": each for i, each in enumerate(plainly)}
    found |= {f"recorded adjoint of operand {i}": each for i, each in enumerate(recorded)}
    ways = [dltk.tensor(each) for each in direction]
    along = sum((each * way).sum() for each, way in zip(recorded, ways, strict=True))
    second = dltk.autograd.grad(along, [*operands, outgoing], allow_unused=True)
    for i, each in enumerate(second):
        place = f"operand {i}" if i < len(operands) else "the outgoing adjoint"
        found[f"second derivative for {place}"] = dltk.zeros(1) if each is None else each
    _, tangent = dltk.func.jvp(function, tuple(each.detach() for each in operands), tuple(ways))
    return {**found, "tangent": tangent}


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_layer_computes_what_its_formula_does(case, dtype, kernels_run):
    stream = np.random.RandomState(0)
    arrays, direction = (
        [stream.standard_normal(shape).astype(dtype) for shape in case.shapes] for _ in range(2)
    )

    def adjoint(shape):
        return np.random.RandomState(1).standard_normal(shape).astype(dtype)

    got = derivatives(case.layer, arrays, adjoint, direction)
    assert set(case.primitives.split()) <= kernels_run
    kernels_run.clear()
    want = derivatives(case.formula, arrays, adjoint, direction)
    assert not kernels_run
    assert got.keys() == want.keys()
    for name, each in want.items():
        expected, found = (value.detach().numpy() for value in (each, got[name]))
        assert found.dtype == dtype or not np.any(found), name
        if not np.any(expected):
            # A derivative that is 0 may be absent from one of the two.
            assert np.abs(found).max() <= TOLERANCE[dtype], name
            continue
        assert found.shape == expected.shape, name
        error = np.abs(found - expected).max()
        assert error <= TOLERANCE[dtype] * max(1, np.abs(expected).max()), name
