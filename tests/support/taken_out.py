"""Runs programs on dltk with the body of one function replaced by `raise`.

Each runs in a process of its own, forked before dltk is imported. As a script it reads
`[[path, qualified name, program], ...]` from its input and prints the outcomes, in that order.
"""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import signal
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60


def functions(text: str) -> dict[str, ast.FunctionDef]:
    """The functions and methods of a module by qualified name, but those that only refuse."""
    found = {}
    nodes: list[tuple[str, ast.AST]] = [("", ast.parse(text))]
    for prefix, node in nodes:
        for each in ast.iter_child_nodes(node):
            if isinstance(each, ast.ClassDef):
                nodes.append((f"{prefix}{each.name}.", each))
            elif isinstance(each, ast.FunctionDef) and not isinstance(_work(each)[0], ast.Raise):
                found[f"{prefix}{each.name}"] = each
    return found


def without(text: str, name: str, mark: str) -> str:
    """The module with `raise AssertionError(mark)` as the body of the function `name`."""
    body = _work(functions(text)[name])
    lines = text.splitlines(keepends=True)
    indent = " " * body[0].col_offset
    end = body[-1].end_lineno
    lines[body[0].lineno - 1 : end] = [f"{indent}raise AssertionError({mark!r})\n"]
    return "".join(lines)


def _work(function: ast.FunctionDef) -> list[ast.stmt]:
    """The statements of a function after its docstring."""
    has_docstring = ast.get_docstring(function) is not None
    return function.body[1:] if has_docstring and len(function.body) > 1 else function.body


class Substitute(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one file from another text."""

    def __init__(self, path: str, text: str):
        self.path, self.text = ROOT / path, text
        self.module = path.removesuffix(".py").replace("/", ".")

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        if fullname != self.module:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, origin=str(self.path))

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.text, str(self.path), "exec"), module.__dict__)


def outcome(path: str, name: str, program: str) -> str:
    """`broken` if the program met the missing body, else what happened instead."""
    from programs import PROGRAMS

    mark = f"{path} is without {name}"
    text = (ROOT / path).read_text(encoding="utf-8")
    sys.meta_path.insert(0, Substitute(path, without(text, name, mark)))
    try:
        import dltk

        PROGRAMS[program].run(dltk)
    except BaseException as error:
        described = "".join(traceback.format_exception(error))
        return "broken" if mark in described else described
    return "nothing happened"


def in_a_fork(job: list[str]) -> str:
    """The outcome of a job, told by a child process through a pipe."""
    receiver, sender = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        with os.fdopen(sender, "w") as pipe:
            pipe.write(outcome(*job))
        os._exit(0)
    os.close(sender)
    with os.fdopen(receiver) as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    return told or f"it ended without a word within {SECONDS} s"


def main() -> None:
    import numpy as np  # noqa: F401, so that no child has to
    import programs  # noqa: F401

    print(json.dumps([in_a_fork(job) for job in json.load(sys.stdin)]))


if __name__ == "__main__":
    main()
