"""Operations without a primitive, which compute with the raw arrays of their tensors."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from dltk.backends import registry
from dltk.backends.use import use
from dltk.core.storage import Storage
from dltk.core.tensor import Tensor

Function = TypeVar("Function", bound=Callable)


def located(function: Function) -> Function:
    """Let `function` run on the device where its tensors are, and its results be there."""

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        if not use.elsewhere:
            return function(*args, **kwargs)
        given = [*args, *kwargs.values()]
        backend = registry.meeting(*[each._raw for each in given if isinstance(each, Tensor)])
        return _settled(backend.run(functools.partial(function, *args, **kwargs)), backend)

    return run  # type: ignore[return-value]


def _settled(result: Any, backend: Any) -> Any:
    """`result`, the tensors in it in the memory of `backend`."""
    if isinstance(result, Tensor):
        if backend is not registry.backend_of(result._raw):
            if result._storage is not None:
                result._storage = Storage(backend.adopted(result._storage.data))
            result._raw = backend.adopted(result._raw)
    elif isinstance(result, tuple | list):
        for each in result:
            _settled(each, backend)
    return result
