"""Jacobians, Hessians and their products with vectors, as `torch.autograd.functional`.

Everything here is made of backward passes. A product with the Jacobian itself needs two: the first
pass is linear in the adjoint it starts with, and the second differentiates it by that adjoint.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from dltk.autograd import passes
from dltk.autograd.grad_modes import enable_grad
from dltk.core.tensor import Tensor

Tensors = tuple[Tensor, ...]


def jacobian(
    func: Callable,
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    strategy: str = "reverse-mode",
) -> Any:
    """The Jacobian of `func` at `inputs`: the output's dimensions first, then the input's.

    With several outputs or inputs it is a tuple, or a tuple of tuples, outputs first. `vectorize`
    and `strategy` change nothing in the result and are ignored.

    Raises:
        TypeError: the inputs or outputs are not tensors.
        RuntimeError: `strict`, and an output does not depend on an input.
    """
    if strategy not in ("forward-mode", "reverse-mode"):
        raise AssertionError(
            f'Expected strategy to be either "forward-mode" or "reverse-mode", got {strategy}'
        )
    if strategy == "forward-mode" and not vectorize:
        raise NotImplementedError("strategy='forward-mode' needs vectorize=True")
    with enable_grad():
        x = _starts(_tensors(inputs, "inputs", "jacobian"), create_graph)
        result = func(*x)
        outputs = _tensors(result, "outputs of the user-provided function", "jacobian")
        blocks = [_block(y, x, number, strict) for number, y in enumerate(outputs)]
    rows = tuple(_like(inputs, each, create_graph) for each in blocks)
    return rows[0] if isinstance(result, Tensor) else rows


def hessian(
    func: Callable,
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    outer_jacobian_strategy: str = "reverse-mode",
) -> Any:
    """The second derivatives of `func`, which returns one number.

    Raises:
        RuntimeError: `func` returns anything else.
    """
    single = isinstance(inputs, Tensor)
    arguments = _tensors(inputs, "inputs", "hessian")

    def gradients(*x: Tensor) -> Any:
        found = jacobian(lambda *each: _number(func(*each), "hessian"), x, True, strict)
        return tuple(g.reshape(each.shape) for g, each in zip(found, x, strict=True))

    found = jacobian(gradients, arguments, create_graph, strict, vectorize, outer_jacobian_strategy)
    return found[0][0] if single else found


def vjp(
    func: Callable, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """The outputs of `func`, and the product of the vector `v` with its Jacobian.

    Raises:
        RuntimeError: `v` is not like the outputs, or it is missing and they are no single number.
    """
    with enable_grad():
        x = _starts(_tensors(inputs, "inputs", "vjp"), create_graph)
        result = func(*x)
        outputs = _tensors(result, "outputs of the user-provided function", "vjp")
        weights = _vector(v, outputs, "user-provided function returns")
        found = _gradients(outputs, x, weights, strict)
    return _like(result, outputs, create_graph), _like(inputs, found, create_graph)


def jvp(
    func: Callable, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """The outputs of `func`, and the product of its Jacobian with the vector `v`.

    Raises:
        RuntimeError: `v` is not like the inputs, or it is missing and they are no single number.
    """
    with enable_grad():
        x = _starts(_tensors(inputs, "inputs", "jvp"), create_graph)
        weights = _vector(v, x, "input to the user-provided function is")
        result = func(*x)
        outputs = _tensors(result, "outputs of the user-provided function", "jvp")
        adjoints = tuple(each.new_zeros(each.shape).requires_grad_() for each in outputs)
        gradients = _gradients(outputs, x, adjoints, strict)
        found = _gradients(gradients, adjoints, weights, strict)
    return _like(result, outputs, create_graph), _like(result, found, create_graph)


def vhp(
    func: Callable, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """What `func` returns, one number, and the product of the vector `v` with its Hessian.

    Raises:
        RuntimeError: `v` is not like the inputs, or `func` returns anything but one number.
    """
    with enable_grad():
        x = _starts(_tensors(inputs, "inputs", "vhp"), create_graph)
        weights = _vector(v, x, "input to the user-provided function is")
        output = _number(func(*x), "vhp")
        gradients = _gradients((output,), x, (output.new_ones(output.shape),), strict)
        found = _gradients(gradients, x, weights, strict)
    return _finished((output,), create_graph)[0], _like(inputs, found, create_graph)


def hvp(
    func: Callable, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """As `vhp`: a Hessian is symmetric."""
    return vhp(func, inputs, v, create_graph, strict)


def _block(output: Tensor, inputs: Tensors, number: int, strict: bool) -> list[Tensor]:
    """The Jacobian of output `number` with respect to each input, row by row."""
    from dltk.ops.join import stack

    if strict and not output.requires_grad:
        raise RuntimeError(
            f"Output {number} of the user-provided function does not require gradients. The "
            "outputs must be computed in a differentiable manner from the input when running in "
            "strict mode."
        )
    rows = []
    for index in itertools.product(*map(range, output.shape)):
        seed: Any = output.new_zeros(output.shape)
        seed[index] = 1
        rows.append(_gradients((output,), inputs, (seed,), strict))
    return [
        stack(each, 0).reshape(*output.shape, *x.shape)
        for x, each in zip(inputs, zip(*rows, strict=True), strict=True)
    ]


def _gradients(outputs: Tensors, inputs: Tensors, adjoints: Tensors, strict: bool) -> Tensors:
    """The gradients of the outputs, zeros where nothing arrives."""
    pairs = [(y, g) for y, g in zip(outputs, adjoints, strict=True) if y.requires_grad]
    if strict and len(pairs) < len(outputs):
        raise RuntimeError(
            "an output of the user-provided function does not require gradients, which is not "
            "allowed in strict mode"
        )
    found: tuple = (None,) * len(inputs)
    if pairs:
        recorded, given = zip(*pairs, strict=True)
        found = passes.grad(recorded, inputs, given, create_graph=True, allow_unused=True)
    if strict and any(each is None for each in found):
        raise RuntimeError(
            "the output of the user-provided function is independent of an input, which is not "
            "allowed in strict mode"
        )
    return tuple(
        x.new_zeros(x.shape) if each is None else each
        for x, each in zip(inputs, found, strict=True)
    )


def _starts(inputs: Tensors, create_graph: bool) -> Tensors:
    """The inputs as starts of a graph, connected to the one around it only if that is wanted."""
    return tuple(
        x.view_as(x) if create_graph and x.requires_grad else x.detach().requires_grad_()
        for x in inputs
    )


def _finished(tensors: Any, create_graph: bool) -> list[Tensor]:
    return [each if create_graph else each.detach() for each in tensors]


def _like(structure: Any, tensors: Sequence[Tensor], create_graph: bool) -> Any:
    """One tensor where `structure` is one, else a tuple."""
    finished = _finished(tensors, create_graph)
    return finished[0] if isinstance(structure, Tensor) else tuple(finished)


def _tensors(value: Any, what: str, caller: str) -> Tensors:
    if isinstance(value, Tensor):
        return (value,)
    if not isinstance(value, tuple):
        raise TypeError(
            f"The {what} given to {caller} must be either a Tensor or a tuple of Tensors but the "
            f"given {what} has type {type(value)}."
        )
    for number, each in enumerate(value):
        if not isinstance(each, Tensor):
            raise TypeError(
                f"The {what} given to {caller} must be either a Tensor or a tuple of Tensors but "
                f"the value at index {number} has type {type(each)}."
            )
    return value


def _vector(v: Any, like: Tensors, whose: str) -> Tensors:
    if v is None:
        if len(like) != 1 or like[0].numel() != 1:
            raise RuntimeError(
                f"The vector v can only be None if the {whose} a single Tensor with a single "
                "element."
            )
        return (like[0].new_ones(like[0].shape),)
    weights = _tensors(v, "vector v", "the product")
    if len(weights) != len(like):
        raise RuntimeError(f"v is a tuple of invalid length: {len(weights)} instead of {len(like)}")
    for each, x in zip(weights, like, strict=True):
        if each.shape != x.shape:
            raise RuntimeError(f"v has invalid size: should be {x.shape} but got {each.shape}.")
    return weights


def _number(result: Any, caller: str) -> Tensor:
    if not isinstance(result, Tensor):
        raise RuntimeError(f"The function given to {caller} should return a single Tensor")
    if result.numel() != 1:
        raise RuntimeError(
            f"The Tensor returned by the function given to {caller} should contain a single element"
        )
    return result
