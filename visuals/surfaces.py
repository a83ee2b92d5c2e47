"""Surfaces that optimizers walk on: formulas in x and y, and the walk of a framework's own."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

FUNCTIONS = ("sin", "cos", "exp", "log", "sqrt")
OPERATORS: dict[type[ast.AST], Callable] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}


@dataclass(frozen=True)
class Surface:
    """A formula in x and y, the part of the plane that is shown, and where a run starts."""

    label: str
    formula: str
    x: tuple[float, float] = (-2.5, 2.5)
    y: tuple[float, float] = (-2.0, 2.0)
    start: tuple[float, float] = (-2.0, 1.5)


SURFACES = {
    "bowl": Surface("bowl", "x**2 + y**2"),
    "ravine": Surface("ravine", "0.5*x**2 + 12.5*y**2", y=(-1.0, 1.0), start=(-2.0, 0.8)),
    "saddle": Surface("saddle", "0.5*x**2 - 0.5*y**2 + 0.25*y**4", start=(-2.0, 0.01)),
    "bend": Surface(
        "bent valley", "(1 - x)**2 + 10*(y - x**2)**2", y=(-1.0, 3.0), start=(-1.5, 2.5)
    ),
}


def height(lib: Any, formula: str, x: Any, y: Any) -> Any:
    """The formula's value at tensors `x` and `y` of `lib`, recorded like any other computation.

    Raises:
        ValueError: the formula has something besides x, y, numbers, + - * / ** and FUNCTIONS.
    """

    def value(node: ast.AST) -> Any:
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            return OPERATORS[type(node.op)](value(node.left), value(node.right))
        if isinstance(node, ast.UnaryOp) and type(node.op) in OPERATORS:
            return OPERATORS[type(node.op)](value(node.operand))
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            return node.value
        if isinstance(node, ast.Name) and node.id in ("x", "y"):
            return x if node.id == "x" else y
        match node:
            case ast.Call(func=ast.Name(id=name), args=[inner], keywords=[]) if name in FUNCTIONS:
                return getattr(lib, name)(value(inner))
        raise ValueError(
            f"{ast.unparse(node)!r} is no formula of x, y, numbers, + - * / ** "
            f"and {', '.join(FUNCTIONS)}"
        )

    try:
        return value(ast.parse(formula, mode="eval").body)
    except SyntaxError as problem:
        raise ValueError(f"{formula!r} is no formula: {problem.msg}") from None


def descent(
    lib: Any,
    formula: str,
    start: Sequence[float],
    optimizer: Callable[[list], Any],
    steps: int,
) -> list[list[float]]:
    """The points of a run, the start included, by `lib`'s own gradients and optimizer.

    A run ends early where a number is no longer finite.
    """
    x, y = (lib.tensor(float(v), dtype=lib.float64, requires_grad=True) for v in start)
    stepping = optimizer([x, y])
    points = [[float(v) for v in start]]
    for _ in range(steps):
        stepping.zero_grad()
        height(lib, formula, x, y).backward()
        stepping.step()
        point = [x.item(), y.item()]
        if not all(abs(v) < 1e100 for v in point):
            break
        points.append(point)
    return points


def optimizers(lib: Any, lr: float, momentum: float) -> dict[str, Callable[[list], Any]]:
    """The optimizers of the figures by name, each made from a list of parameters."""
    optim = lib.optim
    return {
        "SGD": lambda p: optim.SGD(p, lr=lr),
        "momentum": lambda p: optim.SGD(p, lr=lr, momentum=momentum),
        "Nesterov": lambda p: optim.SGD(p, lr=lr, momentum=momentum, nesterov=momentum > 0),
        "RMSprop": lambda p: optim.RMSprop(p, lr=lr),
        "Adam": lambda p: optim.Adam(p, lr=lr),
        "AdamW": lambda p: optim.AdamW(p, lr=lr),
    }
