"""Lab 4: a module's state as a dictionary of tensors by dotted name, and back."""

from dltk.autograd.grad_modes import no_grad
from dltk.core.tensor import Tensor
from dltk.nn import refusals
from dltk.nn.placing import put
from dltk.nn.registration import walk_modules


def own_state(module):
    """`(name, tensor)` of the module's own parameters and buffers, parameters first.

    What is `None` is left out, and so are buffers that are not persistent.
    """
    for name, parameter in module._parameters.items():
        if parameter is not None:
            yield name, parameter
    for name, buffer in module._buffers.items():
        if buffer is not None and name not in module._non_persistent_buffers_set:
            yield name, buffer


def collect(module, prefix=""):
    """`(dotted name, tensor)` of the whole state, in the order of `state_dict`.

    A module that is used at several places comes at each of them.
    """
    for place, each in walk_modules(module, remove_duplicate=False):
        for name, tensor in own_state(each):
            yield prefix + (f"{place}.{name}" if place else name), tensor


def problem_of(name, target, source):
    """Why `source` cannot be loaded into `target`, or `None` if it can.

    Given: `refusals.no_tensor(name, source)` and `refusals.other_shape(name, source, target)`, the
    sentences.
    """
    if not isinstance(source, Tensor):
        return refusals.no_tensor(name, source)
    if source.shape != target.shape:
        return refusals.other_shape(name, source, target)
    return None


def write(module, name, target, source, assign) -> None:
    """Write `source` into `target`, in place and unrecorded, so that it stays the same object.

    With `assign`, the given `put(module, name, source)` files `source` in its place instead.
    """
    if assign:
        put(module, name, source)
    else:
        with no_grad():
            target.copy_(source)


def load(module, state, strict=True, assign=False):
    """Load the tensors of `state` into the parameters and buffers of the same name.

    What fits is loaded; then one error names everything that does not.

    Given: `refusals.differing_names(missing, unexpected)` gives a list of sentences.

    Returns:
        A list of the names that `state` lacks, and one of those that it has in excess.

    Raises:
        RuntimeError: `refusals.unfit_state(module, problems)`, if there is a problem with a tensor
            or, if `strict`, with the names.
    """
    wanted = dict(collect(module))
    missing = [name for name in wanted if name not in state]
    unexpected = [name for name in state if name not in wanted]
    problems = refusals.differing_names(missing, unexpected) if strict else []
    for name in [each for each in wanted if each in state]:
        problem = problem_of(name, wanted[name], state[name])
        if problem is None:
            write(module, name, wanted[name], state[name], assign)
        else:
            problems.append(problem)
    if problems:
        raise refusals.unfit_state(module, problems)
    return missing, unexpected
