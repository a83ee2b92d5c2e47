"""Typed expressions as programs of one operation a line, with values, tangents and adjoints.

The figures read the same expressions in the page (`web/expressions.js`); this is what their
tables, for readers without scripts, are made of.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

FUNCTIONS = {"ln": "log"} | {name: name for name in ("log", "exp", "sin", "cos", "tanh", "sqrt")}
INFIX = {
    ast.Add: ("add", "+"),
    ast.Sub: ("sub", "-"),
    ast.Mult: ("mul", "*"),
    ast.Div: ("div", "/"),
    ast.Pow: ("pow", "^"),
}
_INFIX_NAMES = ("neg", *(name for name, _ in INFIX.values()))
_PYTHON_NAMES = {"div": "truediv"}
MOST_OPERATIONS = 60


@dataclass(frozen=True)
class Operation:
    """How a result is computed, and its derivative by each operand; `z` is the result."""

    value: Callable[..., float]
    slopes: Callable[..., tuple[float, ...]]


OPERATIONS = {
    "neg": Operation(lambda a: -a, lambda a, z: (-1.0,)),
    "add": Operation(lambda a, b: a + b, lambda a, b, z: (1.0, 1.0)),
    "sub": Operation(lambda a, b: a - b, lambda a, b, z: (1.0, -1.0)),
    "mul": Operation(lambda a, b: a * b, lambda a, b, z: (b, a)),
    "div": Operation(lambda a, b: a / b, lambda a, b, z: (1 / b, -z / b)),
    "log": Operation(math.log, lambda a, z: (1 / a,)),
    "exp": Operation(math.exp, lambda a, z: (z,)),
    "sin": Operation(math.sin, lambda a, z: (math.cos(a),)),
    "cos": Operation(math.cos, lambda a, z: (-math.sin(a),)),
    "tanh": Operation(math.tanh, lambda a, z: (1 - z * z,)),
    "sqrt": Operation(math.sqrt, lambda a, z: (1 / (2 * z),)),
    "pow": Operation(
        lambda a, b: math.pow(a, b),
        lambda a, b, z: (b * math.pow(a, b - 1), z * math.log(a) if a > 0 else math.nan),
    ),
}


@dataclass
class Line:
    """One line of the program; `operands` are places of other lines, or constants."""

    name: str
    expression: str
    operation: str = ""
    operands: Sequence[int | float] = ()
    value: float = 0.0
    tangents: list[float] = field(default_factory=list)
    adjoint: float = 0.0


@dataclass
class _Part:
    operation: str
    operands: list[Any]
    level: int


class Program:
    """An expression at a point: its lines, with everything computed.

    Raises:
        ValueError: the expression cannot be read, or has no value at the point; one sentence.
    """

    def __init__(self, text: str, point: Sequence[float]) -> None:
        result = _tree(text)
        parts = _parts(result)
        self.inputs = _inputs(result)
        if len(point) != self.inputs:
            raise ValueError(
                f"the expression uses x1 to x{self.inputs}; the point has {len(point)} numbers"
            )
        if len(parts) > MOST_OPERATIONS:
            raise ValueError(f"{len(parts)} operations; the figure shows {MOST_OPERATIONS} at most")
        self.lines = [Line(f"v{i + 1 - self.inputs}", f"x{i + 1}") for i in range(self.inputs)]
        place = {id(part): self.inputs + at for at, part in enumerate(parts)}
        for part in parts:
            self.lines.append(self._line(part, place))
        self.result = self._operand(result, place)
        try:
            self._compute([float(x) for x in point])
        except (ValueError, ZeroDivisionError, OverflowError) as problem:
            raise ValueError(f"{text!r} has no value or no derivative at {tuple(point)}") from (
                problem
            )

    def _operand(self, part: Any, place: dict[int, int]) -> int | float:
        if isinstance(part, _Part):
            return place[id(part)]
        return int(part[1:]) - 1 if isinstance(part, str) else part

    def _line(self, part: _Part, place: dict[int, int]) -> Line:
        operands = [self._operand(each, place) for each in part.operands]
        names = [
            self.lines[each].name if isinstance(each, int) else f"{each:.6g}" for each in operands
        ]
        return Line(
            f"v{len(self.lines) + 1 - self.inputs}",
            _written(part.operation, names),
            part.operation,
            operands,
        )

    def _compute(self, point: list[float]) -> None:
        slopes: dict[int, tuple[float, ...]] = {}
        for at, line in enumerate(self.lines):
            if not line.operation:
                line.value = point[at]
                line.tangents = [float(at == k) for k in range(self.inputs)]
                continue
            operation = OPERATIONS[line.operation]
            values = [self.lines[o].value if isinstance(o, int) else o for o in line.operands]
            line.value = operation.value(*values)
            slopes[at] = operation.slopes(*values, line.value)
            terms = [
                (slope, self.lines[operand].tangents)
                for slope, operand in zip(slopes[at], line.operands, strict=True)
                if isinstance(operand, int)
            ]
            line.tangents = [sum(s * t[k] for s, t in terms) for k in range(self.inputs)]
        self.lines[int(self.result)].adjoint = 1.0
        for at in reversed(range(len(self.lines))):
            line = self.lines[at]
            for slope, operand in zip(slopes.get(at, ()), line.operands, strict=True):
                if isinstance(operand, int):
                    self.lines[operand].adjoint += line.adjoint * slope


def function_of(text: str, lib: Any) -> Callable:
    """The expression as a function of tensors of `lib`; `ValueError` where it cannot be read."""
    tree = _tree(text)
    signs = {name: getattr(operator, _PYTHON_NAMES.get(name, name)) for name in _INFIX_NAMES}

    def value(part: Any, inputs: Sequence[Any]) -> Any:
        if isinstance(part, str):
            return inputs[int(part[1:]) - 1]
        if not isinstance(part, _Part):
            return part
        operands = [value(each, inputs) for each in part.operands]
        return (signs.get(part.operation) or getattr(lib, part.operation))(*operands)

    return lambda *inputs: value(tree, inputs)


def _tree(text: str) -> Any:
    """The expression as `_Part`s, input names and numbers."""
    try:
        expression = ast.parse(text.replace("^", "**").strip(), mode="eval").body
    except SyntaxError as problem:
        raise ValueError(f"{text!r} cannot be read at character {problem.offset}") from None
    tree = _read(expression)
    if not _inputs(tree):
        raise ValueError(f"{text!r} uses none of x1, x2 … x9")
    return tree


def _read(node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=int() | float() as constant):
            return float(constant)
        case ast.Name(id=name) if len(name) == 2 and name[0] == "x" and name[1] in "123456789":
            return name
        case ast.UnaryOp(op=ast.USub()):
            return _part("neg", node.operand)
        case ast.UnaryOp(op=ast.UAdd()):
            return _read(node.operand)
        case ast.BinOp() if type(node.op) in INFIX:
            return _part(INFIX[type(node.op)][0], node.left, node.right)
        case ast.Call(func=ast.Name(id=name), args=[inside], keywords=[]) if name in FUNCTIONS:
            return _part(FUNCTIONS[name], inside)
    raise ValueError(
        f"{ast.unparse(node)!r} has no meaning in an expression: there are x1 … x9, numbers, "
        f"+ - * / ** and {', '.join(FUNCTIONS)}"
    )


def _part(operation: str, *nodes: ast.expr) -> Any:
    operands = [_read(node) for node in nodes]
    if all(isinstance(each, float) for each in operands):
        return OPERATIONS[operation].value(*operands)
    levels = [each.level for each in operands if isinstance(each, _Part)]
    return _Part(operation, operands, 1 + max(levels, default=0))


def _parts(tree: Any) -> list[_Part]:
    """All operations, those that wait for fewer others first."""
    found: list[_Part] = []

    def visit(part: Any) -> None:
        if isinstance(part, _Part):
            for each in part.operands:
                visit(each)
            found.append(part)

    visit(tree)
    return sorted(found, key=lambda part: part.level)


def _inputs(tree: Any) -> int:
    if isinstance(tree, _Part):
        return max(map(_inputs, tree.operands))
    return int(tree[1:]) if isinstance(tree, str) else 0


def _written(operation: str, names: Sequence[str]) -> str:
    signs = {name: sign for name, sign in INFIX.values()}
    if operation == "pow":
        return "^".join(names)
    if operation in signs:
        return f" {signs[operation]} ".join(names)
    if operation == "neg":
        return f"-{names[0]}"
    return f"{'ln' if operation == 'log' else operation} {names[0]}"
