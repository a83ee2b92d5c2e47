"""Lab 3: when is an operation recorded?

`state.enabled` holds the current mode: `True` if operations may be recorded.
"""

from dltk.autograd.state import state


class GradMode:
    """A context in which recording is on or off; `no_grad` and `enable_grad` are made of it.

    Given: `self.enabled`, the mode inside of the context. Modes nest: on leaving, whatever the
    mode was before comes back, also when the block raised an exception.
    """

    enabled: bool

    def __enter__(self) -> None:
        """Remember the mode that is on now and switch to `self.enabled`."""
        # BEGIN SOLUTION lab3.record
        self.former = state.enabled
        state.enabled = self.enabled
        # END SOLUTION

    def __exit__(self, kind, error, traceback) -> None:
        """Bring back the mode that was on before."""
        # BEGIN SOLUTION lab3.record
        state.enabled = self.former
        # END SOLUTION


def should_record(tensors) -> bool:
    """Whether an operation on `tensors` is recorded: the mode is on and one requires a gradient."""
    # BEGIN SOLUTION lab3.record
    if state.enabled:
        for tensor in tensors:
            if tensor.requires_grad:
                return True
    return False
    # END SOLUTION


def check_leaf_dtype(dtype) -> None:
    """Refuse a leaf that cannot have a gradient; `dtype.is_floating_point` tells.

    Raises:
        RuntimeError: `dtype` is not a floating-point one.
    """
    # BEGIN SOLUTION lab3.record
    if not dtype.is_floating_point:
        raise RuntimeError(
            "only Tensors of floating point dtype can require gradients, "
            f"but this tensor has dtype {dtype.name}"
        )
    # END SOLUTION
