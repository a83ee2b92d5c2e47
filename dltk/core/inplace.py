"""Writing into an existing tensor: in-place twins, `out=`, and assignment to an index."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from dltk.autograd.primitive_node import PrimitiveNode
from dltk.autograd.state import state
from dltk.autograd.tensor_hooks import retain_after_write
from dltk.backends import registry
from dltk.backends.use import use
from dltk.core import tensor as core
from dltk.core.cells import shares_cells
from dltk.core.tensor import Tensor
from dltk.core.view import CopySlices, refuse_one_of_many
from dltk.layout import writing
from dltk.layout.strides import contiguous_strides


def in_place(operation: Callable[..., Tensor], target: Tensor, *args, **kwargs) -> Tensor:
    """Run `operation(target, …)` and make `target` its result, in the same memory."""
    result = _run(operation, target, *args, **kwargs)
    writing.check_target(
        tuple(target._raw.shape),
        # No two elements share a cell where there is none.
        target._layout_strides() if target._raw.size else contiguous_strides(target._raw.shape),
        target.dtype,
        tuple(result._raw.shape),
        result.dtype,
    )
    check_cells(target)
    check_overlap(target, args)
    return _become(target, result)


def overwrite(operation: Callable[..., Tensor], target: Tensor) -> Tensor:
    """`in_place` for one value everywhere, which may go into shared cells too."""
    return _become(target, _run(operation, target))


def _run(operation: Callable[..., Tensor], target: Tensor, *args, **kwargs) -> Tensor:
    """The result of `operation` on a stand-in with the target's elements and history."""
    check_history(target, args)
    stand_in = _stand_in(target)
    if state.observer is not None:
        state.observer.same(target, stand_in)
    return operation(stand_in, *args, **kwargs)


def _become(target: Tensor, result: Tensor) -> Tensor:
    """Write the elements of `result` into the target's memory; its history becomes the target's."""
    if state.observer is not None:
        state.observer.same(result, target)
    write(target, result._raw)
    if result._node is not None or state.levels:
        _move_history(target, result)
    return target


def check_cells(target: Tensor) -> None:
    """Refuse a target whose elements share cells, as overlapping windows do.

    Torch writes there in no stated order, and its gradients are then those of another function.
    Cells shared by a stride of 0 are left to `writing.check_target`.
    """
    if target._strides is None or not target._raw.size:
        return
    shape, strides = tuple(target._raw.shape), target._strides
    walked = [(size, step) for size, step in zip(shape, strides, strict=True) if step]
    if walked and shares_cells(*zip(*walked, strict=True)):
        raise RuntimeError(
            "unsupported operation: more than one element of the written-to tensor, of shape "
            f"{list(shape)} and strides {list(strides)}, refers to a single memory location. "
            "Please clone() the tensor before performing the operation."
        )


def check_overlap(target: Tensor, operands: tuple) -> None:
    """Refuse an operand that lies in part of the target's cells, unless it is the same view.

    Like torch, only tensors without gaps are looked at.
    """
    for each in operands:
        if (
            not isinstance(each, Tensor)
            or each._storage is None
            or each._storage is not target._storage
            or not (_has_no_gaps(each) and _has_no_gaps(target))
        ):
            continue
        first, second = (each._offset, each._raw.size), (target._offset, target._raw.size)
        same = first == second and each._layout_strides() == target._layout_strides()
        if not same and first[0] < sum(second) and second[0] < sum(first):
            raise RuntimeError(
                "unsupported operation: some elements of the input tensor and the written-to "
                "tensor refer to a single memory location. Please clone() the tensor before "
                "performing the operation."
            )


def _has_no_gaps(tensor: Tensor) -> bool:
    """Whether the elements are a range of cells, each in one of its own, in whatever order."""
    cells = 1
    for stride, size in sorted(zip(tensor._layout_strides(), tensor._raw.shape, strict=True)):
        if size != 1:
            if stride != cells:
                return False
            cells *= size
    return True


