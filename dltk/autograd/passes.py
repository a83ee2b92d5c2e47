"""`backward` and `grad`: what the user calls, and what happens at each node."""

from __future__ import annotations

import operator
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from dltk.autograd import anomaly, elsewhere, engine, leaves, vjp_rules
from dltk.autograd.graph import (
    AccumulateGrad,
    Node,
    call_after_accumulation,
    edge_of,
)
from dltk.autograd.state import state
from dltk.autograd.tensor_hooks import call_tensor_hooks
from dltk.backends import cpu
from dltk.backends.use import use
from dltk.core import dtypes
from dltk.core.tensor import Tensor, wrap

_all_edges = operator.attrgetter("edges")


class Pass:
    """What gradients are during one backward pass: raw arrays, or tensors (`as_tensors`)."""

    def __init__(self, as_tensors: bool):
        self.as_tensors = as_tensors
        if as_tensors:
            from dltk.ops import namespace

            self.ops: Any = namespace
        else:
            self.ops = cpu.ops

    def from_tensor(self, gradient: Tensor) -> Any:
        return gradient if self.as_tensors else gradient._raw

    def to_tensor(self, gradient: Any) -> Tensor:
        return gradient if self.as_tensors else wrap(gradient)

    def fit(self, gradient: Any, shape: tuple[int, ...], dtype: Any) -> Any:
        """A gradient in the shape and dtype of the operand it belongs to."""
        if gradient is None:
            return None
        if gradient.shape != shape:
            gradient = vjp_rules.unbroadcast(self.ops, gradient, shape)
        if self.as_tensors:
            wanted = dtypes.BY_NUMPY[dtype]
            return gradient if gradient.dtype is wanted else gradient.to(wanted)
        return gradient if gradient.dtype == dtype else gradient.astype(dtype)


def run_backward(
    roots: list[tuple[Tensor, Tensor]],
    retain_graph: bool,
    create_graph: bool,
    inputs: Sequence[Tensor] | None = None,
) -> list[Tensor | None]:
    """Send gradients from the roots to the leaves, or only to `inputs`, whose gradients return."""
    run = Pass(create_graph or bool(state.levels))
    wanted = None if inputs is None else [edge_of(each) for each in inputs]
    captured: dict[tuple[Node, int], Any] = dict.fromkeys(wanted or ())
    starts = [(*edge_of(root), run.from_tensor(gradient)) for root, gradient in roots]
    useful = None if wanted is None else _leading_to(wanted, [start[0] for start in starts])

    def useful_edges(node: Node) -> list:
        assert useful is not None
        return [
            edge if edge is not None and (edge[0] in useful or edge in captured) else None
            for edge in node.edges
        ]

    elsewhere_too = use.elsewhere

    def visit(node: Node, gradients: list) -> list:
        if node.hooked or gradients[0] is None or elsewhere_too:
            if node.hooked:
                call_tensor_hooks(node, gradients, run)
            pulled = pull(node, gradients, run)
        else:
            pulled = node.pull(gradients, run)
        if not retain_graph:
            node.free()
        return pulled

    def capture(node: Node, gradients: list) -> list:
        assert useful is not None
        if node.hooked:
            call_tensor_hooks(node, gradients, run)
        for slot, gradient in enumerate(gradients):
            if (node, slot) in captured:
                captured[node, slot] = gradient
        if node not in useful:
            return [None] * len(node.edges)
        pulled = pull(node, gradients, run)
        if not retain_graph:
            node.free()
        return pulled

    edges: Callable = _all_edges if useful is None else useful_edges
    visitor: Callable = visit if useful is None else capture
    if anomaly.is_anomaly_enabled():
        visitor = anomaly.watched(visitor)
    before, state.enabled = state.enabled, create_graph
    try:
        engine.run(starts, edges, visitor)
    finally:
        state.enabled = before
    found = [captured[edge] for edge in wanted or ()]
    return [None if each is None else run.to_tensor(each) for each in found]


def pull(node: Node, gradients: list, run: Pass) -> list:
    """Run one node's rule between its hooks; nothing arrived means nothing is sent on."""
    if gradients[0] is None and not any(gradient is not None for gradient in gradients):
        return [None] * len(node.edges)
    step = elsewhere.pull if use.elsewhere else type(node).pull
    if not node.hooked:
        return step(node, gradients, run)
    if node.prehooks:
        for prehook in list(node.prehooks.values()):
            changed = prehook(_user_view(gradients, run))
            if changed is not None:
                gradients = [None if g is None else run.from_tensor(g) for g in _as_tuple(changed)]
    pulled = step(node, gradients, run)
    if node.hooks:
        for hook in list(node.hooks.values()):
            changed = hook(_user_view(pulled, run), _user_view(gradients, run))
            if changed is not None:
                pulled = [None if g is None else run.from_tensor(g) for g in _as_tuple(changed)]
    return pulled


def _user_view(gradients: Sequence, run: Pass) -> tuple[Tensor | None, ...]:
    return tuple([None if each is None else run.to_tensor(each) for each in gradients])


def _as_tuple(value) -> tuple:
    return value if isinstance(value, tuple) else (value,)


def _leading_to(wanted: Sequence[tuple[Node, int]], starts: list[Node]) -> set[Node]:
    """The nodes between `starts` and one of the `wanted` edges."""
    targets = set(wanted)
    useful: set[Node] = set()
    finished: set[Node] = set()
    stack = [(node, False) for node in starts]
    while stack:
        node, seen_all = stack.pop()
        if node in finished:
            continue
        edges = [edge for edge in node.edges if edge is not None]
        if seen_all:
            finished.add(node)
            if any(edge in targets or edge[0] in useful for edge in edges):
                useful.add(node)
        else:
            stack.append((node, True))
            stack.extend((edge[0], False) for edge in edges if edge[0] not in finished)
    return useful


