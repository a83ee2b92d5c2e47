"""What `copy.deepcopy` makes of a tensor: its memory is copied once, and shared as before."""

from __future__ import annotations

import copy

from dltk.core.storage import Storage
from dltk.core.tensor import Tensor, over


def deep_copy(self: Tensor, memo: dict) -> Tensor:
    """A leaf like this one on a copy of its memory, with a copy of its gradient.

    Raises:
        RuntimeError: the tensor was computed, so a copy would lose its history.
    """
    node = self.grad_fn
    if node is not None:
        raise RuntimeError(
            "only tensors that are leaves of the graph can be copied by deepcopy; this one, of "
            f"shape {list(self.shape)}, was computed by {node.name()}: detach() it first"
        )
    storage = self._alias()
    copied = memo.get(id(storage))
    if copied is None:
        copied = memo[id(storage)] = Storage(storage.data.copy())
    strides = self._layout_strides()
    result = over(copied, tuple(self._raw.shape), strides, self._offset, self.dtype)
    result._strides = self._strides
    result._requires_grad = self._requires_grad
    result.grad = copy.deepcopy(self.grad, memo)
    return result
