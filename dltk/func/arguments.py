"""What the transforms ask of the functions they are given, and of these functions' arguments."""

from __future__ import annotations

from typing import Any

from dltk.core.tensor import Tensor
from dltk.func.trees import leaves

Argnums = int | tuple[int, ...]


def check_argnums(argnums: Any, args: tuple) -> None:
    """Refuse numbers of arguments that are not there.

    Raises:
        RuntimeError: no number, no such argument, or one that is named twice.
    """
    numbers = argnums if isinstance(argnums, tuple) else (argnums,)
    if not numbers:
        raise RuntimeError("argnums must be non-empty")
    for number in numbers:
        if not isinstance(number, int):
            raise RuntimeError(f"argnum must be int, got: {type(number)}")
        if not -len(args) <= number < len(args):
            raise RuntimeError(f"Got argnum={number}, but only {len(args)} positional inputs")
    if len({number % len(args) for number in numbers}) < len(numbers):
        raise RuntimeError(f"argnums elements must be unique, got {argnums}")


def chosen(argnums: Argnums, args: tuple) -> Any:
    """The argument that is differentiated, or a tuple of several."""
    check_argnums(argnums, args)
    return args[argnums] if isinstance(argnums, int) else tuple(args[i] for i in argnums)


def replaced(argnums: Argnums, args: tuple, values: Any) -> list:
    """The arguments with `values` in place of the chosen ones."""
    result = list(args)
    pairs = [(argnums, values)] if isinstance(argnums, int) else zip(argnums, values, strict=True)
    for number, value in pairs:
        result[number] = value
    return result


def tensors(tree: Any) -> list[Tensor]:
    """The leaves of an argument that is differentiated.

    Raises:
        ValueError: one is not a tensor.
    """
    found = leaves(tree)
    for each in found:
        if not isinstance(each, Tensor):
            raise ValueError(f"Thing passed to transform API must be Tensor, got {type(each)}")
    return found


def with_aux(result: Any, has_aux: bool) -> tuple[Any, Any]:
    """What a function returned, parted from what it returned beside it.

    Raises:
        RuntimeError: `has_aux`, and it is no pair.
    """
    if not has_aux:
        return result, None
    if not isinstance(result, tuple) or len(result) != 2:
        raise RuntimeError(
            "with has_aux=True the function should return a tuple (output, aux), got "
            f"{type(result).__name__}"
        )
    return result


def outputs_of(result: Any) -> list[Tensor]:
    """The leaves of what a function returned.

    Raises:
        RuntimeError: one is not a tensor.
    """
    found = leaves(result)
    for each in found:
        if not isinstance(each, Tensor):
            raise RuntimeError(
                "the function to be transformed should return tensors, or tuples, lists and dicts "
                f"of them, got {type(each).__name__}"
            )
    return found
