"""Every operation agrees with torch in every dtype, layout and size, with `out=` and in place."""

import re

import numpy as np
import pytest
import torch
from call_table import CALLS
from variations import (
    DTYPES,
    arguments_for,
    compare,
    described,
    function,
    has_operand_first,
    is_tensor,
    operand_tensors,
    run,
)

import dltk

PARAMETERS = [pytest.param(each, id=str(each)) for each in CALLS]
OPERANDS = [pytest.param(each, id=str(each)) for each in CALLS if each.operands()]


def _form(call, lib, name, gradients):
    tensors = operand_tensors(lib, call, gradients)
    given = arguments_for(lib, call, tensors)
    if name == "function":
        result = function(lib, call.name)(*given, **call.keywords)
    else:
        result = getattr(given[0], call.name)(*given[1:], **call.keywords)
    recorded = [each.requires_grad for each in _tensors(result)]
    return [*described(result), str(recorded)]


def _tensors(result):
    several = result if isinstance(result, list | tuple) else [result]
    return [each for each in several if is_tensor(each)]


@pytest.mark.parametrize("call", PARAMETERS)
def test_function_and_method_are_torchs(call):
    def variations():
        yield "function", lambda lib: _form(call, lib, "function", False)
        yield "recorded", lambda lib: _form(call, lib, "function", True)
        if "." not in call.name and has_operand_first(call):
            yield "method", lambda lib: _form(call, lib, "method", False)
            yield "recorded method", lambda lib: _form(call, lib, "method", True)

    compare("forms", call, variations())


@pytest.mark.parametrize("call", OPERANDS)
def test_every_dtype_is_torchs(call):
    def attempt(lib, dtype, second=None):
        tensors = [lib.tensor(each * 4).to(getattr(lib, dtype)) for each in call.operands()]
        if second is not None:
            tensors[1:] = [each.to(getattr(lib, second)) for each in tensors[1:]]
        return described(function(lib, call.name)(
            *arguments_for(lib, call, tensors), **call.keywords
        ))  # fmt: skip

    def variations():
        for dtype in DTYPES:
            yield dtype, lambda lib, dtype=dtype: attempt(lib, dtype)
        if len(call.operands()) > 1:
            for first, second in [("float32", "float64"), ("int32", "float32"), ("int64", "uint8"),
                                  ("bool", "int8"), ("float16", "int64")]:  # fmt: skip
                yield f"{first} and {second}", lambda lib, a=first, b=second: attempt(lib, a, b)

    compare("dtypes", call, variations())


LAYOUTS = {
    "columns first": lambda lib, x: x.mT.contiguous().mT if x.dim() > 1 else x,
    "every second": lambda lib, x: lib.stack([x, -x], x.dim())[..., 0],
    "from an offset": lambda lib, x: lib.cat([x[:1], x])[1:] if x.dim() else x,
    "stretched": lambda lib, x: x[:1].expand(tuple(x.shape)) if x.dim() else x,
}


@pytest.mark.parametrize("call", OPERANDS)
def test_every_layout_is_torchs(call):
    def attempt(lib, layout, which):
        tensors = operand_tensors(lib, call)
        for position in range(len(tensors)) if which is None else [which]:
            tensors[position] = LAYOUTS[layout](lib, tensors[position])
        given = arguments_for(lib, call, tensors)
        return described(function(lib, call.name)(*given, **call.keywords))

    def variations():
        for layout in LAYOUTS:
            yield layout, lambda lib, layout=layout: attempt(lib, layout, None)
            if len(call.operands()) > 1:
                for which in (0, 1):
                    label = f"{layout}, operand {which}"
                    yield label, lambda lib, a=layout, b=which: attempt(lib, a, b)

    compare("layouts", call, variations())


SIZES = {
    "no rows": lambda x: x[:0],
    "no columns": lambda x: x[..., :0],
    "one row": lambda x: x[:1],
    "one column": lambda x: x[..., :1],
    "one element": lambda x: x[(slice(0, 1),) * x.ndim],
    "a number": lambda x: x[(0,) * x.ndim],
    "a dimension more": lambda x: x[None],
    "a dimension less": lambda x: x[0],
}


@pytest.mark.parametrize("call", OPERANDS)
def test_every_size_is_torchs(call):
    def attempt(lib, size, which):
        arrays = list(call.operands())
        for position in range(len(arrays)) if which is None else [which]:
            if arrays[position].ndim:
                arrays[position] = np.array(SIZES[size](arrays[position]), order="C")
        return described(run(lib, call, arrays))

    def variations():
        for size in SIZES:
            yield size, lambda lib, size=size: attempt(lib, size, None)
            if len(call.operands()) > 1:
                for which in (0, 1):
                    label = f"{size}, operand {which}"
                    yield label, lambda lib, a=size, b=which: attempt(lib, a, b)

    compare("sizes", call, variations())


def _targets(lib, kind, results, tensors):
    """A tensor to write to for each result."""
    found = []
    for each in results:
        same = lib.zeros(tuple(each.shape), dtype=each.dtype)
        if kind == "empty":
            found.append(lib.empty(0, dtype=each.dtype))
        elif kind == "of the shape":
            found.append(same)
        elif kind == "columns first":
            found.append(same.mT.contiguous().mT if same.dim() > 1 else same)
        elif kind in ("float32", "float64", "int64"):
            found.append(same.to(getattr(lib, kind)))
        elif kind == "of another shape":
            found.append(lib.zeros(5, dtype=each.dtype))
        elif kind == "stretched":
            found.append(lib.zeros(1, dtype=each.dtype).expand(tuple(each.shape)))
        elif kind == "an operand":
            found.append(tensors[0])
        elif kind == "a part of an operand":
            line = lib.cat([tensors[0].reshape(-1), lib.zeros(40, dtype=tensors[0].dtype)])
            size = tuple(tensors[0].shape)
            tensors[0] = line[: tensors[0].numel()].reshape(size)
            found.append(line[1 : 1 + each.numel()].reshape(tuple(each.shape)))
        elif kind == "with a gradient":
            found.append(same.requires_grad_())
    return found


