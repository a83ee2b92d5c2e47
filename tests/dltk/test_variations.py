"""Every operation agrees with torch in every form, dtype, layout and size, and its derivatives."""

import numpy as np
import pytest
import torch
from call_table import CALLS
from comparing import array, seed_like
from variations import (
    DTYPES,
    arguments_for,
    compare,
    described,
    function,
    has_operand_first,
    operand_tensors,
    run,
    tensors_of,
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
    recorded = [each.requires_grad for each in tensors_of(result)]
    return [*described(result), str(recorded)]


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


def _derivatives(lib, call, times):
    """The gradients, or what the gradients' own squares have as gradients."""
    leaves = operand_tensors(lib, call, gradients=True)
    value = _floating(function(lib, call.name)(
        *arguments_for(lib, call, leaves), **call.keywords
    ))  # fmt: skip
    found = leaves
    for _ in range(times):
        if not value.requires_grad:
            # Nothing was recorded: all further derivatives are zero.
            found = [lib.zeros_like(each) for each in leaves]
            break
        gradients = lib.autograd.grad(
            value, leaves, seed_like(lib, value), create_graph=True, allow_unused=True
        )
        found = [
            lib.zeros_like(leaf) if each is None else each
            for leaf, each in zip(leaves, gradients, strict=True)
        ]
        value = sum((each * each * seed_like(lib, each)).sum() for each in found)
    return [array(each) for each in found]


def _floating(result):
    return next(each for each in tensors_of(result) if each.is_floating_point())


def _tangent(lib, call):
    operands = operand_tensors(lib, call)
    directions = [seed_like(lib, each) for each in operands]

    def run(*tensors):
        given = arguments_for(lib, call, list(tensors))
        return _floating(function(lib, call.name)(*given, **call.keywords))

    return array(lib.func.jvp(run, tuple(operands), tuple(directions))[1])


def _is_differentiable(call):
    result = function(torch, call.name)(
        *arguments_for(torch, call, operand_tensors(torch, call, True)), **call.keywords
    )
    floating = [each for each in tensors_of(result) if each.is_floating_point()]
    return bool(floating) and floating[0].requires_grad and call.name != "bernoulli"


@pytest.mark.parametrize("call", [p for p in OPERANDS if _is_differentiable(p.values[0])])
def test_every_derivative_is_torchs(call):
    def variations():
        yield "gradients", lambda lib: _derivatives(lib, call, 1)
        yield "second derivatives", lambda lib: _derivatives(lib, call, 2)
        yield "tangents", lambda lib: _tangent(lib, call)

    compare("derivatives", call, variations(), 1e-7)


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
