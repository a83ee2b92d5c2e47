"""Both tables of rules, put together and given to the primitives they belong to."""

from __future__ import annotations

from types import ModuleType

from dltk.autograd import jvp_rules, vjp_rules
from dltk.autograd.array_jvps import ARRAY_JVPS
from dltk.autograd.array_vjps import ARRAY_VJPS
from dltk.autograd.elementwise import ELEMENTWISE
from dltk.autograd.given_jvps import JVPS
from dltk.autograd.given_vjps import VJPS
from dltk.autograd.matrix_jvps import MATRIX_JVPS
from dltk.autograd.matrix_vjps import MATRIX_VJPS
from dltk.core.primitive import REGISTRY, Primitive, Rule


def bind() -> None:
    """Give every primitive its rules; one without is an error."""
    vjps, jvps = (
        VJPS | ARRAY_VJPS | MATRIX_VJPS | ELEMENTWISE,
        JVPS | ARRAY_JVPS | MATRIX_JVPS | ELEMENTWISE,
    )
    for primitive in REGISTRY.values():
        primitive.vjps = _rules(primitive, vjp_rules, vjps)
        primitive.jvps = _rules(primitive, jvp_rules, jvps)


def _rules(primitive: Primitive, written: ModuleType, given: dict[str, tuple]) -> tuple[Rule, ...]:
    name = "pow" if primitive.name == "pow_number" else primitive.name
    functions = given.get(name)
    if functions is None:
        functions = tuple(getattr(written, f"{name}_{operand}") for operand in primitive.operands)
    return tuple(Rule(function) for function in functions)
