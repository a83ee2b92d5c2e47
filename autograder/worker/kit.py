"""The helpers a check's program may use beside the library: standard library only.

The same class serves both runs of a program, under `dltk` and under `torch`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from autograder.worker import failures


class Kit:
    """`raises`, `warns`, `event` and a scratch `folder`, fresh for each program."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.events: list[list[Any]] = []

    def raises(self, function: Callable, *args: Any, **kwargs: Any) -> str | None:
        """The nearest built-in class of the exception the call raises; None when it returns.

        The error that marks a blank is raised again: no helper may swallow it.
        """
        try:
            function(*args, **kwargs)
        except Exception as error:
            if failures.blank_of(error) is not None:
                raise
            return failures.nearest_builtin(error)
        return None

    def warns(self, function: Callable, *args: Any, **kwargs: Any) -> list[str]:
        """The nearest built-in category of each warning the call gives, in order."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            function(*args, **kwargs)
        return [failures.nearest_builtin_class(warning.category) for warning in caught]

    def event(self, name: str, *numbers: float) -> None:
        """Appends `[name, *numbers]` to `events`."""
        self.events.append([name, *numbers])
