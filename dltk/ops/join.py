"""Putting tensors together and taking them apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dltk.autograd.graph import Edge, Node, edge_of
from dltk.autograd.modes import should_record
from dltk.autograd.state import state, tracking
from dltk.backends import cpu, registry
from dltk.backends.use import use
from dltk.core.dispatch import attach, with_tangents
from dltk.core.inplace import into
from dltk.core.operands import common_dtype
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor, wrap, wrap_dim
from dltk.core.view import looking_at
from dltk.layout.views import index_view
from dltk.ops.index import part

# One operand at a time: how each of the tensors goes into the result.
_cat = Primitive(
    "cat", "x", lambda ops, x, dim, start, length: x, "CatBackward0", "dim start length"
)


class CatNode(Node):
    """The node of `cat` and `stack`, which take any number of operands."""

    def __init__(self, kind: str, tensors: Sequence[Tensor], dim: int, parts: list):
        edges: list[Edge] = [edge_of(each) if each.requires_grad else None for each in tensors]
        super().__init__(tuple(edges))
        self.kind, self.dim, self.parts = kind, dim, parts

    def name(self) -> str:
        return self.kind

    def pull(self, gradients: list, run: Any) -> list:
        rule = _cat.vjps[0].function
        pulled: list = []
        for edge, (start, length, shape, dtype) in zip(self.edges, self.parts, strict=True):
            if edge is None:
                pulled.append(None)
                continue
            part = rule(run.ops, gradients[0], self.dim, start, length)
            if self.kind == "StackBackward0":
                part = run.ops.reshape(part, shape)
            pulled.append(run.fit(part, shape, dtype))
        return pulled


class PartsNode(Node):
    """The node of `unbind`, `split` and `chunk`: one operation with a result for each part.

    What arrives at the parts is joined again, which writes each element once, and in the order of
    the tensor's memory: where that is a permuted view, what it was made from gets rows.
    """

    def __init__(self, kind: str, tensor: Tensor, dim: int, keys: Sequence[int | slice]):
        super().__init__((edge_of(tensor),))
        self.kind, self.dim, self.slots = kind, dim, len(keys)
        self.keys = [(*(slice(None),) * dim, key) for key in keys]
        self.shape, strides = tuple(tensor._raw.shape), tensor._layout_strides()
        self.order = sorted(range(len(strides)), key=lambda d: -strides[d])

    def name(self) -> str:
        return self.kind

    def pull(self, gradients: list, run: Any) -> list:
        like = next(each for each in gradients if each is not None)
        if run.as_tensors:
            parts = [
                run.ops.zeros(self._shape_of(key[-1]), like) if each is None else each
                for key, each in zip(self.keys, gradients, strict=True)
            ]
            join = run.ops.stack if self.kind == "UnbindBackward0" else run.ops.cat
            return [join(parts, self.dim)]
        whole = run.ops.empty_in_order(self.shape, self.order, like)
        for key, each in zip(self.keys, gradients, strict=True):
            whole[key] = 0 if each is None else each
        return [whole]

    def _shape_of(self, key: int | slice) -> tuple[int, ...]:
        before, after = self.shape[: self.dim], self.shape[self.dim + 1 :]
        return before + after if isinstance(key, int) else (*before, key.stop - key.start, *after)


def cat(tensors: Sequence[Tensor], dim: int = 0, *, out: Tensor | None = None) -> Tensor:
    """The tensors one after the other along `dim`. As `torch.cat`."""
    found = _checked(tensors, "cat")
    ndim = max(each.ndim for each in found)
    for position, each in enumerate(found):
        if each.ndim == 0:
            raise RuntimeError(
                f"zero-dimensional tensor (at position {position}) cannot be concatenated"
            )
    first = next((each for each in found if each._raw.shape != (0,)), found[0])
    axis = wrap_dim(dim, first.ndim)
    parts = [each for each in found if each._raw.shape != (0,) or ndim == 1]
    for position, each in enumerate(parts):
        for d in range(ndim):
            if each.ndim != ndim or (d != axis and each._raw.shape[d] != parts[0]._raw.shape[d]):
                raise RuntimeError(
                    "Sizes of tensors must match except in dimension "
                    f"{axis}. Expected shape like {list(parts[0]._raw.shape)} but got "
                    f"{list(each._raw.shape)} for tensor number {position} in the list."
                )
    result = _joined("CatBackward0", parts, axis, [each._raw.shape[axis] for each in parts])
    return result if out is None else _joined_into(out, result, found)


def stack(tensors: Sequence[Tensor], dim: int = 0, *, out: Tensor | None = None) -> Tensor:
    """Tensors of one shape along a new dimension `dim`. As `torch.stack`."""
    found = _checked(tensors, "stack")
    axis = wrap_dim(dim, found[0].ndim + 1)
    for position, each in enumerate(found):
        if each._raw.shape != found[0]._raw.shape:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got "
                f"{list(found[0]._raw.shape)} at entry 0 and {list(each._raw.shape)} at entry "
                f"{position}"
            )
    result = _joined("StackBackward0", found, axis, [1] * len(found))
    return result if out is None else _joined_into(out, result, found)


def _checked(tensors: Sequence[Tensor], name: str) -> list[Tensor]:
    if isinstance(tensors, Tensor):
        raise TypeError(f"{name}(): argument 'tensors' must be tuple of Tensors, not Tensor")
    found = list(tensors)
    for each in found:
        if not isinstance(each, Tensor):
            raise TypeError(f"{name}(): expected Tensors, found {type(each).__name__}")
    if not found:
        message = f"{name} expects a non-empty TensorList"
        raise (RuntimeError if name == "stack" else ValueError)(message)
    return found


def _joined(kind: str, tensors: list[Tensor], axis: int, lengths: list[int]) -> Tensor:
    dtype = common_dtype(*tensors)
    raws = [each._raw.astype(dtype.numpy, copy=False) for each in tensors]
    join = cpu.ops.stack if kind == "StackBackward0" else cpu.ops.cat
    if use.elsewhere:
        result = wrap(registry.meeting(*raws).run(join, raws, axis), dtype)
    else:
        result = wrap(join(raws, axis), dtype)
    if tracking.on and dtype.is_floating_point and should_record(tensors):
        starts = [sum(lengths[:i]) for i in range(len(lengths))]
        parts = [
            (start, length, tuple(each._raw.shape), each._raw.dtype)
            for start, length, each in zip(starts, lengths, tensors, strict=True)
        ]
        attach(result, CatNode(kind, tensors, axis, parts))
    if state.levels:
        from dltk.autograd.forward_ad import carry_joined

        join_tensors = stack if kind == "StackBackward0" else cat
        with_tangents(
            join_tensors.__name__,
            tensors,
            (),
            result,
            lambda: carry_joined(join_tensors, tensors, axis, result),
        )
    return result


def _joined_into(out: Tensor, result: Tensor, tensors: list[Tensor]) -> Tensor:
    if isinstance(out, Tensor) and result.dtype.category > out.dtype.category:
        raise TypeError(
            f"cat(): input types can't be cast to the desired output type {out.dtype.name}"
        )
    return into(out, result, tensors)


def hstack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Side by side: along dimension 1, or 0 for vectors. As `torch.hstack`."""
    parts = [each.reshape(1) if each.ndim == 0 else each for each in tensors]
    return cat(parts, 0 if parts[0].ndim == 1 else 1, out=out)


