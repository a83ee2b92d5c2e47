"""Elements overwritten in place, by one value or by random numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from dltk.core.dispatch import finish
from dltk.core.inplace import in_place, overwrite
from dltk.core.located import located
from dltk.core.operands import element
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor, wrap
from dltk.ops import create

_fill = Primitive(
    "fill", "x", lambda ops, x, value: ops.xp.full_like(x, value), "FillBackward0", "value"
)


def zero_(self: Tensor) -> Tensor:
    """Zeros everywhere, in place."""
    return fill_(self, 0)


@located
def fill_(self: Tensor, value: Any) -> Tensor:
    """One value everywhere, in place."""
    if isinstance(value, Tensor):
        filling = value.to(self.dtype).item()
    else:
        filling = element(value, self.dtype)

    def filled(x: Tensor) -> Tensor:
        raw = np.full(x._raw.shape, filling, x.dtype.numpy)
        return finish(_fill, (x,), (filling,), wrap(raw, x.dtype))

    return overwrite(filled, self)


@located
def uniform_(self: Tensor, a: float = 0.0, b: float = 1.0, *, generator: Any = None) -> Tensor:
    """Uniform random numbers from `a` to `b`, in place."""
    stream = generator or create.default_generator
    drawn = stream.uniform(self._raw.shape, a, b, self.dtype.numpy)
    return _overwrite(self, np.asarray(drawn))


@located
def normal_(self: Tensor, mean: float = 0.0, std: float = 1.0, *, generator: Any = None) -> Tensor:
    """Normal random numbers, in place."""
    stream = generator or create.default_generator
    drawn = stream.normal(self._raw.shape, mean, std, self.dtype.numpy)
    return _overwrite(self, np.asarray(drawn))


def _overwrite(target: Tensor, raw: np.ndarray) -> Tensor:
    def drawn(x: Tensor) -> Tensor:
        return finish(_fill, (x,), (0,), wrap(raw, x.dtype))

    return in_place(drawn, target)
