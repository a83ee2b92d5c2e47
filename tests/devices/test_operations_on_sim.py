"""Every operation of the table, run on a simulated device, gives what it gives on the CPU."""

import linear_algebra_operations  # noqa: F401
import more_operations  # noqa: F401
import numpy as np
import reduction_operations  # noqa: F401
import summary_operations  # noqa: F401
import writing_operations  # noqa: F401
from array_operations import OPERATIONS
from comparing import leaves

import dltk


def _outputs(result):
    return result if isinstance(result, tuple) else (result,)


def _seed_like(tensor):
    numbers = np.cos(1.0 + np.arange(tensor.numel())).reshape(tuple(tensor.shape))
    return dltk.tensor(numbers, device=tensor.device).to(tensor.dtype)


def _facts(tensor):
    """All that can be told of a tensor; its elements bit by bit."""
    if tensor is None:
        return None
    node = None if tensor.grad_fn is None else tensor.grad_fn.name()
    elements = tensor.detach().cpu().numpy()
    return (
        elements.tobytes(),
        elements.shape,
        str(tensor.dtype),
        tensor.stride(),
        node,
        tensor.device.type,
    )


def _recorded(operation):
    inputs = leaves(dltk, operation.arrays)
    targets = [each for each in inputs if each.requires_grad]
    return targets, _outputs(operation.program(dltk, *inputs))


def _computed(operation):
    """Results, gradients of a plain and of a recorded pass, second gradients, and tangents."""
    targets, results = _recorded(operation)
    found = [_facts(each) for each in results]
    if targets and results[0].requires_grad:
        results[0].backward(_seed_like(results[0]))
        found += [_facts(each.grad) for each in targets]
        found += _recorded_gradients(operation)
    if all(each.dtype.kind == "f" for each in operation.arrays):
        plain = [each.detach() for each in leaves(dltk, operation.arrays)]
        _, tangents = dltk.func.jvp(
            lambda *values: _outputs(operation.program(dltk, *values))[0],
            tuple(plain),
            tuple(_seed_like(each) for each in plain),
        )
        found.append(_facts(tangents))
    return found


def _recorded_gradients(operation):
    targets, (value, *_) = _recorded(operation)
    found = []
    for _ in range(2):
        if value.requires_grad:
            gradients = dltk.autograd.grad(
                value, targets, _seed_like(value), create_graph=True, allow_unused=True
            )
            found += [_facts(each) for each in gradients]
            kept = [each for each in gradients if each is not None]
            value = dltk.stack([(each * each * _seed_like(each)).sum() for each in kept]).sum()
    return found


def _on(device, operation):
    with dltk.device(device):
        try:
            return _computed(operation)
        except Exception as error:
            return type(error).__name__


def _same(operation):
    here, there = _on("cpu", operation), _on("sim", operation)
    if isinstance(here, str):
        return there == here
    return there == [None if each is None else (*each[:-1], "sim") for each in here]


def test_results_gradients_and_tangents_on_sim_are_those_of_the_cpu():
    assert len(OPERATIONS) > 600
    differing = [each.name for each in OPERATIONS if not _same(each)]
    assert differing == []
