"""Lab 4: where a module keeps what it is made of, and how all of it is found.

A module has four tables: `_parameters`, `_buffers` and `_modules`, dictionaries by name, and
`_non_persistent_buffers_set`, the names of buffers that do not belong to its state. Everything else
is a plain attribute and lies in the module's `__dict__`, as the tables themselves do.
"""

from dltk.core.tensor import Tensor
from dltk.nn.parameter import Parameter, Submodule


def set_attribute(module, name, value) -> None:
    """What `module.name = value` does.

    A Parameter goes into `_parameters`, a Module into `_modules`, and the name is taken out of
    wherever else it was. A name that is filed already stays in its table, with `None` or a value of
    its kind. Anything else is a plain attribute.

    Raises:
        AttributeError: a parameter or a module is set before `Module.__init__` made the tables.
        TypeError: the value is not of the kind that is filed under the name.
    """
    tables = module.__dict__
    if isinstance(value, Parameter):
        if "_parameters" not in tables:
            raise AttributeError("cannot assign parameters before Module.__init__() call")
        forget(module, name, but="_parameters")
        module.register_parameter(name, value)
    elif isinstance(value, Submodule):
        refuse(module, name, "_parameters", value, "parameter", "nn.Parameter")
        if "_modules" not in tables:
            raise AttributeError("cannot assign module before Module.__init__() call")
        forget(module, name, but="_modules")
        module._modules[name] = value
    elif name in tables.get("_parameters", ()):
        if value is not None:
            refuse(module, name, "_parameters", value, "parameter", "nn.Parameter")
        module._parameters[name] = None
    elif name in tables.get("_modules", ()):
        if value is not None:
            refuse(module, name, "_modules", value, "child module", "nn.Module")
        module._modules[name] = None
    elif name in tables.get("_buffers", ()):
        if value is not None and not isinstance(value, Tensor):
            refuse(module, name, "_buffers", value, "buffer", "Tensor")
        module._buffers[name] = value
    else:
        object.__setattr__(module, name, value)


def refuse(module, name, table, value, kind, wanted) -> None:
    """Given: an error if `name` is in `table`, where `value` has no place."""
    if name in module.__dict__.get(table, ()):
        raise TypeError(
            f"cannot assign '{type(value).__name__}' as {kind} '{name}' "
            f"(dltk.{wanted} or None expected)"
        )


def forget(module, name, but) -> None:
    """Take `name` out of every table except `but`, and out of the plain attributes."""
    for table in ("_parameters", "_buffers", "_modules"):
        if table != but:
            module.__dict__[table].pop(name, None)
    if but != "_buffers":
        module._non_persistent_buffers_set.discard(name)
    module.__dict__.pop(name, None)


def get_attribute(module, name):
    """What `module.name` is if it is no plain attribute: a parameter, a buffer or a submodule.

    Raises:
        AttributeError: no table has the name.
    """
    tables = module.__dict__
    for table in ("_parameters", "_buffers", "_modules"):
        if name in tables.get(table, ()):
            return tables[table][name]
    raise AttributeError(f"'{type(module).__name__}' object has no attribute '{name}'")


def delete_attribute(module, name) -> None:
    """What `del module.name` does.

    Raises:
        AttributeError: there is nothing of this name.
    """
    for table in ("_parameters", "_buffers", "_modules"):
        if name in module.__dict__[table]:
            del module.__dict__[table][name]
            module._non_persistent_buffers_set.discard(name)
            return
    object.__delattr__(module, name)


def walk_modules(module, prefix="", remove_duplicate=True, seen=None):
    """`(dotted name, module)` of `module`, named `prefix`, and of all below it, depth first.

    With `remove_duplicate` each module comes once, at its first place. Given: `seen`, the set of
    modules that came already.
    """
    seen = set() if seen is None else seen
    if remove_duplicate and module in seen:
        return
    seen.add(module)
    yield prefix, module
    for name, child in module._modules.items():
        if child is not None:
            place = f"{prefix}.{name}" if prefix else name
            yield from walk_modules(child, place, remove_duplicate, seen)


def walk_tensors(module, table, prefix="", recurse=True, remove_duplicate=True):
    """`(dotted name, tensor)` of what is in `table` of `module` and, if asked, of all below it.

    `table` is "_parameters" or "_buffers". What is `None` is left out. With `remove_duplicate` a
    tensor that is filed at several places comes once, at the first.
    """
    seen = set()
    owners = walk_modules(module, prefix, remove_duplicate) if recurse else [(prefix, module)]
    for place, owner in owners:
        for name, tensor in owner.__dict__[table].items():
            if tensor is None or (remove_duplicate and id(tensor) in seen):
                continue
            seen.add(id(tensor))
            yield f"{place}.{name}" if place else name, tensor
