"""Hooks of tensors, which see gradients on their way, and gradients that are kept."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dltk.autograd import leaves
from dltk.autograd.graph import AFTER_ACCUMULATION, AccumulateGrad, Node, RemovableHandle, edge_of
from dltk.core.tensor import Tensor

if TYPE_CHECKING:
    from dltk.autograd.passes import Pass


def retain(tensor: Tensor) -> None:
    """Keep the gradient of a tensor that is no leaf in its `.grad`."""
    if tensor.is_leaf or tensor._retains_grad:
        return
    node, slot = edge_of(tensor)
    if node.retained is None:
        node.retained, node.hooked = {}, True
    node.retained[slot] = weakref.ref(tensor)
    tensor._retains_grad = True


def retain_after_write(tensor: Tensor, node: Node | None, slot: int) -> None:
    """Keep the gradient of what `tensor` is now, not of what it was as output `slot` of `node`."""
    if tensor._retains_grad and node is not None and node.retained:
        node.retained.pop(slot, None)
        tensor._retains_grad = False
        retain(tensor)


def add_hook(tensor: Tensor, hook: Callable[[Tensor], Tensor | None]) -> RemovableHandle:
    """Call `hook` with the gradient of `tensor`, before anybody else sees it."""
    node, slot = edge_of(tensor)
    if isinstance(node, AccumulateGrad):
        # A leaf keeps its hooks itself: its node lives only as long as a graph needs it.
        if tensor._hooks is None:
            tensor._hooks = {}
        node.tensor_hooks, node.hooked = {0: tensor._hooks}, True
        return RemovableHandle(tensor._hooks, hook)
    if node.tensor_hooks is None:
        node.tensor_hooks, node.hooked = {}, True
    return RemovableHandle(node.tensor_hooks.setdefault(slot, {}), hook)


def add_hook_after_accumulation(tensor: Tensor, hook: Callable[[Tensor], None]) -> RemovableHandle:
    """Call `hook` with the leaf `tensor` after a gradient was added to its `.grad`.

    Raises:
        RuntimeError: the tensor requires no gradient, or is no leaf.
    """
    if not tensor.requires_grad:
        raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
    if not tensor.is_leaf:
        raise RuntimeError("post accumulate grad hooks cannot be registered on non-leaf tensors")
    return RemovableHandle(tensor.__dict__.setdefault(AFTER_ACCUMULATION, {}), hook)


def call_tensor_hooks(node: Node, gradients: list, run: Pass) -> None:
    """Show the gradients that arrived at `node` to the hooks, and keep those that are retained."""
    if node.tensor_hooks:
        for slot, hooks in node.tensor_hooks.items():
            for hook in list(hooks.values()):
                if gradients[slot] is not None:
                    changed = hook(run.to_tensor(gradients[slot]))
                    if changed is not None:
                        gradients[slot] = _replacement(hook, changed, gradients[slot], run)
    if node.retained:
        for slot, reference in node.retained.items():
            tensor = reference()
            if tensor is not None and gradients[slot] is not None:
                leaves.accumulate(tensor, run.to_tensor(gradients[slot]))


def _replacement(hook: Callable, changed: Any, gradient: Any, run: Pass) -> Any:
    """What a tensor's hook returned, in place of the gradient it was called with."""
    if not isinstance(changed, Tensor):
        raise TypeError(f"expected Variable, but hook returned '{type(changed).__name__}'")
    if changed._raw.shape != gradient.shape:
        raise RuntimeError(
            f"hook '{getattr(hook, '__name__', type(hook).__name__)}' has changed the size of "
            f"value: from {list(gradient.shape)} to {list(changed.shape)}"
        )
    before = run.to_tensor(gradient).dtype
    if changed.dtype is not before:
        raise RuntimeError(
            f"hook '{getattr(hook, '__name__', type(hook).__name__)}' has changed the type of "
            f"value: from {before} to {changed.dtype}"
        )
    return run.from_tensor(changed)