def vstack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """One above the other. As `torch.vstack`."""
    return cat([_as_rows(each) for each in tensors], 0, out=out)


def _parts(input: Tensor, dim: int, keys: Sequence[int | slice], kind: str) -> tuple[Tensor, ...]:
    """The parts of `input` at `keys` along `dim`, as views with one node."""
    if state.levels:
        views = [part(input, dim, key, kind) for key in keys]
    else:
        shape, strides = tuple(input._raw.shape), input._layout_strides()
        whole = (slice(None),) * dim
        views = [
            looking_at(input, *index_view(shape, strides, input._offset, (*whole, key)))
            for key in keys
        ]
    if tracking.on and input.dtype.is_floating_point and should_record((input,)):
        node = PartsNode(kind, input, dim, keys)
        for slot, each in enumerate(views):
            attach(each, node, slot)
    for each in views:
        assert each._view is not None
        each._view.one_of_many = True
    return tuple(views)


def _as_rows(tensor: Tensor) -> Tensor:
    if tensor.ndim == 0:
        return tensor.reshape(1, 1)
    return tensor.unsqueeze(0) if tensor.ndim == 1 else tensor


def unbind(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """The slices along `dim`, as views. As `torch.unbind`."""
    if input.ndim == 0:
        raise IndexError("Dimension specified as 0 but tensor has no dimensions")
    axis = wrap_dim(dim, input.ndim)
    return _parts(input, axis, range(input._raw.shape[axis]), "UnbindBackward0")


def split(input: Tensor, split_size: int | Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """Pieces of `split_size` along `dim`, as views; the last may be smaller. As `torch.split`."""
    if input.ndim == 0:
        raise RuntimeError("split expects at least a 1-dimensional tensor")
    axis = wrap_dim(dim, input.ndim)
    total = input._raw.shape[axis]
    if isinstance(split_size, int):
        if split_size <= 0 and total:
            raise RuntimeError(f"split expects split_size be non-negative, got {split_size}")
        starts = range(0, total, split_size) if total else [0]
        lengths = [min(split_size, total - start) for start in starts]
        node = "SplitBackward0"
    else:
        lengths = list(split_size)
        if sum(lengths) != total:
            raise RuntimeError(
                f"split_with_sizes expects split_sizes to sum exactly to {total} (input tensor's "
                f"size at dimension {axis}), but got split_sizes={lengths}"
            )
        starts = [sum(lengths[:i]) for i in range(len(lengths))]
        node = "SplitWithSizesBackward0"
    keys = [slice(start, start + n) for start, n in zip(starts, lengths, strict=True)]
    return _parts(input, axis, keys, node)


def chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """At most `chunks` pieces of equal size along `dim`, as views. As `torch.chunk`."""
    if chunks < 1:
        raise RuntimeError(f"chunk expects `chunks` to be greater than 0, got: {chunks}")
    if input.ndim == 0:
        raise RuntimeError("chunk expects at least a 1-dimensional tensor")
    total = input._raw.shape[wrap_dim(dim, input.ndim)]
    if total == 0:
        return split(input, [0] * chunks, dim)
    return split(input, max(1, -(-total // chunks)), dim)