def run_node(node: Node, gradients: tuple) -> Any:
    """What `node(*gradients)` gives: the gradients of its inputs, without going further."""
    run = Pass(as_tensors=state.enabled or bool(state.levels))
    arrived = [None if each is None else run.from_tensor(each) for each in gradients]
    if isinstance(node, AccumulateGrad):
        node.pull(arrived, run)
        return None
    pulled = _user_view(pull(node, arrived, run), run)
    return pulled[0] if len(pulled) == 1 else pulled


def backward(
    tensors: Tensor | Sequence[Tensor],
    grad_tensors: Tensor | Sequence[Tensor | None] | None = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    grad_variables: Any = None,
    inputs: Tensor | Sequence[Tensor] | None = None,
) -> None:
    """Add the gradients of `tensors` to the `.grad` of the leaves, as `torch.autograd.backward`.

    `grad_variables` is the former name of `grad_tensors`.
    """
    if grad_variables is not None:
        warnings.warn(
            "`grad_variables` is deprecated. Use `grad_tensors` instead.",
            FutureWarning,
            stacklevel=2,
        )
        if grad_tensors is not None:
            raise RuntimeError(
                "`grad_tensors` and `grad_variables` (deprecated) arguments both passed to "
                "`backward()`. Please only use `grad_tensors`."
            )
        grad_tensors = grad_variables
    roots = _roots(tensors, grad_tensors, leaves.seed)
    keep = create_graph if retain_graph is None else retain_graph
    if inputs is None:
        run_backward(roots, keep, create_graph)
        return
    targets = _tuple_of(inputs, "inputs")
    if not targets:
        raise RuntimeError("'inputs' argument to backward() cannot be empty.")
    for target, gradient in zip(
        targets, run_backward(roots, keep, create_graph, targets), strict=True
    ):
        if gradient is not None:
            leaves.accumulate(target, gradient)
            call_after_accumulation(target)


def grad(
    outputs: Tensor | Sequence[Tensor],
    inputs: Tensor | Sequence[Tensor],
    grad_outputs: Tensor | Sequence[Tensor | None] | None = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    only_inputs: bool = True,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> tuple[Any, ...]:
    """The gradients of `outputs` with respect to `inputs`, as `torch.autograd.grad`.

    Raises:
        NotImplementedError: `is_grads_batched`, which needs vectorizing maps.
        RuntimeError: an input does not require a gradient, or none arrived at it and
            `allow_unused` is false.
    """
    if not only_inputs:
        warnings.warn(
            "only_inputs argument is deprecated and is ignored now (defaults to True). To "
            "accumulate gradient for other parts of the graph, please use autograd.backward.",
            FutureWarning,
            stacklevel=2,
        )
    if is_grads_batched:
        raise NotImplementedError(
            "is_grads_batched=True is not in dltk's scope: call grad once for each row"
        )
    if allow_unused is False and materialize_grads:
        raise ValueError(
            "Expected allow_unused to be True or not passed when materialize_grads=True"
        )
    targets = _tuple_of(inputs, "inputs")
    if not targets:
        raise RuntimeError("`inputs` argument to `grad()` cannot be empty.")
    for target in targets:
        if not target.requires_grad:
            raise RuntimeError("One of the differentiated Tensors does not require grad")
    keep = create_graph if retain_graph is None else retain_graph
    roots = _roots(outputs, grad_outputs, _given_or_seed)
    gradients = run_backward(roots, keep, create_graph, targets)
    if any(gradient is None for gradient in gradients):
        leaves.check_used(gradients, bool(allow_unused or materialize_grads))
    if materialize_grads:
        gradients = [
            target.new_zeros(target.shape) if gradient is None else gradient
            for target, gradient in zip(targets, gradients, strict=True)
        ]
    return tuple(gradients)


def _given_or_seed(root: Tensor, gradient: Tensor | None) -> Tensor:
    """`seed`, asked only where there is something to decide: the engine is written before it."""
    if gradient is not None and root.requires_grad and gradient.shape == root.shape:
        return gradient
    return leaves.seed(root, gradient)


def _roots(tensors, gradients, start: Callable) -> list[tuple[Tensor, Tensor]]:
    outputs = _tuple_of(tensors, "outputs")
    for each in () if gradients is None or isinstance(gradients, Tensor) else gradients:
        if each is not None and not isinstance(each, Tensor):
            raise TypeError(
                f"gradients can be either Tensors or None, but got {type(each).__name__}"
            )
    seeds = (gradients,) if isinstance(gradients, Tensor) or gradients is None else tuple(gradients)
    if gradients is None:
        seeds = (None,) * len(outputs)
    if len(seeds) != len(outputs):
        raise RuntimeError(
            f"got {len(outputs)} tensors and {len(seeds)} gradients; each tensor needs one"
        )
    return [(root, start(root, seed)) for root, seed in zip(outputs, seeds, strict=True)]


def _tuple_of(tensors, what: str) -> tuple[Tensor, ...]:
    found = (tensors,) if isinstance(tensors, Tensor) else tuple(tensors)
    for each in found:
        if not isinstance(each, Tensor):
            raise TypeError(f"{what} must be tensors, got {type(each).__name__}")
    return found
