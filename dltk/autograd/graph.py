"""The graph that recording leaves behind: a node for each operation, edges to its inputs' makers.

A gradient on its way through the graph is a raw array in a plain backward pass, and a tensor in one
that is itself recorded or carries tangents. `Pass` says which, and converts where user code looks.
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dltk.autograd import leaves

if TYPE_CHECKING:
    from dltk.core.tensor import Tensor

Edge = tuple["Node", int] | None

sequence = itertools.count()
# Leaves come before whatever else is ready, as in torch.
_leaf_sequence = itertools.count(2**62)


class Node:
    """One recorded operation, as `torch.autograd.graph.Node`."""

    # Defaults of the class, not set in each node: millions of nodes have none of these.
    slots = 1
    freed = False
    on_device = True  # whether `pull` only computes, on the device where the gradients are
    devices: list | None = None  # of the operands, noted where a device but the CPU is in use
    hooked = False  # whether any of the following four may hold something
    tensor_hooks: dict[int, dict[int, Any]] | None = None
    prehooks: dict[int, Any] | None = None
    hooks: dict[int, Any] | None = None
    retained: dict[int, Any] | None = None
    _metadata: dict | None = None

    def __init__(self, edges: Sequence[Edge]):
        self.edges = edges
        self.sequence = next(sequence)

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
        if self._metadata is None:
            self._metadata = {}
        return self._metadata

    def pull(self, gradients: list, run: Any) -> list:
        """The gradients of the inputs, one or `None` for each edge, from those of the outputs."""
        raise NotImplementedError

    def free(self) -> None:
        """Let go of what was saved for the backward pass."""

    def register_hook(self, hook) -> RemovableHandle:
        """Call `hook(grad_inputs, grad_outputs)` after the node ran; it may replace the former."""
        if self.hooks is None:
            self.hooks, self.hooked = {}, True
        return RemovableHandle(self.hooks, hook)

    def register_prehook(self, hook) -> RemovableHandle:
        """Call `hook(grad_outputs)` before the node runs; it may replace them."""
        if self.prehooks is None:
            self.prehooks, self.hooked = {}, True
        return RemovableHandle(self.prehooks, hook)

    def __call__(self, *gradients):
        """Run this node alone: the gradients of its inputs for those of its outputs."""
        from dltk.autograd.passes import run_node

        return run_node(self, gradients)

    def __repr__(self) -> str:
        return f"<{self.name()} object at {id(self):#x}>"

    def __lt__(self, other: Node) -> bool:
        """Whether a backward pass that could visit either takes this one: the later recorded."""
        return self.sequence > other.sequence


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


class AccumulateGrad(Node):
    """The node at the end of a path: it adds what arrives to the `.grad` of a leaf."""

    on_device = False

    def __init__(self, variable: Tensor):
        super().__init__(())
        self.sequence = next(_leaf_sequence)
        self.variable = variable

    def name(self) -> str:
        return "torch::autograd::AccumulateGrad"

    def pull(self, gradients: list, run) -> list:
        leaves.accumulate(self.variable, run.to_tensor(gradients[0]))
        call_after_accumulation(self.variable)
        return []


AFTER_ACCUMULATION = "_hooks_after_accumulation"


def call_after_accumulation(leaf: Tensor) -> None:
    """Call the hooks that wait for the gradient of `leaf`; few leaves have any."""
    for hook in list(leaf.__dict__.get(AFTER_ACCUMULATION, {}).values()):
        hook(leaf)


def edge_of(tensor: Tensor) -> tuple[Node, int]:
    """Where the gradient of `tensor`, which requires one, goes."""
    node = tensor._node if tensor._view is None else tensor.grad_fn
    if node is not None:
        return node, tensor._slot
    accumulator = tensor._accumulator() if tensor._accumulator is not None else None
    if accumulator is None:
        accumulator = AccumulateGrad(tensor)
        if tensor._hooks:
            accumulator.tensor_hooks, accumulator.hooked = {0: tensor._hooks}, True
        tensor._accumulator = weakref.ref(accumulator)
    return accumulator, 0


def __getattr__(name: str) -> Any:
    if name in ("saved_tensors_hooks", "save_on_cpu", "disable_saved_tensors_hooks"):
        raise NotImplementedError(
            f"dltk.autograd.graph.{name} is not in dltk's scope: saved tensors stay where they are"
        )
    raise AttributeError(f"module 'dltk.autograd.graph' has no attribute {name!r}")
