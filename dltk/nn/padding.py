"""Tensors with a frame around their last dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dltk.core.dispatch import apply
from dltk.core.operands import element
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor
from dltk.nn.given_rules import give, run
from dltk.nn.window_arguments import check_dtype, check_tensor

Widths = tuple[tuple[int, int], ...]


def _framed(ops: Any, x: Any, widths: Widths, value: float) -> Any:
    """`x` with (before, after) more elements in each dimension; a negative number takes some."""
    shape = tuple(b + n + a for n, (b, a) in zip(x.shape, widths, strict=True))
    result = ops.xp.full(shape, value, x.dtype)
    target = tuple(slice(max(b, 0), n - max(a, 0)) for n, (b, a) in zip(shape, widths, strict=True))
    source = tuple(
        slice(max(-b, 0), n - max(-a, 0)) for n, (b, a) in zip(x.shape, widths, strict=True)
    )
    result[target] = x[source]
    return result


_constant = Primitive(
    "constant_pad", "x", _framed, "ConstantPadNdBackward0", "widths value"
)  # fmt: skip


def _unframed(ops: Any, g: Any, widths: Widths) -> Any:
    """Taking the frame off is framing with less than nothing."""
    opposite = tuple((-before, -after) for before, after in widths)
    return run(ops, _constant, (g,), (opposite, 0))


give(
    _constant,
    (lambda ops, g, widths: _unframed(ops, g, widths),),
    (lambda ops, t, widths: run(ops, _constant, (t,), (widths, 0)),),
)
_mirrored = Primitive(
    "pad_with_own",
    "x",
    lambda ops, x, key, node: ops.index(x, key),
    lambda key, node: node,
    "key node",
)
_circular = Primitive("pad_around", "x", lambda ops, x, key: ops.index(x, key), "CopySlices", "key")
# As in torch, mirroring keeps the tensor, though only its shape is needed.
give(
    _mirrored,
    (lambda ops, g, x, key: ops.index_add(g, key, tuple(x.shape)),),
    (lambda ops, t, key: ops.index(t, key),),
)
give(
    _circular,
    (lambda ops, g, x_shape, key: ops.index_add(g, key, x_shape),),
    (lambda ops, t, key: ops.index(t, key),),
)


def pad(
    input: Tensor, pad: Sequence[int], mode: str = "constant", value: float | None = None
) -> Tensor:
    """`input` with more elements at the ends of its last dimensions, or with less.

    As `torch.nn.functional.pad`.

    pad: elements before and after, the last dimension first; negative numbers take elements away.
    mode: "constant" puts `value` there, 0 by default; "reflect" and "replicate" mirror the tensor
        at its ends or repeat its last elements, "circular" begins again at the other end. These
        three pad the last one, two or three dimensions of a tensor with one or two more.

    Raises:
        RuntimeError: the numbers in `pad` do not fit the shape.
        NotImplementedError: no such mode, or not for so many dimensions.
    """
    check_tensor("pad", "input", input)
    for each in pad:
        if isinstance(each, float) or not hasattr(each, "__index__"):
            raise TypeError(
                f"pad(): argument 'pad' must be tuple of ints, but got {type(each).__name__}"
            )
    sides = tuple(int(each) for each in pad)
    if len(sides) % 2:
        raise RuntimeError(f"Padding length must be divisible by 2, but pad={list(sides)}")
    if len(sides) > 2 * input.ndim:
        raise RuntimeError(
            "Padding length should be less than or equal to two times the input dimension but got "
            f"padding length {len(sides)} and input of dimension {input.ndim}"
        )
    padded = len(sides) // 2
    pairs = [(sides[2 * i], sides[2 * i + 1]) for i in reversed(range(padded))]
    widths = ((0, 0),) * (input.ndim - padded) + tuple(pairs)
    if mode == "constant":
        return _constant_pad(input, widths, 0.0 if value is None else value)
    if mode not in _PLACES:
        raise NotImplementedError(f"Unrecognised padding mode {mode}")
    if value is not None and value != 0:
        raise RuntimeError(f'Padding mode "{mode}" doesn\'t take in value argument')
    if not 1 <= padded <= 3 or input.ndim - padded not in (1, 2):
        raise NotImplementedError(
            f"Padding size {len(sides)} is not supported for {input.ndim}D input tensor: mode "
            f'"{mode}" pads the last 1, 2 or 3 dimensions of a tensor with 1 or 2 more'
        )
    return _pad_with_own(input, widths, padded, mode)


def _constant_pad(input: Tensor, widths: Widths, value: float) -> Tensor:
    for dim, (before, after) in enumerate(widths):
        if before + input.shape[dim] + after < 0 or min(before, after) < -input.shape[dim]:
            raise RuntimeError(
                f"pad takes more than there is: the input size {input.shape[dim]} of dimension "
                f"{dim} plus padding {before} and {after} is negative"
            )
    return apply(_constant, (input,), (widths, element(float(value), input.dtype)), input.dtype)


def _pad_with_own(input: Tensor, widths: Widths, padded: int, mode: str) -> Tensor:
    name = {"reflect": "reflection", "replicate": "replication"}.get(mode)
    if name is not None:
        check_dtype(f"{name}_pad{padded}d", input, "bool")
    places = [
        _PLACES[mode](input.shape[dim], *widths[dim], input.shape, dim)
        for dim in range(input.ndim - padded, input.ndim)
    ]
    key = (slice(None),) * (input.ndim - padded) + np.ix_(*places)
    if name is None:
        return apply(_circular, (input,), (key,), input.dtype)
    node = f"{name.capitalize()}Pad{padded}DBackward0"
    return apply(_mirrored, (input,), (key, node), input.dtype)


def _reflected(size: int, before: int, after: int, shape: tuple[int, ...], dim: int) -> Any:
    if max(before, after) >= size:
        raise RuntimeError(
            "Padding size should be less than the corresponding input dimension, but got: padding "
            f"({before}, {after}) at dimension {dim} of input {list(shape)}"
        )
    places = np.abs(_counted(size, before, after, shape, dim))
    return size - 1 - np.abs(size - 1 - places)


def _replicated(size: int, before: int, after: int, shape: tuple[int, ...], dim: int) -> Any:
    if size == 0:
        raise RuntimeError(f"there is nothing to repeat in dimension {dim} of input {list(shape)}")
    return np.clip(_counted(size, before, after, shape, dim), 0, size - 1)


def _wrapped(size: int, before: int, after: int, shape: tuple[int, ...], dim: int) -> Any:
    if max(before, after) > size:
        raise RuntimeError(
            "Padding value causes wrapping around more than once: padding "
            f"({before}, {after}) at dimension {dim} of input {list(shape)}"
        )
    kept = size + min(before, 0) + min(after, 0)
    if kept <= 0:
        raise RuntimeError(
            f"Negative padding value is resulting in an empty dimension: ({before}, {after}) at "
            f"dimension {dim} of input {list(shape)}"
        )
    # What is taken away at one end does not come back at the other.
    first = max(-before, 0)
    return first + np.arange(-max(before, 0), kept + max(after, 0)) % kept


def _counted(size: int, before: int, after: int, shape: tuple[int, ...], dim: int) -> Any:
    """The places from `before` ahead of the first to `after` behind the last."""
    if before + size + after < 1:
        raise RuntimeError(
            f"padding ({before}, {after}) at dimension {dim} leaves nothing of input {list(shape)}"
        )
    return np.arange(-before, size + after)


_PLACES = {"reflect": _reflected, "replicate": _replicated, "circular": _wrapped}
