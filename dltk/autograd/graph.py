"""The graph that recording leaves behind: a node for each operation, edges to its inputs' makers.

A gradient on its way through the graph is a raw array in a plain backward pass, and a tensor in one
that is itself recorded or carries tangents. `Pass` says which, and converts where user code looks.
"""

from __future__ import annotations

import itertools
import weakref
from typing import TYPE_CHECKING, Any

from dltk.autograd import leaves
from dltk.core import tensor as core
from dltk.core.primitive import Primitive

if TYPE_CHECKING:
    from dltk.core.tensor import Tensor

Edge = tuple["Node", int] | None

_sequence = itertools.count()
# Leaves come before whatever else is ready, as in torch.
_leaf_sequence = itertools.count(2**62)


class Node:
    """One recorded operation, as `torch.autograd.graph.Node`."""

    __slots__ = (
        "__weakref__",
        "edges",
        "freed",
        "hooks",
        "metadata_",
        "prehooks",
        "retained",
        "sequence",
        "tensor_hooks",
        "trace",
    )

    slots = 1

    def __init__(self, edges: tuple[Edge, ...]):
        self.edges = edges
        self.sequence = next(_sequence)
        self.freed = False
        self.tensor_hooks: dict[int, dict[int, Any]] | None = None
        self.prehooks: dict[int, Any] | None = None
        self.hooks: dict[int, Any] | None = None
        self.retained: dict[int, Any] | None = None
        self.trace: str | None = None

    def name(self) -> str:
        """Torch's name of the node, such as `AddBackward0`."""
        raise NotImplementedError

    @property
    def next_functions(self) -> tuple[tuple[Node | None, int], ...]:
        """The nodes that made the operation's inputs, each with the slot of its output."""
        return tuple((None, 0) if edge is None else edge for edge in self.edges)

    @property
    def metadata(self) -> dict:
        """A dictionary for whatever a user wants to keep with the node."""
        if not hasattr(self, "metadata_"):
            self.metadata_: dict = {}
        return self.metadata_

    def pull(self, gradients: list, run: Any) -> list:
        """The gradients of the inputs, one or `None` for each edge, from those of the outputs."""
        raise NotImplementedError

    def free(self) -> None:
        """Let go of what was saved for the backward pass."""

    def register_hook(self, hook) -> RemovableHandle:
        """Call `hook(grad_inputs, grad_outputs)` after the node ran; it may replace the former."""
        if self.hooks is None:
            self.hooks = {}
        return RemovableHandle(self.hooks, hook)

    def register_prehook(self, hook) -> RemovableHandle:
        """Call `hook(grad_outputs)` before the node runs; it may replace them."""
        if self.prehooks is None:
            self.prehooks = {}
        return RemovableHandle(self.prehooks, hook)

    def __call__(self, *gradients):
        """Run this node alone: the gradients of its inputs for those of its outputs."""
        from dltk.autograd.passes import run_node

        return run_node(self, gradients)

    def __repr__(self) -> str:
        return f"<{self.name()} object at {id(self):#x}>"

    def __lt__(self, other: Node) -> bool:
        return id(self) < id(other)


class RemovableHandle:
    """Takes a hook back, by `remove()` or at the end of a `with` block."""

    _ids = itertools.count()

    def __init__(self, hooks: dict[int, Any], hook: Any):
        self._hooks = hooks
        self.id = next(self._ids)
        hooks[self.id] = hook

    def remove(self) -> None:
        self._hooks.pop(self.id, None)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *error) -> None:
        self.remove()


class PrimitiveNode(Node):
    """The node of an operation that has rules."""

    __slots__ = ("params", "primitive", "saved", "shapes")

    def __init__(self, primitive: Primitive, inputs: tuple[Tensor, ...], params: tuple):
        super().__init__(tuple([edge_of(each) if each.requires_grad else None for each in inputs]))
        self.primitive = primitive
        self.params = params
        self.shapes = [(each._raw.shape, each._raw.dtype) for each in inputs]
        operands, _ = primitive.plan(tuple([edge is not None for edge in self.edges]))
        self.saved = {primitive.operands[i]: (inputs[i], inputs[i]._version) for i in operands}

    def save_result(self, result: Tensor) -> None:
        """Keep `result` for the rules that need it; by an alias, which does not refer to us."""
        _, needed = self.primitive.plan(tuple([edge is not None for edge in self.edges]))
        if needed:
            alias = core.alias(result)
            self.saved["z"] = (alias, alias._version)

    def save_tangents(self, result: Tensor) -> None:
        """Let a result that was kept have the tangents it got since: a rule may ask for them."""
        if "z" in self.saved:
            self.saved["z"][0]._tangents = result._tangents

    def name(self) -> str:
        return self.primitive.node_name(self.params)

    def free(self) -> None:
        if self.saved:
            self.saved = {}
            self.freed = True

    def values(self, run) -> dict[str, Any]:
        """What the rules may ask for by name."""
        if self.freed:
            leaves.check_alive(self)
        values: dict[str, Any] = {}
        for name, (tensor, version) in self.saved.items():
            if tensor._version != version:
                raise RuntimeError(
                    "one of the variables needed for gradient computation has been modified by an "
                    f"inplace operation: [dltk.{tensor.dtype.name} {list(tensor.shape)}], saved "
                    f"by {self.name()}, is at version {tensor._version}; expected version "
                    f"{version} instead. Hint: clone() the tensor before the in-place operation."
                )
            if name == "z" and run.as_tensors:
                tangents = tensor._tangents
                tensor = core.alias(tensor)
                tensor._node, tensor._requires_grad, tensor._tangents = self, True, tangents
            values[name] = tensor if run.as_tensors else tensor._raw
        for name, (shape, _) in zip(self.primitive.operands, self.shapes, strict=True):
            values[name + "_shape"] = shape
        return values

    def pull(self, gradients: list, run) -> list:
        primitive, ops = self.primitive, run.ops
        values = self.values(run)
        pulled: list = []
        for edge, rule, (shape, dtype) in zip(self.edges, primitive.vjps, self.shapes, strict=True):
            if edge is None:
                pulled.append(None)
                continue
            arguments = primitive.arguments(rule, values, self.params)
            gradient = rule.function(ops, gradients[0], *arguments)
            pulled.append(run.fit(gradient, shape, dtype))
        return pulled


class AccumulateGrad(Node):
    """The node at the end of a path: it adds what arrives to the `.grad` of a leaf."""

    __slots__ = ("variable",)

    def __init__(self, variable: Tensor):
        super().__init__(())
        self.sequence = next(_leaf_sequence)
        self.variable = variable

    def name(self) -> str:
        return "torch::autograd::AccumulateGrad"

    def pull(self, gradients: list, run) -> list:
        leaves.accumulate(self.variable, run.to_tensor(gradients[0]))
        return []


def edge_of(tensor: Tensor) -> tuple[Node, int]:
    """Where the gradient of `tensor`, which requires one, goes."""
    node = tensor.grad_fn
    if node is not None:
        return node, tensor._slot
    accumulator = tensor._accumulator() if tensor._accumulator is not None else None
    if accumulator is None:
        accumulator = AccumulateGrad(tensor)
        if tensor._hooks:
            accumulator.tensor_hooks = {0: tensor._hooks}
        tensor._accumulator = weakref.ref(accumulator)
    return accumulator, 0
