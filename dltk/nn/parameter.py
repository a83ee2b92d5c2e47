"""What a module files apart from everything else: its parameters and its submodules."""

from __future__ import annotations

from dltk.core.tensor import Tensor, alias
from dltk.ops.create import empty, require_grad


class Parameter(Tensor):
    """A leaf on the memory of `data`, as `torch.nn.Parameter`: what a module is trained by.

    Raises:
        AttributeError: `data` is not a tensor.
        RuntimeError: gradients are asked for, and the dtype has none.
    """

    def __new__(cls, data: Tensor | None = None, requires_grad: bool = True) -> Parameter:
        if data is None:
            data = empty(0)
        if not isinstance(data, Tensor):
            raise AttributeError(f"a Parameter is made of a Tensor, got {type(data).__name__}")
        parameter = super().__new__(cls)
        parameter.__dict__.update(alias(data).__dict__)
        require_grad(parameter, requires_grad)
        return parameter

    def __repr__(self) -> str:
        return "Parameter containing:\n" + super().__repr__()

    __str__ = __repr__

    def __deepcopy__(self, memo: dict) -> Parameter:
        return Parameter(self.detach().clone(), self._requires_grad)

    def __reduce__(self):
        return Parameter, (Tensor.clone(self.detach()), self._requires_grad)


class Submodule:
    """What is filed as a submodule: the base of `Module`, which is built on registration."""
