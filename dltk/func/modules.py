"""Modules as functions of their parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dltk.core.tensor import Tensor

if TYPE_CHECKING:
    from dltk.nn.module import Module


def functional_call(
    module: Module,
    parameter_and_buffer_dicts: dict[str, Tensor] | Sequence[dict[str, Tensor]],
    args: Any = None,
    kwargs: dict[str, Any] | None = None,
    *,
    tie_weights: bool = True,
    strict: bool = False,
) -> Any:
    """What `module(*args, **kwargs)` gives with other parameters and buffers, by their names.

    As `torch.func.functional_call`. The module is afterwards as it was; a tensor that it has under
    several names is replaced under all of them unless `tie_weights` is false.

    Raises:
        ValueError: a name occurs in two of the dicts, or tied names get different tensors.
        RuntimeError: with `strict`, one of the module's tensors is not given, or it has no tensor
            of a given name. Without `strict` such names are ignored.
    """
    given: dict[str, Tensor] = {}
    dicts = parameter_and_buffer_dicts
    for each in [dicts] if isinstance(dicts, dict) else dicts:
        if given.keys() & each.keys():
            raise ValueError(f"{given.keys() & each.keys()} appeared in multiple dictionaries")
        given |= each
    arguments = () if args is None else args if isinstance(args, tuple) else (args,)
    with _replaced(module, given, tie_weights, strict):
        return module(*arguments, **(kwargs or {}))


@contextmanager
def _replaced(
    module: Module, given: dict[str, Tensor], tie_weights: bool, strict: bool
) -> Iterator[None]:
    places: dict[str, tuple[dict, str]] = {}
    for prefix, part in module.named_modules(remove_duplicate=False):
        for table in (part._parameters, part._buffers):
            for name, tensor in table.items():
                if tensor is not None:
                    places[f"{prefix}.{name}" if prefix else name] = table, name
    unknown = [name for name in given if name not in places]
    missing = [name for name in places if name not in given]
    for what, names in (("Unexpected", unknown), ("Missing", missing)):
        if strict and names:
            raise RuntimeError(f"{what} key(s): {', '.join(map(repr, names))}.")
    known = [places[name] + (name,) for name in given if name in places]
    new = {id(table[own]): name for table, own, name in known} if tie_weights else {}
    former = [(table, name, table[name]) for table, name in places.values()]
    try:
        for full, (table, name) in places.items():
            source = full if full in given else new.get(id(table[name]))
            if source is not None:
                table[name] = given[source]
        yield
    finally:
        for table, name, tensor in former:
            table[name] = tensor
