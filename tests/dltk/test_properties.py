"""Whatever is drawn, dltk gives what torch gives, and refuses what torch refuses."""

import numpy as np
import pytest
import torch
from comparing import array, assert_same, both
from drawn import (
    DTYPES,
    SHAPES,
    dims,
    fitting_shapes,
    index_expressions,
    indexed_with,
    numbers,
    view_steps,
    viewed,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dltk.core.cells import shares_cells


def _agree(run, rtol=1e-9):
    want, got = both(run)
    assert_same(got, want, rtol)


def _described(tensor):
    strides = tuple(tensor.stride()) if tensor.numel() else ()
    return [array(tensor), str(tensor.dtype).split(".")[-1], str(strides)]


def _geometry(tensor):
    offset = tensor.storage_offset() if tensor.numel() else 0
    return [*_described(tensor), str(offset)]


PROPERTIES = {}


def drawn(examples, **strategies):
    """A property that is tried on a few examples always, and on thirty times as many if slow."""

    def register(function):
        PROPERTIES[function.__name__] = (function, strategies, examples)
        return function

    return register


BINARY = [
    "add", "sub", "mul", "div", "maximum", "pow", "remainder", "eq", "lt", "logical_and", "atan2",
    "floor_divide", "bitwise_or", "fmod",
]  # fmt: skip


@drawn(
    100,
    name=st.sampled_from(BINARY),
    dtypes=st.tuples(st.sampled_from(DTYPES), st.sampled_from(DTYPES)),
    shapes=fitting_shapes(),
)
def operands_of_any_dtype_and_shape(name, dtypes, shapes):
    def run(lib):
        first, second = (
            lib.tensor(numbers(shape, dtype)) for shape, dtype in zip(shapes, dtypes, strict=True)
        )
        second = second if name not in ("pow", "floor_divide", "remainder", "fmod") else second + 8
        return _described(getattr(lib, name)(first, second))

    _agree(run, 1e-6)


@drawn(
    60,
    name=st.sampled_from(BINARY),
    dtype=st.sampled_from(DTYPES),
    shape=SHAPES,
    number=st.sampled_from([2, -3, 0.5, True, 0, 300]),
    reflected=st.booleans(),
)
def a_tensor_and_a_number(name, dtype, shape, number, reflected):
    def run(lib):
        tensor = lib.tensor(numbers(shape, dtype))
        if reflected:
            operation = {"add": lambda: number + tensor, "sub": lambda: number - tensor,
                         "mul": lambda: number * tensor, "div": lambda: number / (tensor + 8.5),
                         "pow": lambda: abs(number) ** tensor}.get(name)  # fmt: skip
            return _described(operation()) if operation is not None else None
        return _described(getattr(tensor, name)(number))

    _agree(run, 1e-6)


@drawn(200, shape=SHAPES, steps=st.lists(view_steps(), min_size=1, max_size=5))
def a_chain_of_views(shape, steps):
    def run(lib):
        tensor = lib.tensor(numbers(shape))
        found = [tensor]
        for step in steps:
            found.append(viewed(found[-1], step))
        last = found[-1]
        same_memory = last.numel() == 0 or (
            last.data_ptr() - tensor.data_ptr() == last.storage_offset() * 8
        )
        return [_geometry(each) for each in found[1:]] + [[str(same_memory)]]

    _agree(run)


def _overlapping(shape, steps):
    """Whether elements of the view share cells: torch leaves open what a write does there."""
    view = torch.zeros(shape)
    try:
        for step in steps:
            view = viewed(view, step)
    except (RuntimeError, IndexError):
        return False
    strides = [stride or 10**6 for stride in view.stride()]
    return shares_cells(tuple(view.shape), tuple(strides))


@drawn(150, shape=SHAPES, steps=st.lists(view_steps(), min_size=1, max_size=3))
def a_write_through_a_chain_of_views(shape, steps):
    assume(not _overlapping(shape, steps))

    def run(lib):
        tensor = lib.tensor(numbers(shape))
        view = tensor
        for step in steps:
            view = viewed(view, step)
        view.mul_(2)
        return [array(tensor), array(view), str(tensor._version)]

    _agree(run)


WRITES = {
    "mul_ by itself": lambda lib, view, x: view.mul_(view),
    "exp_": lambda lib, view, x: view.mul_(0.1).exp_(),
    "add_ a number": lambda lib, view, x: view.add_(x.sum()),
    "copy_": lambda lib, view, x: view.copy_(x.sum() * view.detach()),
    "zero_": lambda lib, view, x: view.zero_(),
    "clamp_": lambda lib, view, x: view.clamp_(-3, 3),
}


@drawn(
    120,
    shape=SHAPES,
    steps=st.lists(view_steps(), min_size=1, max_size=3),
    write=st.sampled_from(sorted(WRITES)),
    early=st.booleans(),
)
def gradients_follow_writes_through_views(shape, steps, write, early):
    assume(not _overlapping(shape, steps))

    def run(lib):
        x = lib.tensor(numbers(shape), requires_grad=True)
        base = x * 1.5
        before = (base * base).sum() if early else 0
        view = base
        for step in steps:
            view = viewed(view, step)
        if view is base:
            return None
        WRITES[write](lib, view, x)
        total = (base * base).sum() + (view * view).sum() + before
        (gradient,) = lib.autograd.grad(total, x)
        return [array(total), array(gradient)]

    _agree(run, 1e-7)


@st.composite
def _indexed(draw):
    shape = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4).map(tuple))
    return shape, draw(index_expressions(shape))


