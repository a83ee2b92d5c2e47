"""The form of a check: one self-contained program, what it draws, how its results are compared."""

import ast
import builtins
import copy
import re
import symtable
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from autograder import sources
from autograder.checks.draws import Draw

Judge = Callable[[dict[str, Any], dict[str, Any]], str | None]
TASK_ID = re.compile(r"lab\d+\.\w+")
_IMPORTABLE = {"math", "itertools", "gc", "weakref", "warnings", "sys", "io"}


class CheckError(ValueError):
    """A check is not of the form that can travel; the message begins with `file:line`."""


@dataclass(frozen=True)
class Tolerance:
    """What a check asks for instead of the usual tolerances, and why."""

    rtol: float | None = None
    atol: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Check:
    """One program that is run with `lib=torch` and with the student's `lib`.

    `sentence` is what it shows, `source` the text that travels, `draws` its inputs by name. `judge`
    decides alone where torch has nothing to compare with: it returns what is wrong, or None.
    """

    task: str
    name: str
    sentence: str
    source: str
    takes_kit: bool
    draws: Mapping[str, Draw]
    weight: float = 1
    judge: Judge | None = None
    tolerance: Tolerance = field(default_factory=Tolerance)
    seconds: float = 5
    processes: bool = False
    where: str = ""

    @cached_property
    def id(self) -> str:
        return f"{self.task}::{self.name}"

    def inputs(self, rng: np.random.RandomState) -> dict[str, Any]:
        """Draw every input, in the order in which the check names them."""
        return {name: draw.draw(rng) for name, draw in self.draws.items()}


def check(
    task: str,
    *,
    weight: float = 1,
    judge: Judge | None = None,
    rtol: float | None = None,
    atol: float | None = None,
    reason: str | None = None,
    seconds: float = 5,
    processes: bool = False,
    **draws: Draw,
) -> Callable[[Callable[..., Any]], Check]:
    """Make a check of a function `f(lib, <inputs>)` or `f(lib, kit, <inputs>)`.

    The function's docstring is its sentence. It is refused with a `CheckError` unless it is
    self-contained: no names but its own and the built-in ones, no try, no decorator of its own.
    """

    def decorate(function: Callable[..., Any]) -> Check:
        place = sources.where(function)
        node = sources.definition(function)
        _refuse_options(place, task, weight, seconds, (rtol, atol), reason, draws)
        takes_kit = _takes_kit(node, draws, place)
        _refuse_body(node, place)
        source = _program(node)
        _refuse_free_names(source, node.name, place)
        return Check(
            task=task,
            name=node.name,
            sentence=_sentence(node, place),
            source=source,
            takes_kit=takes_kit,
            draws=dict(draws),
            weight=weight,
            judge=judge,
            tolerance=Tolerance(rtol, atol, reason),
            seconds=seconds,
            processes=processes,
            where=place,
        )

    return decorate


def _refuse_options(
    place: str,
    task: str,
    weight: float,
    seconds: float,
    widened: tuple[float | None, float | None],
    reason: str | None,
    draws: Mapping[str, Draw],
) -> None:
    if not TASK_ID.fullmatch(task):
        raise CheckError(f"{place}: {task!r} is not the id of a task, such as 'lab3.engine'.")
    if weight <= 0 or seconds <= 0:
        raise CheckError(f"{place}: weight and seconds must be above 0.")
    if any(bound is not None for bound in widened) and not reason:
        raise CheckError(f"{place}: rtol and atol are given without a reason.")
    if not draws:
        raise CheckError(f"{place}: the check has no inputs, so its answer could be written down.")
    for name, draw in draws.items():
        if not hasattr(draw, "draw"):
            raise CheckError(f"{place}: the input {name} is {draw!r}, which cannot be drawn.")


def _takes_kit(node: ast.FunctionDef, draws: Mapping[str, Draw], place: str) -> bool:
    arguments = node.args
    if arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.posonlyargs:
        raise CheckError(f"{place}: the arguments of a check are lib, perhaps kit, and its inputs.")
    if arguments.defaults:
        raise CheckError(f"{place}: an input is drawn; it has no default.")
    names = [argument.arg for argument in arguments.args]
    takes_kit = names[1:2] == ["kit"]
    if names[:1] != ["lib"] or names[1 + takes_kit :] != list(draws):
        raise CheckError(
            f"{place}: the arguments are ({', '.join(names)}) and must be lib, perhaps kit, "
            f"and the inputs in order: {', '.join(draws)}."
        )
    return takes_kit


def _sentence(node: ast.FunctionDef, place: str) -> str:
    text = ast.get_docstring(node)
    if not text:
        raise CheckError(f"{place}: the check has no docstring, which is the sentence it shows.")
    return " ".join(text.split("\n\n")[0].split())


def _refuse_body(node: ast.FunctionDef, place: str) -> None:
    if len(node.decorator_list) != 1:
        raise CheckError(f"{place}: a check has one decorator, @check.")
    for inner in ast.walk(node):
        line = getattr(inner, "lineno", node.lineno)
        if isinstance(inner, ast.Try | ast.TryStar):
            raise CheckError(f"{place}: the check has a try (line {line}); ask kit.raises instead.")
        if isinstance(inner, ast.Yield | ast.YieldFrom | ast.Await | ast.Global):
            raise CheckError(f"{place}: a check is a plain function (line {line}).")
        for module in _imported(inner):
            if module.partition(".")[0] not in _IMPORTABLE:
                raise CheckError(
                    f"{place}: the check imports {module} (line {line}); "
                    f"a program may import {', '.join(sorted(_IMPORTABLE))}."
                )


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or "."]
    return []


def _program(node: ast.FunctionDef) -> str:
    """The source that travels: no decorator, no annotation."""
    node = copy.deepcopy(node)
    node.decorator_list = []
    for inner in ast.walk(node):
        if isinstance(inner, ast.FunctionDef):
            inner.returns = None
        elif isinstance(inner, ast.arg):
            inner.annotation = None
    return ast.unparse(node) + "\n"


def _refuse_free_names(source: str, name: str, place: str) -> None:
    pending = list(symtable.symtable(source, name, "exec").get_children())
    while pending:
        scope = pending.pop()
        pending += scope.get_children()
        for symbol in scope.get_symbols():
            if symbol.is_global() and not hasattr(builtins, symbol.get_name()):
                raise CheckError(
                    f"{place}: the program uses {symbol.get_name()}, which does not travel with it."
                )
