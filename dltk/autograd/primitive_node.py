"""The node of an operation that has rules: what it saves, and how it sends gradients on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dltk.autograd import leaves
from dltk.autograd.graph import Edge, Node, edge_of, sequence
from dltk.core import tensor as core
from dltk.core.primitive import Kept, Plan, Primitive

if TYPE_CHECKING:
    from dltk.core.tensor import Tensor


class PrimitiveNode(Node):
    """The node of an operation that has rules.

    `saved` holds a tensor for each name of `plan.saved`, and `versions` their versions, or `None`
    as long as all are 0; `watched`, tensors that the params were made of, with their versions;
    `origins`, for each operand, its shape and dtype, or `None` where the
    result has the same and nobody asks.
    """

    plan: Plan
    params: tuple = ()
    label: str | None = None  # the name of what this node is the last of
    saved: Sequence[Tensor] = ()
    versions: list[int] | None = None
    watched: Sequence[tuple[Tensor, int]] = ()
    origins: tuple | None = None

    def __init__(
        self, primitive: Primitive, inputs: tuple[Tensor, ...], params: tuple, result: Tensor
    ):
        edges: list[Edge] = []
        needed, bit = 0, 1
        for each in inputs:
            # The property is asked only for views: it is several times slower than the attribute.
            if each._requires_grad if each._view is None else each.requires_grad:
                node = each._node
                edges.append(edge_of(each) if node is None else (node, each._slot))
                needed |= bit
            else:
                edges.append(None)
            bit += bit
        self.edges = edges
        self.sequence = next(sequence)
        self.primitive = primitive
        self.plan = plan = primitive.plans[needed]
        if params:
            self.params = params
        if plan.saved:
            self.saved = saved = []
            written = False
            for i in plan.operands:
                each = inputs[i]
                saved.append(each)
                written = written or each._storage is not None
            if plan.saves_result:
                # An alias, which does not refer to this node: no cycle keeps the graph alive.
                saved.append(core.twin(result))
                written = written or result._version > 0
            if written:
                self.versions = [each._version for each in saved]

    def keep_origins(self, inputs: tuple[Tensor, ...], result: Tensor) -> None:
        """Note the operands' shapes and dtypes if one differs from the result's or may be asked."""
        shape, dtype = result._raw.shape, result.dtype
        for each in inputs:
            if self.params or each.dtype is not dtype or each._raw.shape != shape:
                self.origins = tuple([(each._raw.shape, each._raw.dtype) for each in inputs])
                return

    def resave_result(self, result: Tensor) -> None:
        """Keep `result`, which has the kept result's elements, in its place."""
        self.saved = [*self.saved[:-1], result]
        self.versions = self.versions or [0] * len(self.saved)
        self.versions[-1] = result._version

    def save_tangents(self, result: Tensor) -> None:
        """Let a result that was kept have the tangents it got since: a rule may ask for them."""
        if self.plan.saves_result:
            self.saved[-1]._tangents = result._tangents

    def name(self) -> str:
        return self.label or self.primitive.node_name(self.params)

    def free(self) -> None:
        if self.saved:
            self.saved = ()
            self.freed = True
            for each in self.params:
                if type(each) is Kept:
                    each.clear()
        if self.watched:
            self.watched = ()

    def row(self, run) -> list:
        """What the rules' arguments are looked up in: saved tensors, shapes, params."""
        if not self.saved and self.freed:
            leaves.check_alive(self)
        for tensor, version in self.watched:
            if tensor._version != version:
                self._refuse(tensor, version)
        row: list[Any] = []
        for tensor in self.saved:
            # Without a storage nobody wrote to it: most tensors never have one.
            if tensor._storage is not None:
                self._check_version(tensor, len(row))
            row.append(tensor._raw)
        if run.as_tensors:
            row = [*self.saved]
            if self.plan.saves_result:
                row[-1] = self._reconnected(row[-1])
        if self.plan.shapes and self.origins is not None:
            row.extend([self.origins[i][0] for i in self.plan.shapes])
        if self.primitive.params:
            row.extend(self.params)
        return row

    def _check_version(self, tensor: Tensor, place: int) -> None:
        version = 0 if self.versions is None else self.versions[place]
        if tensor._version != version:
            self._refuse(tensor, version)

    def _reconnected(self, result: Tensor) -> Tensor:
        """The kept result as what it was: the outcome of this node."""
        tensor = core.alias(result)
        tensor._node, tensor._requires_grad, tensor._tangents = self, True, result._tangents
        return tensor

    def _refuse(self, tensor: Tensor, version: int) -> None:
        raise RuntimeError(
            "one of the variables needed for gradient computation has been modified by an inplace "
            f"operation: [dltk.{tensor.dtype.name} {list(tensor.shape)}], saved by {self.name()}, "
            f"is at version {tensor._version}; expected version {version} instead. Hint: clone() "
            "the tensor before the in-place operation."
        )

    def pull(self, gradients: list, run) -> list:
        gradient, ops, plan = gradients[0], run.ops, self.plan
        row = () if plan.no_row else self.row(run)
        pulled: list = []
        for call in plan.calls:
            if call is None:
                pulled.append(None)
                continue
            rule, places = call
            # Most rules ask for one thing or none; a comprehension costs more than such a rule.
            if not places:
                pulled.append(rule(ops, gradient))
            elif len(places) == 1:
                pulled.append(rule(ops, gradient, row[places[0]]))
            else:
                pulled.append(rule(ops, gradient, *[row[place] for place in places]))
        if self.origins is None:
            return pulled
        return [run.fit(each, *o) for each, o in zip(pulled, self.origins, strict=True)]


def watch(result: Tensor, *read: Any) -> Tensor:
    """`result`, whose backward pass refuses if one of `read` was written to since.

    `read` are indices and masks: the operation's params hold what was made of them.
    """
    node = result._node
    if isinstance(node, PrimitiveNode):
        tensors = [each for each in read if isinstance(each, core.Tensor)]
        node.watched = [(each, each._version) for each in tensors]
    return result