KINDS = ["empty", "of the shape", "columns first", "float32", "float64", "int64", "with a gradient"]
# Torch writes beyond these, or over what it still has to read, where it does not go by elements.
BY_ELEMENTS = ["stretched", "an operand", "a part of an operand"]


def _goes_by_elements(call):
    operands = call.operands()
    result = function(torch, call.name)(
        *arguments_for(torch, call, operand_tensors(torch, call)), **call.keywords
    )
    return (
        is_tensor(result) and tuple(result.shape) == operands[0].shape and call.name in ELEMENTWISE
    )


ELEMENTWISE = (  # noqa: SIM905
    "abs neg exp expm1 log log1p log2 log10 sin cos tan asin acos atan sinh cosh tanh sqrt rsqrt "
    "sigmoid erf erfc square reciprocal exp2 asinh atanh sinc deg2rad rad2deg logit absolute "
    "negative arccos arcsin arctan floor ceil round trunc fix sign sgn frac acosh arccosh add sub "
    "mul div maximum minimum pow atan2 hypot fmax fmin logaddexp logaddexp2 subtract multiply "
    "divide copysign xlogy remainder fmod floor_divide lerp addcmul addcdiv clamp clamp_min "
    "clamp_max where"
).split()
WITH_OUT = [
    pytest.param(each, id=str(each))
    for each in CALLS
    if re.search(r"out=None|out: ", function(torch, each.name).__doc__ or "")
    and each.operands()
    and each.name not in ("bernoulli", "full_like", "zeros_like", "ones_like")
]


@pytest.mark.parametrize("call", WITH_OUT)
@pytest.mark.filterwarnings("ignore:An output with one or more elements was resized")
def test_writing_into_out_is_torchs(call):
    def attempt(lib, kind):
        tensors = operand_tensors(lib, call)
        given = arguments_for(lib, call, tensors)
        result = function(lib, call.name)(*given, **call.keywords)
        results = _tensors(result)
        targets = _targets(lib, kind, results, tensors)
        given = arguments_for(lib, call, tensors)
        out = targets[0] if is_tensor(result) else tuple(targets)
        returned = function(lib, call.name)(*given, **call.keywords, out=out)
        same = [a is b for a, b in zip(_tensors(returned), targets, strict=True)]
        return [*described([each.detach() for each in targets]), str(same)]

    def variations():
        for kind in KINDS + (BY_ELEMENTS if _goes_by_elements(call) else []):
            yield kind, lambda lib, kind=kind: attempt(lib, kind)

    compare("out", call, variations())


IN_PLACE = [
    pytest.param(each, id=str(each))
    for each in CALLS
    if has_operand_first(each)
    and hasattr(torch.Tensor, each.name + "_")
    and each.name != "bernoulli"
]


def _prepared(lib, kind, tensor):
    if kind == "a copy":
        return tensor.clone()
    if kind == "a part":
        return lib.stack([tensor, tensor], 0)[1]
    if kind == "a transposed one":
        return tensor.mT.clone().mT if tensor.dim() > 1 else tensor
    if kind in DTYPES:
        return (tensor * 4).to(getattr(lib, kind))
    if kind == "a stretched one":
        return tensor[:1].expand(tuple(tensor.shape)) if tensor.dim() else tensor
    if kind == "a smaller one":
        return tensor[:1].clone() if tensor.dim() else tensor
    return tensor.clone().requires_grad_()


@pytest.mark.parametrize("call", IN_PLACE)
def test_the_twin_in_place_is_torchs(call):
    def attempt(lib, kind):
        tensors = operand_tensors(lib, call)
        tensors[0] = target = _prepared(lib, kind, tensors[0])
        given = arguments_for(lib, call, tensors)
        before = target._version
        returned = getattr(target, call.name + "_")(*given[1:], **call.keywords)
        changed = "changed" if target._version > before else "not changed"
        return [*described(target.detach()), str(returned is target), changed]

    def variations():
        for kind in ["a copy", "a part", "a transposed one", "a stretched one", "a smaller one",
                     "a leaf", "float16", "float32", "int64", "uint8", "bool"]:  # fmt: skip
            yield kind, lambda lib, kind=kind: attempt(lib, kind)

    compare("in place", call, variations())


def test_every_public_operation_is_in_the_table():
    made = {each.name.split(".")[-1] for each in CALLS}
    namespaces = [vars(dltk), vars(dltk.linalg)]
    public = {
        name
        for names in namespaces
        for name, value in names.items()
        if not name.startswith("_")
        and callable(value)
        and getattr(value, "__module__", "").startswith("dltk.ops")
        and not isinstance(value, type)
        and (hasattr(torch, name) or hasattr(torch.linalg, name))
    }
    assert sorted(public - made - set(TESTED_ELSEWHERE)) == []


# What makes tensors, and what answers about dtypes, has nothing to vary.
TESTED_ELSEWHERE = (  # noqa: SIM905
    "arange as_tensor empty empty_like eye from_dlpack from_numpy full linspace logspace "
    "manual_seed normal ones rand rand_like randint randint_like randn randn_like randperm tensor "
    "tril_indices triu_indices zeros broadcast_shapes can_cast promote_types"
).split()