@drawn(200, indexed=_indexed())
def any_index_reads_what_torch_reads(indexed):
    shape, items = indexed

    def run(lib):
        x = lib.tensor(numbers(shape), requires_grad=True)
        found = x[indexed_with(lib, items)]
        (gradient,) = lib.autograd.grad((found * found).sum(), x)
        return [*_described(found.detach()), array(gradient)]

    _agree(run)


@drawn(150, indexed=_indexed(), kind=st.sampled_from(["number", "one", "full", "row"]))
def any_index_writes_what_torch_writes(indexed, kind):
    shape, items = indexed

    def run(lib):
        x = lib.tensor(numbers(shape))
        key = indexed_with(lib, items)
        x[key]  # an index that is out of range is refused before anything else is looked at
        arrays = [each for each in items if isinstance(each, np.ndarray)]
        if any(_repeats(each) or _chooses_nothing(each) for each in arrays):
            return None
        value = {
            "number": lambda: 3.5,
            "one": lambda: lib.tensor(2.5, dtype=lib.float64),
            "full": lambda: x[key].clone() + 1,
            "row": lambda: lib.tensor(numbers((1, shape[-1]))),
        }[kind]()
        x[key] = value
        return array(x)

    _agree(run)


def _repeats(places):
    """Which of several writes to one place is the last is left undefined."""
    return places.dtype != bool and len(np.unique(places % 4)) < places.size


def _chooses_nothing(places):
    """Then torch does not look whether the other places are there."""
    return places.dtype == bool and not places.any()


REDUCTIONS = [
    "sum", "mean", "amax", "amin", "prod", "var", "std", "logsumexp", "all", "any", "nansum",
    "norm", "argmax", "cumsum", "cumprod", "median", "max", "min", "sort", "cummax",
]  # fmt: skip


def _wrong_in_two_ways(dims, shape):
    """Of a repeated, a missing and an empty dimension, torch names one, not always the same."""
    count = max(len(shape), 1)
    missing = any(not -count <= each < count for each in dims)
    repeated = len({each % count for each in dims}) < len(dims)
    return missing + repeated + (0 in shape) > 1


@drawn(
    150,
    name=st.sampled_from(REDUCTIONS),
    shape=SHAPES,
    over=st.none() | dims | st.lists(dims, max_size=3).map(tuple),
    keepdim=st.booleans(),
    dtype=st.sampled_from(["float64", "float32", "int32", "bool"]),
)
def a_reduction_over_any_dimensions(name, shape, over, keepdim, dtype):
    def run(lib):
        x = lib.tensor(numbers(shape, dtype))
        if isinstance(over, tuple) and _wrong_in_two_ways(over, shape):
            return None
        if (name == "logsumexp" and over == ()) or (name == "norm" and isinstance(over, tuple)):
            return None  # torch fails inside, or not, depending on the shape
        more = {} if name in ("cumsum", "cumprod", "sort", "cummax") else {"keepdim": keepdim}
        if over is None:
            result = getattr(x, name)() if name not in ("cumsum", "cumprod") else x.sum()
        else:
            result = getattr(x, name)(dim=over, **more)
        several = result if isinstance(result, tuple) else (result,)
        return [_described(each) for each in several]

    _agree(run, 1e-6)


def _tried(name, times):
    function, strategies, examples = PROPERTIES[name]
    chosen = settings(max_examples=examples * times, derandomize=True, deadline=None, database=None)
    chosen(given(**strategies)(function))()


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", PROPERTIES)
def test_torch_agrees_on(name):
    _tried(name, 1)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", PROPERTIES)
def test_torch_agrees_on_many(name):
    _tried(name, 30)
