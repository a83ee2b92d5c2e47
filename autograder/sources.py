"""The source text of functions of our own modules, each file parsed once."""

import ast
import functools
import importlib
import pkgutil
import textwrap
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

FunctionNode = ast.FunctionDef


@functools.cache
def _lines(path: str) -> tuple[str, ...]:
    return tuple(Path(path).read_text(encoding="utf-8").splitlines())


@functools.cache
def _definitions(path: str) -> dict[int, FunctionNode]:
    """Every function of a file by the line it begins on, decorators included."""
    tree = ast.parse("\n".join(_lines(path)), path)
    return {
        min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]): node
        for node in ast.walk(tree)
        if isinstance(node, FunctionNode)
    }


def where(function: Callable[..., Any]) -> str:
    """`file:line` of a function, for messages."""
    code = function.__code__
    return f"{Path(code.co_filename).as_posix()}:{code.co_firstlineno}"


def definition(function: Callable[..., Any]) -> FunctionNode:
    """The syntax tree of a function that stands in a file; do not change it, it is shared."""
    code = function.__code__
    return _definitions(code.co_filename)[code.co_firstlineno]


def body_text(function: Callable[..., Any]) -> str:
    """The lines of a function after its docstring, comments included, without indentation."""
    node = definition(function)
    statements = node.body[1:] if ast.get_docstring(node) is not None else node.body
    if not statements:
        return ""
    before = node.body[0].end_lineno if statements is not node.body else statements[0].lineno - 1
    lines = _lines(function.__code__.co_filename)[before : statements[-1].end_lineno]
    return textwrap.dedent("\n".join(lines)).strip("\n") + "\n"


def repeated_functions(path: Path) -> list[tuple[str, int]]:
    """Name and line of each top-level function whose name an earlier one of the file has."""
    seen: set[str] = set()
    repeated = []
    for node in ast.parse(path.read_text(encoding="utf-8"), str(path)).body:
        if isinstance(node, FunctionNode):
            if node.name in seen:
                repeated.append((node.name, node.lineno))
            seen.add(node.name)
    return repeated


def modules(package: str) -> list[ModuleType]:
    """Import every module of a package, in the order of their names; no such package: none."""
    try:
        folder = importlib.import_module(package)
    except ModuleNotFoundError as problem:
        if problem.name is None or not f"{package}.".startswith(f"{problem.name}."):
            raise
        return []
    names = sorted(info.name for info in pkgutil.iter_modules(folder.__path__))
    return [importlib.import_module(f"{package}.{name}") for name in names]
