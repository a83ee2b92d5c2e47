"""Every operation of the table gives what torch gives: forward, backward, and forward mode."""

import linear_algebra_operations  # noqa: F401
import more_operations  # noqa: F401
import numpy as np
import pytest
import reduction_operations  # noqa: F401
import summary_operations  # noqa: F401
import writing_operations  # noqa: F401
from array_operations import OPERATIONS
from comparing import array, assert_same, both, leaves, seed_like

PARAMETERS = [pytest.param(each, id=each.name) for each in OPERATIONS]


def _rtol(operation, double):
    """What the operands' lowest precision allows."""
    return double if all(each.dtype != np.float32 for each in operation.arrays) else 1e-5


def _outputs(result):
    return result if isinstance(result, tuple) else (result,)


@pytest.mark.parametrize("operation", PARAMETERS)
def test_values_dtypes_strides_and_errors_are_torchs(operation):
    def run(lib):
        found = _outputs(operation.program(lib, *leaves(lib, operation.arrays)))
        dtypes = " ".join(str(each.dtype).split(".")[-1] for each in found)
        compared = () if "strides" in operation.without else found
        strides = " ".join(str(tuple(each.stride())) for each in compared)
        return [array(each) for each in found], dtypes, strides

    want, got = both(run)
    assert_same(got, want, _rtol(operation, 1e-9))


@pytest.mark.parametrize("operation", [p for p in PARAMETERS if "node" not in p.values[0].without])
def test_nodes_have_torchs_names(operation):
    def run(lib):
        found = _outputs(operation.program(lib, *leaves(lib, operation.arrays)))
        names = _node_name if "edges" in operation.without else _node_and_its_inputs
        return [None if each.grad_fn is None else names(each.grad_fn) for each in found]

    want, got = both(run)
    assert got == want


def _node_name(node):
    return [node.name()]


def _node_and_its_inputs(node):
    names = [node.name()]
    # Where dltk has a constant as operand, torch has an argument, which is no edge.
    names += [each.name() for each, _ in node.next_functions if each is not None]
    return names


def _gradients(lib, operation, times):
    inputs = leaves(lib, operation.arrays)
    targets = [each for each in inputs if each.requires_grad]
    value = _outputs(operation.program(lib, *inputs))[0]
    for _ in range(times):
        if not value.requires_grad:
            return []
        gradients = lib.autograd.grad(
            value, targets, seed_like(lib, value), create_graph=True, allow_unused=True
        )
        kept = [each for each in gradients if each is not None]
        value = sum((each * each * seed_like(lib, each)).sum() for each in kept)
    zeros = [lib.zeros_like(each) for each in targets]
    filled = [z if g is None else g for g, z in zip(gradients, zeros, strict=True)]
    return [array(each) for each in filled]


@pytest.mark.parametrize("operation", PARAMETERS)
def test_gradients_are_torchs(operation):
    want, got = both(lambda lib: _gradients(lib, operation, 1))
    assert_same(got, want, _rtol(operation, 1e-7))


@pytest.mark.parametrize(
    "operation", [p for p in PARAMETERS if "second" not in p.values[0].without]
)
def test_gradients_of_gradients_are_torchs(operation):
    want, got = both(lambda lib: _gradients(lib, operation, 2))
    if want == [] or got == []:
        # One of the libraries knows that the second derivative is zero and records nothing.
        rest = got if want == [] else want
        assert all(not np.any(each) for each in rest)
    else:
        assert_same(got, want, _rtol(operation, 1e-7))


@pytest.mark.parametrize(
    "operation",
    [
        p
        for p in PARAMETERS
        if all(each.dtype.kind == "f" for each in p.values[0].arrays)
        and "tangents" not in p.values[0].without
    ],
)
def test_tangents_are_torchs(operation):
    def run(lib):
        inputs = [each.detach() for each in leaves(lib, operation.arrays)]
        directions = [seed_like(lib, each) for each in inputs]
        _, tangents = lib.func.jvp(
            lambda *values: _outputs(operation.program(lib, *values))[0],
            tuple(inputs),
            tuple(directions),
        )
        return array(tangents)

    want, got = both(run)
    assert_same(got, want, _rtol(operation, 1e-7))
