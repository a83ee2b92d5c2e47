"""What modules say of values that cannot be filed and of states that do not fit."""

from __future__ import annotations

from typing import Any

_WANTED = {
    "_parameters": ("parameter", "dltk.nn.Parameter"),
    "_modules": ("child module", "dltk.nn.Module"),
    "_buffers": ("buffer", "dltk.Tensor"),
}


def too_early(table: str) -> AttributeError:
    """A parameter or a module was set before `Module.__init__` made the tables."""
    kind = {"_parameters": "parameters", "_modules": "module"}[table]
    return AttributeError(f"cannot assign {kind} before Module.__init__() call")


def out_of_place(name: str, table: str, value: Any) -> TypeError:
    """`value` is not of the kind that `table` has under `name`."""
    kind, wanted = _WANTED[table]
    return TypeError(
        f"cannot assign '{type(value).__name__}' as {kind} '{name}' ({wanted} or None expected)"
    )


def differing_names(missing: list[str], unexpected: list[str]) -> list[str]:
    """A sentence for each kind of names that differ."""
    return [
        f"{kind} key(s) in state_dict: " + ", ".join(f'"{name}"' for name in names) + ". "
        for kind, names in (("Missing", missing), ("Unexpected", unexpected))
        if names
    ]


def no_tensor(name: str, source: Any) -> str:
    """A state has something else than a tensor under `name`."""
    return (
        f'While copying the parameter named "{name}", expected a Tensor but received '
        f"{type(source).__name__}"
    )


def other_shape(name: str, source: Any, target: Any) -> str:
    """A state has a tensor of another shape under `name`."""
    return (
        f"size mismatch for {name}: copying a param with shape {source.shape} from checkpoint, "
        f"the shape in current model is {target.shape}."
    )


def unfit_state(module: Any, problems: list[str]) -> RuntimeError:
    """All that keeps a state from fitting into `module`, a line for each."""
    return RuntimeError(
        f"Error(s) in loading state_dict for {type(module).__name__}:\n\t" + "\n\t".join(problems)
    )
