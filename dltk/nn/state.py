"""Lab 4: a module's state as a dictionary of tensors by dotted name, and back."""

from dltk.autograd.grad_modes import no_grad
from dltk.core.tensor import Tensor
from dltk.nn.parameter import Parameter
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


def load(module, state, strict=True, assign=False):
    """Write the tensors of `state` into the parameters and buffers of the same name, in place.

    What fits is loaded; then one error names everything that does not. With `assign` a tensor
    takes the place of the old one instead, under the same name.

    Returns:
        The names that `state` lacks, and those that it has in excess.

    Raises:
        RuntimeError: a shape differs, or something is no tensor, or, if `strict`, names differ.
    """
    wanted = dict(collect(module))
    missing = [name for name in wanted if name not in state]
    unexpected = [name for name in state if name not in wanted]
    problems = []
    if strict and missing:
        problems.append(f"Missing key(s) in state_dict: {quoted(missing)}. ")
    if strict and unexpected:
        problems.append(f"Unexpected key(s) in state_dict: {quoted(unexpected)}. ")
    for name, target in wanted.items():
        if name not in state:
            continue
        source = state[name]
        if not isinstance(source, Tensor):
            problems.append(
                f'While copying the parameter named "{name}", expected a Tensor but received '
                f"{type(source).__name__}"
            )
        elif source.shape != target.shape:
            problems.append(
                f"size mismatch for {name}: copying a param with shape {source.shape} from "
                f"checkpoint, the shape in current model is {target.shape}."
            )
        elif assign:
            put(module, name, source)
        else:
            with no_grad():
                target.copy_(source)
    if problems:
        raise RuntimeError(
            f"Error(s) in loading state_dict for {type(module).__name__}:\n\t"
            + "\n\t".join(problems)
        )
    return missing, unexpected


def quoted(names) -> str:
    """Given: the names as an error message lists them."""
    return ", ".join(f'"{name}"' for name in names)


def put(module, name, source) -> None:
    """Given: file `source` under a dotted name; a parameter stays one."""
    place, _, own = name.rpartition(".")
    owner = module.get_submodule(place)
    former = getattr(owner, own)
    if isinstance(former, Parameter) and not isinstance(source, Parameter):
        source = Parameter(source, former.requires_grad)
    setattr(owner, own, source)
