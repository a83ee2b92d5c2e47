"""What a whole program is, and the list of all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

PRECISIONS = ("float64", "float32")


@dataclass(frozen=True)
class Program:
    """A function of the library that returns what it computed by name: a list is a value a step.

    `precision` names the default dtype it runs under. With `needs_twins` it calls names that dltk
    has and torch lacks, for which torch gets twins. With `needs_fork` its worker processes are
    forked, which not every platform can.
    """

    function: Callable[[Any], dict[str, Any]]
    precision: str
    needs_twins: bool
    needs_fork: bool

    @property
    def name(self) -> str:
        return self.function.__name__

    @property
    def theme(self) -> str:
        return self.function.__module__.removeprefix("programs.")

    def run(self, lib: Any) -> dict[str, Any]:
        """Its results under `lib`, whose default dtype is afterwards what it was."""
        before = lib.get_default_dtype()
        lib.set_default_dtype(getattr(lib, self.precision))
        try:
            return self.function(lib)
        finally:
            lib.set_default_dtype(before)


PROGRAMS: dict[str, Program] = {}


def program(
    precision: str = "float64", needs_twins: bool = False, needs_fork: bool = False
) -> Callable[[Any], Any]:
    """Put a function of `lib` into `PROGRAMS` under its own name."""
    if precision not in PRECISIONS:
        raise ValueError(f"precision is one of {', '.join(PRECISIONS)}, got {precision!r}")

    def register(function: Callable[[Any], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
        if function.__name__ in PROGRAMS:
            raise ValueError(f"there are two programs named {function.__name__}")
        PROGRAMS[function.__name__] = Program(function, precision, needs_twins, needs_fork)
        return function

    return register
