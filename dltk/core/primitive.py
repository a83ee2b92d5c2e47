"""The operations that have derivative rules; everything else is built from them."""

import inspect
from collections.abc import Callable
from typing import Any


class Rule:
    """A derivative rule for one operand and, from its parameter names, what it needs.

    The first two parameters are `ops` and the incoming adjoint or tangent. The others name an
    operand, the result `z`, the shape of an operand (`x_shape`), or an argument of the operation.
    """

    __slots__ = ("function", "needs")

    def __init__(self, function: Callable):
        self.function = function
        self.needs = tuple(inspect.signature(function).parameters)[2:]


class Primitive:
    """An operation on raw arrays, and the rules that differentiate it.

    Attributes:
        operands: names of its tensor operands, as rules call them.
        params: names of its other arguments.
        kernel: `kernel(ops, *raws, *params)` gives the raw result.
        node: torch's name of the graph node, or a function of the params that gives it.
        vjps, jvps: a `Rule` for each operand, filled in by `dltk.autograd.tables`.
    """

    def __init__(
        self,
        name: str,
        operands: str,
        kernel: Callable,
        node: str | Callable[..., str],
        params: str = "",
    ):
        self.name = name
        self.operands = tuple(operands.split())
        self.params = tuple(params.split())
        self.kernel = kernel
        self.node = node
        self.vjps: tuple[Rule, ...] = ()
        self.jvps: tuple[Rule, ...] = ()
        self._plans: dict[tuple[bool, ...], tuple[tuple[int, ...], bool]] = {}
        REGISTRY[name] = self

    def __repr__(self) -> str:
        return f"Primitive({self.name})"

    def node_name(self, params: tuple) -> str:
        return self.node if isinstance(self.node, str) else self.node(*params)

    def plan(self, needed: tuple[bool, ...]) -> tuple[tuple[int, ...], bool]:
        """Which operands a node saves, and if the result, where `needed` ones get adjoints."""
        plan = self._plans.get(needed)
        if plan is None:
            names = {
                name
                for rule, wanted in zip(self.vjps, needed, strict=True)
                if wanted
                for name in rule.needs
            }
            saved = tuple(i for i, name in enumerate(self.operands) if name in names)
            plan = self._plans[needed] = (saved, "z" in names)
        return plan

    def arguments(self, rule: Rule, values: dict[str, Any], params: tuple) -> list:
        """What `rule` needs, out of `values` by name and the operation's own arguments."""
        return [
            values[name] if name in values else params[self.params.index(name)]
            for name in rule.needs
        ]


REGISTRY: dict[str, Primitive] = {}
