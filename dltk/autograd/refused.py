"""The node of an operation that has no derivative, though its operands require one."""

from __future__ import annotations

from dltk.autograd.graph import Node, edge_of
from dltk.autograd.modes import should_record
from dltk.autograd.state import state, tracking
from dltk.core.tensor import Tensor


class NotDifferentiable(Node):
    """Stands in the graph under torch's name and raises when a gradient arrives."""

    def __init__(self, operation: str, inputs: tuple[Tensor, ...], error: type[Exception]):
        super().__init__(tuple(edge_of(each) if each.requires_grad else None for each in inputs))
        self.operation, self.error = operation, error

    def name(self) -> str:
        return "torch::autograd::NotImplemented"

    def pull(self, gradients: list, run) -> list:
        raise self.error(f"derivative for aten::{self.operation} is not implemented")


def not_differentiable(
    result: Tensor, inputs: tuple, operation: str, error: type[Exception] = RuntimeError
) -> Tensor:
    """`result` of `operation`, which records itself but refuses a backward pass."""
    tensors = tuple(each for each in inputs if isinstance(each, Tensor))
    if state.levels and any(each._tangents for each in tensors):
        raise NotImplementedError(
            f"Trying to use forward AD with aten::{operation} that does not support it."
        )
    if tracking.on and should_record(tensors) and result.dtype.is_floating_point:
        node = NotDifferentiable(operation, tensors, error)
        result._node, result._requires_grad = node, True
    return result
