"""Scale and shift, one of each a channel."""

from __future__ import annotations

from typing import Any

from dltk.core.dispatch import apply
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor
from dltk.nn.given_rules import give


def scale_channels(input: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    """x · scale + shift for x (N, C, …), scale (C) and shift (C)."""
    return apply(_scale_channels, (input, scale, shift), (), input.dtype)


def _wide(ops: Any, channels: Any, shape: tuple[int, ...]) -> Any:
    """`channels` (C) in a shape that broadcasts against `shape`, (N, C, …)."""
    return ops.reshape(channels, (shape[1],) + (1,) * (len(shape) - 2))


def _total(ops: Any, x: Any) -> Any:
    """The sum over each channel."""
    return ops.sum(x, (0, *range(2, len(x.shape))))


def _kernel(ops: Any, x: Any, scale: Any, shift: Any) -> Any:
    result = x * _wide(ops, scale, x.shape)
    result += _wide(ops, shift, x.shape)
    return result


_scale_channels = Primitive("scale_channels", "x scale shift", _kernel, "NativeBatchNormBackward0")
give(
    _scale_channels,
    vjps=(
        lambda ops, g, scale: g * _wide(ops, scale, g.shape),
        lambda ops, g, x: _total(ops, g * x),
        lambda ops, g: _total(ops, g),
    ),
    jvps=(
        lambda ops, t, scale: t * _wide(ops, scale, t.shape),
        lambda ops, t, x: x * _wide(ops, t, x.shape),
        lambda ops, t, x_shape: ops.expand(_wide(ops, t, x_shape), x_shape),
    ),
)
