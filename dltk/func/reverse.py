"""Derivatives of whole functions in reverse mode."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from dltk.autograd import passes
from dltk.autograd.grad_modes import enable_grad
from dltk.autograd.graph import AccumulateGrad
from dltk.core.tensor import Tensor
from dltk.func.arguments import Argnums, chosen, outputs_of, replaced, tensors, with_aux
from dltk.func.structured import jacfwd
from dltk.func.trees import filled, leaves, same_structure

# Whether a leaf is the start of a transform that still runs; other leaves do not have it.
OPEN = "_starts_open_transform"


def _fresh(x: Tensor) -> Tensor:
    """`x` as the start of a graph of its own that stays connected to the one around it."""
    if x.requires_grad:
        return x.view(tuple(x.shape))
    start = _forgetful(x).requires_grad_()
    start.__dict__[OPEN] = True
    return start


def _close(inputs: list[Tensor]) -> None:
    """Let the starts of a transform whose results are there no longer count as surroundings."""
    for each in inputs:
        each.__dict__[OPEN] = False


def _forgetful(x: Tensor, with_tangents: bool = False) -> Tensor:
    """`x` without its place in the graph, but with its tangents, which `detach` would drop.

    with_tangents: whether the tangents lose their place as well.
    """
    bare = x.detach()
    bare._tangents = x._tangents
    if with_tangents and x._tangents:
        bare._tangents = {k: _forgetful(each, True) for k, each in x._tangents.items()}
    return bare


def _connected(x: Any) -> bool:
    """Whether `x` or one of its tangents is part of a graph that surrounds the transform."""
    if not isinstance(x, Tensor):
        return False
    return x.requires_grad or any(map(_connected, (x._tangents or {}).values()))


def _reaches_beyond(tensors: list, inputs: list[Tensor]) -> bool:
    """Whether the graph of a result has other leaves than `inputs`: what the function closes over.

    Such a leaf may belong to a transform around this one, which has to find its way to it.
    """
    own = {id(each) for each in inputs}
    pending = [each.grad_fn for each in tensors if isinstance(each, Tensor) and each.requires_grad]
    seen = set()
    while pending:
        node = pending.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        # The start of a transform inside of this one, which is finished, leads nowhere anymore.
        leaf = node.variable if isinstance(node, AccumulateGrad) else None
        if leaf is not None and id(leaf) not in own and leaf.__dict__.get(OPEN, True):
            return True
        pending.extend(edge[0] for edge in node.edges if edge is not None)
    return False


def _outcome(tree: Any, around: Sequence, inputs: list[Tensor]) -> Any:
    """Results of a transform: they stay in the graph only if it reaches beyond the transform."""
    if any(map(_connected, around)) or _reaches_beyond(leaves(tree), inputs):
        return tree
    return filled(
        tree,
        [
            _forgetful(each, with_tangents=True) if isinstance(each, Tensor) else each
            for each in leaves(tree)
        ],
    )


def _pulled(outputs: list[Tensor], inputs: list[Tensor], adjoints: Sequence) -> list[Tensor]:
    """The adjoints of the inputs; zeros for an input that the outputs do not depend on."""
    pairs = [(y, g) for y, g in zip(outputs, adjoints, strict=True) if y.requires_grad]
    if not pairs or not inputs:
        return [x.new_zeros(x.shape) for x in inputs]
    recorded, given = zip(*pairs, strict=True)
    return list(
        passes.grad(
            recorded, inputs, given, retain_graph=True, create_graph=True, materialize_grads=True
        )
    )


def vjp(func: Callable, *primals: Any, has_aux: bool = False) -> tuple:
    """The value of `func`, and a function from an adjoint of it to the adjoints of `primals`.

    The primals, and what `func` returns, may be trees of tensors. As `torch.func.vjp`; with
    `has_aux`, `func` returns a pair, of which the second part comes third.
    """
    with enable_grad():
        inputs = [_fresh(each) for each in tensors(primals)]
        result, aux = with_aux(func(*filled(primals, inputs)), has_aux)
    outputs = outputs_of(result)
    surroundings = leaves(primals)

    def pullback(
        adjoint: Any, retain_graph: bool = True, create_graph: bool | None = None
    ) -> tuple[Any, ...]:
        if not same_structure(adjoint, result):
            raise RuntimeError(
                "Expected pytree structure of cotangents to be the same as pytree structure of "
                f"outputs to the function: {len(outputs)} tensors in a {type(result).__name__}, "
                f"got {len(leaves(adjoint))} in a {type(adjoint).__name__}"
            )
        found = _pulled(outputs, inputs, leaves(adjoint))
        return filled(primals, _outcome(found, [*surroundings, *leaves(adjoint)], inputs))

    value, beside = (_outcome(each, surroundings, inputs) for each in (result, aux))
    _close(inputs)
    return (value, pullback, beside) if has_aux else (value, pullback)


def grad_and_value(func: Callable, argnums: Argnums = 0, has_aux: bool = False) -> Callable:
    """A function that gives the gradient and the value of `func`, which returns one number.

    As `torch.func.grad_and_value`.
    """

    def compute(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        targets = chosen(argnums, args)
        with enable_grad():
            inputs = [_fresh(each) for each in tensors(targets)]
            returned = func(*replaced(argnums, args, filled(targets, inputs)), **kwargs)
            value, aux = with_aux(returned, has_aux)
        if not isinstance(value, Tensor):
            raise RuntimeError(
                f"grad_and_value(f)(*args): Expected f(*args) to return a Tensor, got {type(value)}"
            )
        if value.ndim != 0:
            raise RuntimeError(
                "grad_and_value(f)(*args): Expected f(*args) to return a scalar tensor, got a "
                f"tensor with {value.ndim} dims. Maybe you wanted to use the vjp or jacrev APIs "
                "instead?"
            )
        found = filled(targets, _pulled([value], inputs, [value.new_ones(())]))
        around = leaves(args)
        whole = (value, aux) if has_aux else value
        results = _outcome(found, around, inputs), _outcome(whole, around, inputs)
        _close(inputs)
        return results

    return compute


def grad(func: Callable, argnums: Argnums = 0, has_aux: bool = False) -> Callable:
    """A function that gives the gradient of `func`. As `torch.func.grad`."""
    compute = grad_and_value(func, argnums, has_aux)

    def gradient(*args: Any, **kwargs: Any) -> Any:
        found, value = compute(*args, **kwargs)
        return (found, value[1]) if has_aux else found

    return gradient


def jacrev(
    func: Callable,
    argnums: Argnums = 0,
    *,
    has_aux: bool = False,
    chunk_size: int | None = None,
) -> Callable:
    """A function that gives the Jacobian of `func`, one row a backward pass.

    As `torch.func.jacrev`; `chunk_size`, which is about vectorizing, has no effect.
    """

    def jacobian(*args: Any) -> Any:
        targets = chosen(argnums, args)
        with enable_grad():
            inputs = [_fresh(each) for each in tensors(targets)]
            returned = func(*replaced(argnums, args, filled(targets, inputs)))
            result, aux = with_aux(returned, has_aux)
        blocks = [filled(targets, _rows(output, inputs)) for output in outputs_of(result)]
        around = leaves(args)
        found, beside = (_outcome(each, around, inputs) for each in (filled(result, blocks), aux))
        _close(inputs)
        return (found, beside) if has_aux else found

    return jacobian


def _rows(output: Tensor, inputs: list[Tensor]) -> list[Tensor]:
    """The Jacobian of one output with respect to each input."""
    from dltk.ops.join import stack

    rows = []
    for index in itertools.product(*map(range, output.shape)):
        seed = output.new_zeros(tuple(output.shape))
        seed[index] = 1
        rows.append(_pulled([output], inputs, [seed]))
    if not rows:
        return [x.new_zeros((*output.shape, *x.shape)) for x in inputs]
    return [
        stack(each, 0).reshape(*output.shape, *x.shape)
        for x, each in zip(inputs, zip(*rows, strict=True), strict=True)
    ]


def hessian(func: Callable, argnums: Argnums = 0) -> Callable:
    """A function that gives the matrix of second derivatives of `func`. As `torch.func.hessian`."""
    return jacfwd(jacrev(func, argnums), argnums)
