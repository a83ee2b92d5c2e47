"""The operations that have derivative rules; everything else is built from them."""

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
        code = function.__code__
        self.needs = code.co_varnames[2 : code.co_argcount]


class Kept(list):
    """A param into which a kernel puts what it found on the way and the rules use again.

    The node lets go of it together with what it saved.
    """


class Primitive:
    """An operation on raw arrays, and the rules that differentiate it.

    Attributes:
        operands: names of its tensor operands, as rules call them.
        params: names of its other arguments.
        kernel: `kernel(ops, *raws, *params)` gives the raw result.
        node: torch's name of the graph node, or a function of the params that gives it.
        vjps, jvps: a `Rule` for each operand, filled in by `dltk.autograd.tables`.
        plans: a `Plan` for each set of operands that get adjoints.
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
        self.plans = Plans(self)
        REGISTRY[name] = self

    def __repr__(self) -> str:
        return f"Primitive({self.name})"

    def node_name(self, params: tuple) -> str:
        return self.node if isinstance(self.node, str) else self.node(*params)

    def arguments(self, rule: Rule, values: dict[str, Any], params: tuple) -> list:
        """What `rule` needs, out of `values` by name and the operation's own arguments."""
        return [
            values[name] if name in values else params[self.params.index(name)]
            for name in rule.needs
        ]


class Plans(dict):
    """For the operands in the bits of a number, what a node does if these get adjoints."""

    def __init__(self, primitive: Primitive):
        self.primitive = primitive

    def __missing__(self, needed: int) -> "Plan":
        plan = self[needed] = Plan(self.primitive, needed)
        return plan


class Plan:
    """What a node does when some of its operands get adjoints; found once, used at every node.

    A rule's arguments are looked up in one row: the saved tensors, the operands' shapes, the
    params.

    Attributes:
        saved: the names of the saved operands, and `z` last if the result is saved.
        operands: which operands these are.
        saves_result: whether the result is saved.
        shapes: which operands' shapes the rules ask for.
        calls: for each operand its rule's function and the places of its arguments, or `None`.
        no_row: whether the rules ask for nothing at all.
    """

    __slots__ = ("calls", "no_row", "operands", "saved", "saves_result", "shapes")

    def __init__(self, primitive: Primitive, needed: int):
        wanted = [rule if needed >> i & 1 else None for i, rule in enumerate(primitive.vjps)]
        names = {name for rule in wanted if rule is not None for name in rule.needs}
        self.operands = tuple(i for i, name in enumerate(primitive.operands) if name in names)
        self.saves_result = "z" in names
        self.saved = tuple(primitive.operands[i] for i in self.operands)
        self.saved += ("z",) if self.saves_result else ()
        self.shapes = tuple(
            i for i, name in enumerate(primitive.operands) if f"{name}_shape" in names
        )
        row = [
            *self.saved,
            *[f"{primitive.operands[i]}_shape" for i in self.shapes],
            *primitive.params,
        ]
        self.calls = tuple(
            None if rule is None else (rule.function, tuple(row.index(n) for n in rule.needs))
            for rule in wanted
        )
        self.no_row = not names


REGISTRY: dict[str, Primitive] = {}
