"""Every operation writes into `out=`, and in place, what torch writes, or refuses as torch does."""

import re

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
    tensors_of,
)


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
        results = tensors_of(result)
        targets = _targets(lib, kind, results, tensors)
        given = arguments_for(lib, call, tensors)
        out = targets[0] if is_tensor(result) else tuple(targets)
        returned = function(lib, call.name)(*given, **call.keywords, out=out)
        same = [a is b for a, b in zip(tensors_of(returned), targets, strict=True)]
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
