"""The form of a misconception: a sentence, and the body it puts in a blank of the reference."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from autograder import sources


class MisconceptionError(ValueError):
    """A misconception is not of the right form; the message begins with `file:line`."""


@dataclass(frozen=True)
class Misconception:
    """A known-wrong solution of a task, or a different right one (`right`).

    `sentence` completes "your answer is what you get if …". `bodies` gives for each blank, by its
    qualified name, the text that replaces its body.
    """

    id: str
    task: str
    sentence: str
    bodies: Mapping[str, str]
    right: bool = False
    where: str = ""


Function = Callable[..., Any]


def wrong(
    task: str, *, blank: str, also: Mapping[str, Function] | None = None
) -> Callable[[Function], Misconception]:
    """A known-wrong solution: the decorated function's body is what stands in the blank."""
    return _maker(task, blank, also, right=False)


def right(
    task: str, *, blank: str, also: Mapping[str, Function] | None = None
) -> Callable[[Function], Misconception]:
    """A different right solution, which must have full marks."""
    return _maker(task, blank, also, right=True)


def _maker(
    task: str, blank: str, also: Mapping[str, Function] | None, *, right: bool
) -> Callable[[Function], Misconception]:
    def decorate(function: Function) -> Misconception:
        place = sources.where(function)
        docstring = ast.get_docstring(sources.definition(function))
        if not docstring:
            raise MisconceptionError(f"{place}: no docstring, which is the sentence it shows.")
        bodies = {blank: _body(function)}
        for qualname, other in (also or {}).items():
            bodies[qualname] = _body(other)
        sentence = " ".join(docstring.split("\n\n")[0].split())
        return Misconception(
            f"{task}/{function.__name__}", task, sentence, bodies, right, where=place
        )

    return decorate


def _body(function: Function) -> str:
    text = sources.body_text(function)
    if not text:
        raise MisconceptionError(f"{sources.where(function)}: there is no body to put in a blank.")
    return text
