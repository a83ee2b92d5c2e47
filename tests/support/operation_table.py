"""The operations that dltk and torch are compared on: programs of a library and of tensors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

numbers = np.random.RandomState(20)
MATRIX = numbers.uniform(0.2, 0.9, (3, 4))
OTHER = numbers.uniform(0.2, 0.9, (3, 4))
ROW = numbers.uniform(0.2, 0.9, 4)
COLUMN = numbers.uniform(0.2, 0.9, (3, 1))
NUMBER = np.array(0.7)
BATCH = numbers.normal(size=(2, 3, 4))
SIGNED = numbers.normal(size=(3, 4))
TIED = np.array([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]])
EMPTY = np.zeros((0, 3))
INTEGERS = np.array([5, -3, 2])


@dataclass(frozen=True)
class Operation:
    """One program and the arrays it runs on; `without` names comparisons that do not apply."""

    name: str
    program: Callable
    arrays: tuple[np.ndarray, ...]
    without: frozenset[str] = field(default_factory=frozenset)


OPERATIONS: list[Operation] = []


def operation(name: str, program: Callable, *arrays: np.ndarray, without: str = "") -> None:
    OPERATIONS.append(Operation(name, program, arrays, frozenset(without.split())))


UNARY = (  # noqa: SIM905
    "abs neg exp expm1 log log1p log2 sin cos tan asin acos atan sinh cosh tanh sqrt rsqrt sigmoid "
    "erf erfc relu floor ceil round trunc sign square reciprocal clone"
).split()
for name in UNARY:
    operation(name, lambda lib, x, name=name: getattr(lib, name)(x), MATRIX)
    operation(f"{name} of a 0-d tensor", lambda lib, x, name=name: getattr(lib, name)(x), NUMBER)
    operation(f"{name} transposed", lambda lib, x, name=name: getattr(x.t(), name)(), MATRIX)
    if name != "clone":
        operation(f"{name} of nothing", lambda lib, x, name=name: getattr(lib, name)(x), EMPTY)
    operation(f"{name} of integers", lambda lib, x, name=name: getattr(lib, name)(x), INTEGERS)
    if name not in ("clone", "sign"):
        operation(f"{name}_", lambda lib, x, name=name: getattr(x * 1, name + "_")(), MATRIX)

BINARY = ["add", "sub", "mul", "div", "maximum", "minimum", "pow", "remainder", "fmod"]
for name in BINARY:

    def both(lib, x, y, name=name):
        return getattr(lib, name)(x, y)

    operation(name, both, MATRIX, OTHER)
    operation(f"{name} with a row", both, MATRIX, ROW)
    operation(f"{name} of a column and a row", both, COLUMN, ROW)
    operation(f"{name} with a 0-d tensor", both, MATRIX, NUMBER)
    operation(f"{name} of 0-d tensors", both, NUMBER, NUMBER * 2)
    operation(f"{name} of two dtypes", both, MATRIX, OTHER.astype(np.float32))
    operation(f"{name} with a 0-d double", both, MATRIX.astype(np.float32), NUMBER)
    operation(f"{name} of integers", both, INTEGERS + 6, np.array([2, 2, 3]))
    operation(f"{name} of integers and floats", both, INTEGERS, np.array([0.5, 2, -3]))
    operation(f"{name} of shapes that differ", both, MATRIX, ROW[:3])
    operation(f"{name} of nothing", both, EMPTY, ROW[:3])
    if name not in ("maximum", "minimum"):
        operation(
            f"{name}_", lambda lib, x, y, name=name: getattr(x * 1, name + "_")(y), MATRIX, ROW
        )
        operation(
            f"{name} with a number",
            lambda lib, x, name=name: getattr(lib, name)(x, 2),
            MATRIX,
            without="node",
        )
for exponent in (0, 1, 2, 3, 0.5, -1, 2.5):
    operation(f"pow {exponent}", lambda lib, x, exponent=exponent: x**exponent, MATRIX)
operation("ties of maximum", lambda lib, x: lib.maximum(x, lib.ones_like(x) * 2), TIED)
operation("1 - x", lambda lib, x: 1 - x, MATRIX)
operation("1 / x", lambda lib, x: 1 / x, MATRIX)
operation("2 ** x", lambda lib, x: 2**x, MATRIX, without="node")
operation("x // 2", lambda lib, x: x // 2, INTEGERS)
operation("clamp", lambda lib, x: x.clamp(-0.5, 0.5), SIGNED)
operation("clamp below", lambda lib, x: x.clamp(min=0.1), SIGNED)
operation("where", lambda lib, x: lib.where(x > 0, x, x * x), SIGNED)
operation("where with a number", lambda lib, x: lib.where(x > 0, x, 0.0), SIGNED)
operation("lerp", lambda lib, x, y: lib.lerp(x, y, 0.3), MATRIX, OTHER, without="node")
operation("addcmul", lambda lib, x, y: lib.addcmul(x, x, y, value=2), MATRIX, OTHER, without="node")
for name in ["eq", "ne", "lt", "le", "gt", "ge"]:
    operation(name, lambda lib, x, y, name=name: getattr(lib, name)(x, y), TIED, TIED[:1])

operation("sum", lambda lib, x: x.sum(), MATRIX)
operation("sum over one dimension", lambda lib, x: x.sum(0), MATRIX)
operation("sum with keepdim", lambda lib, x: x.sum(1, keepdim=True), MATRIX)
operation("sum over two dimensions", lambda lib, x: x.sum((0, 2)), BATCH)
operation("sum of integers", lambda lib, x: x.to(lib.int8).sum(), INTEGERS)
operation("sum of nothing", lambda lib, x: x.sum(0), EMPTY)
operation("mean", lambda lib, x: x.mean(), MATRIX)
operation("mean over one dimension", lambda lib, x: x.mean(-1), BATCH)
operation("mean of integers", lambda lib, x: x.mean(), INTEGERS)
operation("amax with ties", lambda lib, x: x.amax(1), TIED)
operation("amin over two dimensions", lambda lib, x: x.amin((0, 1)), BATCH)
operation("max with ties", lambda lib, x: x.max(), TIED)
operation("max along a dimension", lambda lib, x: tuple(x.max(1)), TIED)
operation("min along a dimension, kept", lambda lib, x: tuple(x.min(0, True)), MATRIX)
operation("max of nothing", lambda lib, x: x.max(), EMPTY)
operation("argmax", lambda lib, x: x.argmax(1), TIED)
operation("var", lambda lib, x: x.var(0), MATRIX)
operation("std", lambda lib, x: x.std(1), MATRIX)
operation("cumsum", lambda lib, x: x.cumsum(1), MATRIX)
operation("prod", lambda lib, x: x.prod(1), MATRIX)
operation("logsumexp", lambda lib, x: (x * 1000).logsumexp(1), MATRIX)
operation("norm", lambda lib, x: x.norm(), SIGNED)
operation("norm along a dimension", lambda lib, x: x.norm(3, 1), SIGNED)

for suffix, prepare in {"": lambda x: x, " of a transposed matrix": lambda x: x.t()}.items():

    def view(name, program, suffix=suffix, prepare=prepare, without=""):
        operation(name + suffix, lambda lib, x: program(lib, prepare(x)), MATRIX, without=without)

    view("view", lambda lib, x: x.view(2, 6))
    view("view refused", lambda lib, x: x.view(5, 5))
    view("reshape", lambda lib, x: x.reshape(-1, 2))
    view("permute", lambda lib, x: x.permute(1, 0))
    view("T", lambda lib, x: x.T)
    view("unsqueeze", lambda lib, x: x.unsqueeze(1))
    view("squeeze", lambda lib, x: x.unsqueeze(1).squeeze(1))
    view("squeeze all", lambda lib, x: x.unsqueeze(1).squeeze())
    view("expand", lambda lib, x: x.unsqueeze(1).expand(-1, 5, -1))
    view("flatten", lambda lib, x: x.flatten())
    view("an integer", lambda lib, x: x[0])
    view("two integers", lambda lib, x: x[1, 2])
    view("slices", lambda lib, x: x[1:, ::2])
    view("a slice and None", lambda lib, x: x[-2:, None, -1])
    view("an ellipsis", lambda lib, x: x[..., 1])
    view("a full slice", lambda lib, x: x[:])
    view("a new dimension", lambda lib, x: x[None])
    view("a tensor as index", lambda lib, x: x[lib.tensor([0, 2, 0])])
    view("two tensors as index", lambda lib, x: x[lib.tensor([0, 2, 0]), lib.tensor([1, 1, 2])])
    view("a slice and a tensor", lambda lib, x: x[1:, lib.tensor([1, 1, 2])])
    view("an integer and a tensor", lambda lib, x: x[1, lib.tensor([1, 1, 2])])
    view("a mask", lambda lib, x: x[x > 0.5])
    view("a list", lambda lib, x: x[[0, 1]])
    view("an index too large", lambda lib, x: x[5])
    view("too many indices", lambda lib, x: x[0, 0, 0])
    view("a step below one", lambda lib, x: x[::-1])
    view("narrow", lambda lib, x: x.narrow(1, 1, 2))
    view("select", lambda lib, x: x.select(1, -1))
    view("unbind", lambda lib, x: x.unbind(1)[2])
    view("split", lambda lib, x: x.split(2, 1)[1])
    view("chunk", lambda lib, x: x.chunk(3, 1)[0])
    view("cat", lambda lib, x: lib.cat([x, x * 2], 1))
    view("stack", lambda lib, x: lib.stack([x, x * 2], 1))
    view("gather", lambda lib, x: x.gather(1, lib.tensor([[0, 1], [1, 1], [2, 0]])))
    view("index_select", lambda lib, x: x.index_select(1, lib.tensor([0, 0, 2])))
    view("masked_fill", lambda lib, x: x.masked_fill(x > 0.5, 2.0))
    view("as_strided", lambda lib, x: x.as_strided((2, 2), (4, 1), 1))
    view("movedim", lambda lib, x: x.movedim(0, 1))
    view("to float32", lambda lib, x: x.to(lib.float32))
    view("to int", lambda lib, x: x.int())
    view("detach", lambda lib, x: x.detach())

for name, left, right in [
    ("matrices", MATRIX, OTHER.T.copy()),
    ("matrix and vector", MATRIX, ROW),
    ("vector and matrix", ROW[:3], MATRIX),
    ("vectors", ROW, ROW * 2),
    ("batches", BATCH, np.swapaxes(BATCH, 1, 2).copy()),
    ("a batch and a matrix", BATCH, MATRIX.T.copy()),
    ("a batch and a vector", BATCH, ROW),
    ("a vector and a batch", ROW[:3], BATCH),
    ("broadcast batches", BATCH[:, None], np.swapaxes(BATCH, 1, 2)[None].copy()),
    ("shapes that do not fit", MATRIX, OTHER),
    ("two dtypes", MATRIX, OTHER.T.astype(np.float32)),
]:
    # Torch folds and copies batches in ways of its own, which the names of the nodes show.
    folded = "node" if "batch" in name or name == "vector and matrix" else ""
    operation(f"matmul of {name}", lambda lib, x, y: x @ y, left, right, without=folded)
operation("matmul with a transposed matrix", lambda lib, x, y: x @ y.t(), MATRIX, OTHER)
