"""A tensor without dimensions goes through what takes a dimension, there and back, as in torch."""

import pytest
import torch
from comparing import array, assert_same, outcome

import dltk

ALONG = {
    "max": lambda lib, x: x.max(-1).values,
    "min": lambda lib, x: x.min(0, keepdim=True).values,
    "median": lambda lib, x: x.median(0).values,
    "mode": lambda lib, x: x.mode(-1, keepdim=True).values,
    "kthvalue": lambda lib, x: x.kthvalue(1, 0).values,
    "sort": lambda lib, x: x.sort(0).values,
    "topk": lambda lib, x: x.topk(1).values,
    "argmax": lambda lib, x: x.argmax(0, keepdim=True) * x,
    "sum": lambda lib, x: x.sum(0),
    "mean": lambda lib, x: x.mean(-1, keepdim=True),
    "amax": lambda lib, x: x.amax(0),
    "prod": lambda lib, x: x.prod(0),
    "var": lambda lib, x: x.var(0, unbiased=False),
    "norm": lambda lib, x: x.norm(dim=0),
    "logsumexp": lambda lib, x: x.logsumexp(0),
    "cummax": lambda lib, x: x.cummax(0).values,
    "logcumsumexp": lambda lib, x: x.logcumsumexp(0),
    "clone": lambda lib, x: x.clone(),
    "contiguous": lambda lib, x: x.contiguous(),
    "reshape": lambda lib, x: x.reshape(1),
    "flatten": lambda lib, x: x.flatten(),
    "to": lambda lib, x: x.to(lib.float64),
    "clamp": lambda lib, x: x.clamp(0, 5),
    "round": lambda lib, x: x.round(),
    "where": lambda lib, x: lib.where(x > 0, x, 0.0),
    "masked_fill": lambda lib, x: x.masked_fill(x > 5, 0.0),
    "cumsum": lambda lib, x: x.cumsum(0),
    "cumsum of numbers": lambda lib, x: x.long().cumsum(0) * x,
    "cumprod": lambda lib, x: x.cumprod(-1),
    "softmax": lambda lib, x: x.softmax(0),
    "log_softmax": lambda lib, x: x.log_softmax(-1),
    "gather": lambda lib, x: x.gather(0, lib.tensor(0)),
    "scatter": lambda lib, x: x.scatter(0, lib.tensor(0), 2.0) * x,
    "index_select": lambda lib, x: x.index_select(0, lib.tensor([0])),
    "take": lambda lib, x: x.take(lib.tensor([0, 0])),
    "flip": lambda lib, x: x.flip(0),
    "transpose": lambda lib, x: x.transpose(0, -1),
    "squeeze": lambda lib, x: x.squeeze(0),
    "unsqueeze": lambda lib, x: x.unsqueeze(-1),
    "expand": lambda lib, x: x.expand(3),
    "repeat": lambda lib, x: x.repeat(2),
    "stack": lambda lib, x: lib.stack([x, x]),
    "an empty place": lambda lib, x: x[None],
    "a mask": lambda lib, x: x[x > 0],
    "normalize": lambda lib, x: lib.nn.functional.normalize(x, dim=0),
    "a missing dimension": lambda lib, x: x.cumsum(1),
    "roll": lambda lib, x: x.roll(1, 0),
    "select": lambda lib, x: x.select(0, 0),
    "narrow": lambda lib, x: x.narrow(0, 0, 1),
    "chunk": lambda lib, x: x.chunk(1, 0)[0],
    "unbind": lambda lib, x: x.unbind(0)[0],
    "cat": lambda lib, x: lib.cat([x, x]),
    "tril": lambda lib, x: x.tril(),
    "matmul": lambda lib, x: x @ x,
}


@pytest.mark.parametrize("name", ALONG)
def test_a_number_is_taken_as_by_torch(name):
    def run(lib):
        x = lib.tensor(1.5, dtype=lib.float64, requires_grad=True)
        result = ALONG[name](lib, x)
        (first,) = lib.autograd.grad((result**3).sum(), x, create_graph=True)
        (second,) = lib.autograd.grad(first, x)
        start, direction = lib.tensor(1.5, dtype=lib.float64), lib.tensor(2.0, dtype=lib.float64)
        _, tangent = lib.func.jvp(lambda v: ALONG[name](lib, v), (start,), (direction,))
        return [array(each) for each in (result, first, second, tangent)]

    theirs, ours = (outcome(lib, lambda lib=lib: run(lib)) for lib in (torch, dltk))
    assert_same(ours, theirs, 1e-9)


@pytest.mark.parametrize("name", ALONG)
def test_a_result_shares_memory_with_the_number_where_torchs_does(name):
    def run(lib):
        x = lib.tensor(1.5, dtype=lib.float64)
        result = ALONG[name](lib, x)
        x.fill_(9)
        return array(result)

    theirs, ours = (outcome(lib, lambda lib=lib: run(lib)) for lib in (torch, dltk))
    assert_same(ours, theirs, 1e-9)
