"""Known-wrong and other right solutions of `lab3.record`."""

from autograder.misconceptions.spec import right, wrong


@wrong("lab3.record", blank="GradMode.__exit__")
def leaving_switches_recording_on(self, kind, error, traceback):
    """leaving a block switches recording on, whatever the mode was before."""
    state.enabled = True


@wrong("lab3.record", blank="GradMode.__exit__")
def not_restored_after_an_exception(self, kind, error, traceback):
    """the mode is restored at the end of a block, but not when the block raises an exception."""
    if kind is None:
        state.enabled = self.former


@wrong("lab3.record", blank="GradMode.__exit__")
def leaving_swallows_the_exception(self, kind, error, traceback):
    """leaving a block returns True, which tells Python to swallow the exception."""
    state.enabled = self.former
    return True


@wrong("lab3.record", blank="should_record")
def everything_is_recorded(tensors):
    """an operation is recorded whenever the mode is on, even if no operand requires a gradient."""
    return state.enabled


@wrong("lab3.record", blank="should_record")
def the_mode_is_not_asked(tensors):
    """an operation is recorded whenever an operand requires a gradient, whatever the mode."""
    return any(tensor.requires_grad for tensor in tensors)


@wrong("lab3.record", blank="should_record")
def only_the_first_operand_is_asked(tensors):
    """only the first operand is asked whether it requires a gradient."""
    for tensor in tensors:
        return state.enabled and tensor.requires_grad
    return False


@wrong("lab3.record", blank="should_record")
def every_operand_must_require_a_gradient(tensors):
    """an operation is recorded only if all of its operands require a gradient."""
    return state.enabled and all(tensor.requires_grad for tensor in tensors)


@wrong("lab3.record", blank="check_leaf_dtype")
def any_dtype_may_require_a_gradient(dtype):
    """integers and booleans may require a gradient too."""
    return None


def _remember_on_a_stack(self):
    self.__dict__.setdefault("modes", []).append(state.enabled)
    state.enabled = self.enabled


@right("lab3.record", blank="GradMode.__exit__", also={"GradMode.__enter__": _remember_on_a_stack})
def modes_on_a_stack(self, kind, error, traceback):
    """Another right way: each context keeps a stack, so that it may even be entered twice."""
    state.enabled = self.modes.pop()
    return False


@right("lab3.record", blank="should_record")
def any_of_the_operands(tensors):
    """Another right way: the mode, and any() over the operands."""
    return state.enabled and any(tensor.requires_grad for tensor in tensors)
