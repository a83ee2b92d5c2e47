"""Tensors that look at another tensor's memory, and what writing through them means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dltk.autograd.given_vjps import index_put_x
from dltk.autograd.graph import Node, edge_of
from dltk.autograd.state import state
from dltk.core.dispatch import attach, finish
from dltk.core.primitive import Primitive
from dltk.core.storage import Storage, numel
from dltk.core.tensor import Tensor, over

if TYPE_CHECKING:
    from dltk.autograd.passes import Pass


class View:
    """The tie between a view and its base, the tensor whose memory it looks at.

    `version` is the storage's version when the view's node was made. A later write to the memory
    may have changed the base's history; then the view's node is made anew from the base's. A view
    that is `one_of_many` has a node together with others and cannot get one of its own.
    """

    __slots__ = ("base", "in_no_grad", "one_of_many", "version")

    def __init__(self, base: Tensor, version: int, in_no_grad: bool, one_of_many: bool = False):
        self.base = base
        self.version = version
        self.in_no_grad = in_no_grad
        self.one_of_many = one_of_many

    def refresh(self, view: Tensor) -> None:
        storage = view._storage
        if storage is None or storage.version == self.version:
            return
        if self.one_of_many and not self.in_no_grad and self.base._node is not None:
            refuse_one_of_many("its base or another view of its base has been modified inplace")
        self.version = storage.version
        if self.base._node is not None:
            attach(view, RegionNode(self.base, view))
        if self.base._tangents:
            index = (region_index(self.base, view),)
            view._tangents = {
                level: _elements(tangent, index) for level, tangent in self.base._tangents.items()
            }

    def write_tangents(self, view: Tensor, written: dict[int, Tensor] | None) -> None:
        """Tell the base which tangents were written through `view`; a missing one is zero."""
        before, written = self.base._tangents or {}, written or {}
        index = (region_index(self.base, view),)
        self.base._tangents = {
            level: _replaced(self.base, before.get(level), index, written.get(level))
            for level in sorted({*before, *written})
        }


def _elements(tensor: Tensor, index: tuple) -> Tensor:
    from dltk.ops import namespace

    return namespace.index(tensor.reshape(-1), index)


def _replaced(base: Tensor, tangent: Tensor | None, index: tuple, written: Tensor | None) -> Tensor:
    """A tangent of `base` whose elements at `index` are those of `written`."""
    from dltk.ops import namespace

    flat = base.new_zeros(base.numel()) if tangent is None else tangent.reshape(-1)
    result = index_put_x(namespace, flat, index)
    if written is not None:
        result = result + namespace.index_put(written, index, (base.numel(),))
    return result.reshape(tuple(base._raw.shape))


def refuse_one_of_many(what: str) -> None:
    raise RuntimeError(
        f"This tensor is one of several views that one operation gave, and {what}. Such views "
        "cannot be modified inplace. Use an out-of-place operation instead."
    )


def view_of(
    primitive: Primitive,
    tensor: Tensor,
    params: tuple,
    shape: tuple[int, ...],
    strides: tuple[int, ...],
    offset: int,
) -> Tensor:
    """The result of a view operation: the memory of `tensor` walked in another way."""
    result = looking_at(tensor, shape, strides, offset)
    return finish(primitive, (tensor,), params, result)


def looking_at(
    tensor: Tensor, shape: tuple[int, ...], strides: tuple[int, ...], offset: int
) -> Tensor:
    """The memory of `tensor` walked in another way, without a place in the graph."""
    storage = tensor._alias()
    result = over(storage, shape, strides, offset, tensor.dtype)
    view = tensor._view
    base = tensor if view is None else view.base
    result._view = View(
        base, storage.version, not state.enabled, view is not None and view.one_of_many
    )
    return result


def region_index(base: Tensor, view: Tensor) -> np.ndarray:
    """For each element of `view`, which element of `base` it is, counted row-major."""
    storage = base._alias()
    cells = Storage(np.zeros(storage.data.size, np.intp))
    shape = tuple(base._raw.shape)
    walked = cells.walk(shape, base._layout_strides(), base._offset)
    if walked.size:
        walked[...] = np.arange(numel(shape)).reshape(shape)
    region = cells.walk(tuple(view._raw.shape), view._layout_strides(), view._offset)
    return region.copy()


class RegionNode(Node):
    """A view of a base whose history changed: the base's elements at `index`."""

    def __init__(self, base: Tensor, view: Tensor):
        super().__init__((edge_of(base),))
        self.index = region_index(base, view)
        self.shape = tuple(base._raw.shape)

    def name(self) -> str:
        return "AsStridedBackward0"

    def pull(self, gradients: list, run: Pass) -> list:
        flat = run.ops.index_add(gradients[0], (self.index,), (numel(self.shape),))
        return [run.ops.reshape(flat, self.shape)]


class CopySlices(Node):
    """A base of which the elements at `index` were replaced by what another tensor holds."""

    def __init__(self, base: Tensor, view: Tensor, written: Tensor):
        super().__init__(
            tuple([edge_of(each) if each.requires_grad else None for each in (base, written)])
        )
        self.index = region_index(base, view)
        self.shape = tuple(base._raw.shape)
        strides = zip(view._layout_strides(), view._raw.shape, strict=True)
        self.shared = view._raw.size > 1 and any(
            stride == 0 and size > 1 for stride, size in strides
        )

    def name(self) -> str:
        return "CopySlices"

    def pull(self, gradients: list, run: Pass) -> list:
        if self.shared:
            raise RuntimeError(
                "unsupported operation: more than one element of the written-to tensor refers to a "
                "single memory location. Please clone() the tensor before performing the operation."
            )
        ops = run.ops
        flat = ops.reshape(gradients[0], (numel(self.shape),))
        region = ops.index(flat, (self.index,))
        kept = index_put_x(ops, flat, (self.index,))
        return [ops.reshape(kept, self.shape), region]
