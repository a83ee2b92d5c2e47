"""`Variable`, which older programs put around their tensors."""

from __future__ import annotations

from typing import Any

from dltk.core.tensor import Tensor


class _EveryTensor(type):
    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, Tensor)

    def __call__(cls, data: Tensor, requires_grad: bool = False) -> Tensor:
        if not isinstance(data, Tensor):
            raise TypeError(
                f"Variable data has to be a tensor, but got {type(data).__name__}; "
                "today dltk.tensor(..., requires_grad=True) makes both at once"
            )
        return data.detach().requires_grad_(requires_grad)


class Variable(metaclass=_EveryTensor):
    """`Variable(data, requires_grad=False)` is `data` as a tensor; every tensor is one."""
