"""Lab 4: where a module keeps what it is made of, and how all of it is found.

A module has four tables: `_parameters`, `_buffers` and `_modules`, dictionaries by name, and
`_non_persistent_buffers_set`, the names of buffers that do not belong to its state. Everything else
is a plain attribute and lies in the module's `__dict__`, as the tables themselves do.

Given: `Submodule`, the base of `Module`, and `refusals`, which makes the errors.
"""

from dltk.core.tensor import Tensor
from dltk.nn import refusals
from dltk.nn.parameter import Parameter, Submodule

TABLES = ("_parameters", "_buffers", "_modules")


def table_for(module, name, value):
    """The table into which `module.name = value` files the value; `None` for a plain attribute.

    A Parameter belongs into `_parameters`, a Submodule into `_modules`. Anything else belongs where
    the name is filed already: `None` keeps the name in its table, and a buffer may become another
    Tensor. Before `Module.__init__` a module has no tables, so that no name is filed.

    Raises:
        TypeError: `refusals.out_of_place(name, table, value)`, for a value of another kind than the
            table's; also for a Submodule in the place of a parameter.
    """
    filed = [table for table in TABLES if name in module.__dict__.get(table, ())]
    table = filed[0] if filed else None
    if isinstance(value, Parameter):
        return "_parameters"
    if isinstance(value, Submodule) and table != "_parameters":
        return "_modules"
    if table is None or value is None or (table == "_buffers" and isinstance(value, Tensor)):
        return table
    raise refusals.out_of_place(name, table, value)


def set_attribute(module, name, value) -> None:
    """What `module.name = value` does: file the value, or set a plain attribute.

    What is filed under a name is taken out of wherever else the name was; in its own table the name
    keeps its place. A parameter is filed by `module.register_parameter(name, value)`, which checks
    it, a plain attribute is set by `object.__setattr__(module, name, value)`.

    Raises:
        AttributeError: `refusals.too_early(table)`, before `Module.__init__` made the tables.
    """
    table = table_for(module, name, value)
    if table is None:
        object.__setattr__(module, name, value)
        return
    if table not in module.__dict__:
        raise refusals.too_early(table)
    forget(module, name, but=table)
    if table == "_parameters":
        module.register_parameter(name, value)
    else:
        module.__dict__[table][name] = value


def forget(module, name, but) -> None:
    """Take `name` out of every table except `but`, and out of the plain attributes."""
    for table in TABLES:
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
    for table in TABLES:
        if name in tables.get(table, ()):
            return tables[table][name]
    raise AttributeError(f"'{type(module).__name__}' object has no attribute '{name}'")


def delete_attribute(module, name) -> None:
    """What `del module.name` does.

    Raises:
        AttributeError: there is nothing of this name.
    """
    for table in TABLES:
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
