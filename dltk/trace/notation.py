"""How operations are written: their expressions and the local derivatives of their results.

One table serves both modes. A tangent is a sum over operands of "tangent of the operand times local
derivative"; an adjoint is a sum over users of "adjoint of the user times local derivative".
In the templates `a` and `b` stand for the operands and `z` for the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# Begins a derivative that has a name only, because its formula would be too long to read.
UNWRITTEN = "\N{PARTIAL DIFFERENTIAL}"


@dataclass(frozen=True)
class Notation:
    """`expression`: the operation. `partials`: its derivative by each operand, None if too long."""

    expression: str
    partials: tuple[str | None, ...] = ()


NOTATIONS = {
    "neg": Notation("-{a}", ("-1",)),
    "add": Notation("{a} + {b}", ("1", "1")),
    "sub": Notation("{a} - {b}", ("1", "-1")),
    "mul": Notation("{a} * {b}", ("{b}", "{a}")),
    "div": Notation("{a} / {b}", ("1 / {b}", "(-{z} / {b})")),
    "log": Notation("ln {a}", ("1 / {a}",)),
    "exp": Notation("exp {a}", ("{z}",)),
    "sin": Notation("sin {a}", ("cos {a}",)),
    "cos": Notation("cos {a}", ("(-sin {a})",)),
    "tanh": Notation("tanh {a}", ("(1 - {z}^2)",)),
    "sqrt": Notation("sqrt {a}", ("1 / (2 * {z})",)),
    "pow": Notation("{a}^{b}", ("{b} * {a}^({b} - 1)", "{z} * ln {a}")),
    "relu": Notation("relu {a}", ("[{a} > 0]",)),
    "abs": Notation("|{a}|", ("sign {a}",)),
    "matmul": Notation("{a} @ {b}"),
    "mm": Notation("{a} @ {b}"),
    "mv": Notation("{a} @ {b}"),
    "dot": Notation("{a} @ {b}"),
}


def expression(operation: str, operands: Sequence[str]) -> str:
    """The operation written with the names of its operands: `v-1 * v0`, `ln v-1`, `sum(v3)`."""
    notation = NOTATIONS.get(operation)
    if notation is None or len(operands) != _arity(notation):
        return f"{operation}({', '.join(operands)})"
    return notation.expression.format(**_operand_names(operands))


def symbol(operation: str) -> str:
    """What stands in the operation's box of a drawing: `+`, `ln`, `sum`."""
    notation = NOTATIONS.get(operation)
    if notation is None:
        return operation
    return notation.expression.format(a="", b="").strip(" |") or "abs"


def partial(operation: str, position: int, operands: Sequence[str], result: str) -> str:
    """The derivative of the result by the operand at `position`."""
    notation = NOTATIONS.get(operation)
    template = None
    if notation is not None and len(operands) == len(notation.partials):
        template = notation.partials[position]
    if template is None:
        return f"{UNWRITTEN}{result}/{UNWRITTEN}{operands[position]}"
    return template.format(z=result, **_operand_names(operands))


def product(factor: str, local: str) -> str:
    """A tangent or an adjoint times a local derivative, as one writes it by hand."""
    if local == "1":
        return factor
    if local == "-1":
        return f"-{factor}"
    if local.startswith("1 / "):
        return f"{factor} / {local.removeprefix('1 / ')}"
    return f"{factor} * {local}"


def total(terms: Sequence[str]) -> str:
    """The terms joined by plus signs, or by the minus sign that a term brings."""
    text = terms[0] if terms else "0"
    for term in terms[1:]:
        text += f" - {term[1:]}" if term.startswith("-") else f" + {term}"
    return text


def _arity(notation: Notation) -> int:
    return 2 if "{b}" in notation.expression else 1


def _operand_names(operands: Sequence[str]) -> dict[str, str]:
    return dict(zip("ab", operands, strict=False))
