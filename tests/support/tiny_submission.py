"""A tiny graded package and programs for it: what the tests of the sandbox run."""

import inspect
import textwrap
from pathlib import Path

import pytest

from autograder import sandbox
from autograder.sandbox import levels

PACKAGE = '''
"""A package as small as the worker allows: a Tensor around an array."""
import numpy as np


class Tensor:
    def __init__(self, array):
        self.array = np.asarray(array)

    def detach(self):
        return self

    def numpy(self):
        return self.array


class dtype:
    def __init__(self, name):
        self.name = name

    def __str__(self):
        return "dltk." + self.name


float32 = dtype("float32")


def tensor(data):
    return Tensor(data)


def blank():
    raise NotImplementedError("lab3.engine")
'''

LIMITS = sandbox.Limits(
    import_seconds=10.0,
    wall_factor=1.5,
    memory_bytes=600 << 20,
    file_bytes=1 << 20,
    scratch_bytes=4 << 20,
    wire_bytes=1 << 20,
    printed_characters=500,
    printed_flood_bytes=200_000,
    processes=8,
)


def write_tree(folder: Path, files: dict[str, str | bytes]) -> Path:
    """A grading tree below a folder with a space in its name."""
    tree = folder / "graded tree"
    for name, content in {"dltk/__init__.py": PACKAGE, **files}.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return tree


def need(level: str) -> str:
    """`level`, or a skip that says why this machine does not have it."""
    if level not in sandbox.available():
        pytest.skip(f"the {level} sandbox does not work here: {levels.why_not(level)}")
    return level


def as_program(function, seconds: float = 5.0, processes: bool = False, **inputs):
    """The Program of a function written in a test: `(lib, …)` or `(lib, kit, …)`."""
    return sandbox.Program(
        id=function.__name__,
        source=textwrap.dedent(inspect.getsource(function)),
        inputs=inputs,
        takes_kit="kit" in inspect.signature(function).parameters,
        seconds=seconds,
        processes=processes,
    )


def ask(worker: sandbox.Worker, function, **options) -> sandbox.Reply:
    """The reply to one program, in a process of its own."""
    return worker.run("lab3.engine", [as_program(function, **options)])[0]


def honest(lib, x):
    return {"y": lib.tensor(x + 1.0)}
