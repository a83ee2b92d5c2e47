"""What the files of a lab may import: `course.toml` says, and one sentence says where they do not.

The list keeps a lab's point, it does not keep anything safe: the sandbox does that.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.course import PACKAGE, Lab

_NAMES = {
    "__import__",
    "__builtins__",
    "__loader__",
    "__spec__",
    "exec",
    "eval",
    "compile",
    "globals",
    "breakpoint",
}
_ATTRIBUTES = {
    "__builtins__",
    "__bases__",
    "__closure__",
    "__code__",
    "__globals__",
    "__import__",
    "__loader__",
    "__mro__",
    "__spec__",
    "__subclasses__",
    "f_back",
    "f_builtins",
    "f_globals",
    "gi_frame",
    "tb_frame",
}
_MODULE_NAMES = {"np", "torch", "cupy", "os", "sys", "builtins", "ctypes", "importlib", "inspect"}


@dataclass(frozen=True)
class Forbidden:
    """One use that a lab does not allow; `sentence` names file, line and module."""

    path: str
    line: int
    name: str
    sentence: str


def forbidden(text: str, path: str, lab: Lab) -> Forbidden | None:
    """The first thing in a file that `lab` does not allow, or None.

    Allowed are `lab.imports` and the modules of the package itself. Raises SyntaxError for a text
    that is not Python.
    """
    allowed = set(lab.imports)
    found = sorted(_uses(ast.parse(text, path), allowed), key=lambda use: use[0])
    for line, name, verb in found:
        may = ", ".join([*lab.imports, f"the modules of {PACKAGE}"])
        sentence = f"{path}, line {line}: {verb} {name}, which {lab.id} does not allow; "
        return Forbidden(path, line, name, sentence + f"its files may import {may}.")
    return None


def imported_modules(text: str, path: str) -> set[str]:
    """The dotted names of the package's modules that a file imports, relative ones resolved."""
    return {
        name
        for node in ast.walk(ast.parse(text, path))
        for name in _modules(node, path)
        if name.partition(".")[0] == PACKAGE
    }


def _uses(tree: ast.AST, allowed: set[str]) -> Iterator[tuple[int, str, str]]:
    unwanted = _MODULE_NAMES - allowed - ({"np"} if "numpy" in allowed else set())
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        match node:
            case ast.Import(names=names):
                for alias in names:
                    if not _may_import(alias.name, allowed):
                        yield line, alias.name, "imports"
            case ast.ImportFrom(module=module, names=names, level=level):
                if not level and not _may_import(module or "", allowed):
                    yield line, module or "", "imports"
                elif level or _in_package(module or ""):
                    for alias in names:
                        if alias.name in unwanted | {"*", "numpy"} - allowed:
                            yield line, alias.name, "imports"
            case ast.Name(id=name) if name in _NAMES:
                yield line, name, "uses"
            case ast.Attribute(attr=name) if name in _ATTRIBUTES | unwanted:
                yield line, name, "uses"
            case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=name), *_]) if (
                name in _ATTRIBUTES | unwanted | _NAMES
            ):
                yield line, str(name), "uses"


def _may_import(module: str, allowed: set[str]) -> bool:
    return module.partition(".")[0] in allowed or _in_package(module)


def _in_package(module: str) -> bool:
    return module.partition(".")[0] == PACKAGE


def _modules(node: ast.AST, path: str) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module=module, names=names, level=level):
            folder = path.split("/")[:-level] if level else []
            base = ".".join([*folder, module] if module else folder)
            yield base
            yield from (f"{base}.{alias.name}" for alias in names)