def write(target: Tensor, raw) -> None:
    """Write `raw` into the memory of `target`; all who look at the memory know."""
    if use.elsewhere:
        registry.check_same(target._raw, raw)
    storage = target._alias()
    target._raw[...] = raw
    storage.version += 1


def check_history(target: Tensor, args: tuple) -> None:
    """Refuse a recorded write into a leaf, or into a view that was made without recording."""
    tensors = [target, *(each for each in args if isinstance(each, Tensor))]
    view = target._view
    if view is not None:
        tensors.append(view.base)
    if not state.enabled or not any(each.requires_grad for each in tensors):
        return
    if target.is_leaf and target.requires_grad:
        raise RuntimeError(
            "a leaf Variable that requires grad is being used in an in-place operation."
        )
    if view is not None:
        if view.one_of_many:
            refuse_one_of_many("it is being modified inplace")
        if view.base.is_leaf and view.base.requires_grad:
            raise RuntimeError(
                "a view of a leaf Variable that requires grad is being used in an in-place "
                "operation."
            )
        if view.in_no_grad:
            raise RuntimeError(
                "A view was created in no_grad mode and is being modified inplace with grad mode "
                "enabled. Create the view in the mode it is written in."
            )


def _stand_in(target: Tensor) -> Tensor:
    """A tensor with the target's elements and history, not its memory if someone may keep it."""
    recorded = state.enabled or state.levels
    raw = target._raw
    if recorded and not isinstance(raw, np.generic):
        raw = raw.copy("K")
    stand_in = core.wrap(raw, target.dtype)
    stand_in._tangents = target._tangents
    if target.requires_grad:
        stand_in._node, stand_in._slot = target.grad_fn, target._slot
        stand_in._requires_grad = True
        stand_in._accumulator = target._accumulator
    return stand_in


def _move_history(target: Tensor, result: Tensor) -> None:
    target._tangents = result._tangents
    view = target._view
    if view is not None and (result._tangents or view.base._tangents):
        view.write_tangents(target, result._tangents)
    node = result._node
    if node is None:
        return
    if isinstance(node, PrimitiveNode) and node.plan.saves_result:
        same = core.alias(target)
        same._tangents = result._tangents
        node.resave_result(same)
    if view is None:
        before, slot = target._node, target._slot
        target._node, target._slot, target._requires_grad = node, result._slot, True
        retain_after_write(target, before, slot)
        return
    base = view.base
    before, slot = base._node, base._slot
    base._node, base._slot, base._requires_grad = CopySlices(base, target, result), 0, True
    retain_after_write(base, before, slot)


def into(out: Tensor, result: Tensor, operands: Sequence = ()) -> Tensor:
    """Write `result` into the tensor given as `out=`, which is resized where it must be.

    Raises:
        RuntimeError: `out` requires a gradient, or cannot hold the result's category of dtype.
    """
    if not isinstance(out, Tensor):
        raise TypeError(f"out must be a Tensor, got {type(out).__name__}")
    if state.enabled and (out.requires_grad or result.requires_grad):
        raise RuntimeError(
            "functions with out=... arguments don't support automatic differentiation, but one of "
            "the arguments requires grad."
        )
    shape = tuple(result._raw.shape)
    check_overlap(out, tuple(operands))
    if writing.resizes(tuple(out._raw.shape), shape):
        resize(out, shape)
    writing.check_target(shape, out._layout_strides(), out.dtype, shape, result.dtype)
    write(out, result._raw)
    return out


def resize(tensor: Tensor, shape: tuple[int, ...]) -> None:
    """Make `tensor` a row-major one of `shape` in its own memory, which grows if it must."""
    storage = tensor._alias()
    strides = contiguous_strides(shape)
    storage.resize(tensor._offset + core.Size(shape).numel())
    tensor._raw = storage.walk(shape, strides, tensor._offset)
    tensor._strides = strides
