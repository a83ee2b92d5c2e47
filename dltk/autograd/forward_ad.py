"""Forward mode: tensors that carry tangents, on nested levels that do not mix.

A tensor keeps one tangent for each open level. The tangent of level k is itself computed with all
tangents of lower levels, and none of its own or higher ones: that is what keeps a derivative of a
derivative apart from the derivative. As `torch.autograd.forward_ad`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

from dltk.autograd import tangents as lab
from dltk.autograd.graph import edge_of
from dltk.autograd.state import state, tracking
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor


class UnpackedDualTensor(NamedTuple):
    """A tensor without the tangent of a level, and that tangent or `None`."""

    primal: Tensor
    tangent: Tensor | None


class dual_level:  # noqa: N801, torch's name
    """A level of forward mode; tangents made inside of the block end with it."""

    def __enter__(self) -> int:
        tracking.forward = True
        self.level = len(state.levels)
        state.levels.append(self.level)
        return self.level

    def __exit__(self, *error) -> None:
        state.levels.pop()


def enter_dual_level() -> int:
    """Open a level without a block; `exit_dual_level` ends it."""
    return dual_level().__enter__()


def exit_dual_level(*, level: int | None = None) -> None:
    """Close the innermost level.

    Raises:
        RuntimeError: no level is open, or `level` is not the innermost one.
    """
    if not state.levels:
        raise RuntimeError("Trying to exit a forward AD level but no level exists")
    if level is not None and level != state.levels[-1]:
        raise RuntimeError(
            f"Trying to exit forward AD level {level}, but the innermost one is {state.levels[-1]}"
        )
    state.levels.pop()


def make_dual(tensor: Tensor, tangent: Tensor, *, level: int | None = None) -> Tensor:
    """`tensor` with `tangent` on `level`, by default the innermost.

    Raises:
        RuntimeError: no level is open, or the tangent's shape differs.
        ValueError: the tensor or the tangent is not of a floating-point dtype.
    """
    if not state.levels:
        raise RuntimeError(
            "Trying to create a dual Tensor for forward AD but no level exists, make sure to "
            "enter_dual_level() first."
        )
    for name, each in (("primal", tensor), ("tangent", tangent)):
        if not each.dtype.is_floating_point:
            raise ValueError(f"Expected {name} to be floating point or complex, got: {each.dtype}")
    if tangent._raw.shape != tensor._raw.shape:
        raise RuntimeError(
            "Expected tangent to have the same size as the primal, but got "
            f"{list(tangent._raw.shape)} and {list(tensor._raw.shape)}"
        )
    dual = _same(tensor)
    chosen = state.levels[-1] if level is None else level
    dual._tangents = {**(tensor._tangents or {}), chosen: below(tangent, chosen)}
    return dual


def unpack_dual(tensor: Tensor, *, level: int | None = None) -> UnpackedDualTensor:
    """The tensor without the tangent of `level`, and that tangent."""
    if not state.levels:
        return UnpackedDualTensor(tensor, None)
    chosen = state.levels[-1] if level is None else level
    _refresh(tensor)
    if not tensor._tangents or chosen not in tensor._tangents:
        return UnpackedDualTensor(tensor, None)
    return UnpackedDualTensor(below(tensor, chosen), tensor._tangents[chosen])


def below(tensor: Tensor, level: int) -> Tensor:
    """`tensor` with only the tangents of levels lower than `level`."""
    _refresh(tensor)
    if not tensor._tangents or max(tensor._tangents) < level:
        return tensor
    same = _same(tensor)
    same._tangents = lab.lower(tensor._tangents, level) or None
    return same


def _refresh(tensor: Tensor) -> None:
    """Learn of tangents that were written into the memory a view looks at."""
    if tensor._view is not None:
        tensor._view.refresh(tensor)


def _same(tensor: Tensor) -> Tensor:
    """Another handle of the same tensor: its memory and its place in the graph."""
    tensor._alias()
    same = Tensor.__new__(Tensor)
    same.__dict__.update(tensor.__dict__)
    if tensor._requires_grad and tensor._node is None:
        same._node, same._slot = edge_of(tensor)
    return same


def carry(primitive: Primitive, inputs: tuple[Tensor, ...], params: tuple, result: Tensor) -> None:
    """Give `result` its tangents, lowest level first."""
    for each in inputs:
        _refresh(each)
    carried = [each._tangents or {} for each in inputs]
    if not any(carried) or not result.dtype.is_floating_point:
        return
    from dltk.ops import namespace

    def rules_at(level: int) -> list[Callable]:
        values: dict[str, Any] = {"z": below(result, level)}
        for name, each in zip(primitive.operands, inputs, strict=True):
            values[name] = below(each, level)
            values[name + "_shape"] = tuple(each._raw.shape)
        return [
            functools.partial(
                _contribution, rule.function, namespace, primitive.arguments(rule, values, params)
            )
            for rule in primitive.jvps
        ]

    result._tangents = result._tangents or {}
    for level, tangent in lab.propagate_levels(rules_at, carried):
        result._tangents[level] = _fit(tangent, result)


def _contribution(rule: Callable, ops: Any, arguments: list, tangent: Tensor) -> Tensor:
    return rule(ops, tangent, *arguments)


def _fit(tangent: Tensor, result: Tensor) -> Tensor:
    """A tangent in the shape and dtype of the result it belongs to."""
    if tangent._raw.shape != result._raw.shape and tangent.ndim <= result.ndim:
        tangent = tangent.expand(tuple(result._raw.shape))
    return tangent if tangent.dtype is result.dtype else tangent.to(result.dtype)


def carry_joined(join: Callable, tensors: list[Tensor], axis: int, result: Tensor) -> None:
    """Tangents of joined tensors are joined; a missing one is zero."""
    for each in tensors:
        _refresh(each)
    levels = sorted({level for each in tensors if each._tangents for level in each._tangents})
    if not levels or not result.dtype.is_floating_point:
        return
    from dltk.autograd.jvp_rules import cat_x

    result._tangents = {}
    for level in levels:
        parts = [
            (each._tangents or {}).get(level, below(each, level).new_zeros(each._raw.shape))
            for each in tensors
        ]
        result._tangents[level] = join([cat_x(None, part) for part in parts], axis)
