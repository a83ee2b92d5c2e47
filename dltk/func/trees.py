"""Trees: tuples, lists and dicts, however deep, of whatever is none of these: their leaves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any


def leaves(tree: Any) -> list:
    """The leaves of `tree` from left to right; a leaf is a tree of its own."""
    if isinstance(tree, tuple | list):
        return [leaf for each in tree for leaf in leaves(each)]
    if isinstance(tree, dict):
        return [leaf for each in tree.values() for leaf in leaves(each)]
    return [tree]


def filled(tree: Any, new_leaves: Iterable) -> Any:
    """A tree like `tree` with other leaves, given from left to right."""
    return _take(tree, iter(new_leaves))


def same_structure(one: Any, other: Any) -> bool:
    """Whether two trees differ in nothing but their leaves."""
    if isinstance(one, tuple | list):
        return (
            type(one) is type(other)
            and len(one) == len(other)
            and all(same_structure(a, b) for a, b in zip(one, other, strict=True))
        )
    if isinstance(one, dict):
        return (
            type(one) is type(other)
            and list(one) == list(other)
            and all(same_structure(value, other[key]) for key, value in one.items())
        )
    return not isinstance(other, tuple | list | dict)


def _take(tree: Any, new_leaves: Iterator) -> Any:
    if isinstance(tree, tuple | list):
        parts = [_take(each, new_leaves) for each in tree]
        return type(tree)(*parts) if hasattr(tree, "_fields") else type(tree)(parts)
    if isinstance(tree, dict):
        return type(tree)((key, _take(value, new_leaves)) for key, value in tree.items())
    return next(new_leaves)
