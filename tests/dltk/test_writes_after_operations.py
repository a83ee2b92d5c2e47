"""In-place on an operand or on a result, after every operation: the gradient or torch's error."""

import numpy as np
import pytest
from call_table import CALLS
from comparing import array, seed_like
from variations import arguments_for, compare, function, is_tensor, operand_tensors

PARAMETERS = [
    pytest.param(each, id=str(each))
    for each in CALLS
    if each.operands() and each.name not in ("bernoulli", "multinomial")
]


def _results(result):
    several = result if isinstance(result, list | tuple) else [result]
    return [each for each in several if is_tensor(each) and each.is_floating_point()]


def _gradients(lib, call, write):
    """The gradients of the leaves after `write(operands, results)` came between the passes."""
    leaves = operand_tensors(lib, call, gradients=True)
    operands = [each * 1 for each in leaves]
    given = arguments_for(lib, call, operands)
    results = _results(function(lib, call.name)(*given, **call.keywords))
    if not results or not any(each.requires_grad for each in results):
        return []
    write(operands, results)
    total = sum((each * seed_like(lib, each)).sum() for each in results if each.requires_grad)
    found = lib.autograd.grad(total, leaves, allow_unused=True)
    return [
        np.zeros(tuple(leaf.shape)) if each is None else array(each)
        for leaf, each in zip(leaves, found, strict=True)
    ]


WRITES = {
    "adding to operand 0": lambda operands, results: operands[0].add_(1),
    "multiplying the last operand": lambda operands, results: operands[-1].mul_(2),
    "filling operand 0": lambda operands, results: operands[0].fill_(0.5),
    "adding to the result": lambda operands, results: results[0].add_(1),
    "multiplying the result": lambda operands, results: results[0].mul_(2),
    "filling the result": lambda operands, results: results[0].fill_(0.5),
    "adding to a view of operand 0": lambda operands, results: operands[0].view(-1)[:1].add_(1),
    "multiplying a view of the result": lambda operands, results: (
        results[0].reshape(-1)[:1].mul_(2)
    ),
    "adding to operand 0 through detach": lambda operands, results: operands[0].detach().add_(1),
    "adding to the result through detach": lambda operands, results: results[0].detach().add_(1),
    "nothing": lambda operands, results: None,
}


@pytest.mark.parametrize("call", PARAMETERS)
def test_a_write_after_the_operation_has_torchs_outcome(call):
    def variations():
        for label, write in WRITES.items():
            yield label, lambda lib, write=write: _gradients(lib, call, write)

    compare("writes", call, variations(), 1e-7)
