"""The adjoint trace: what the backward pass sends, in the order in which it is sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dltk.trace.notation import UNWRITTEN, partial, product
from dltk.trace.rows import Step, number
from dltk.trace.run import Run, Source, as_array, as_tensors, observed
from dltk.trace.table import Shown, Table, adjoint_table


class AdjointTrace(Shown):
    """Steps of a backward pass, recorded by hooks on the nodes while the engine runs.

    Attributes:
        rows: the forward rows of the run.
        steps: one for each contribution, in execution order.
        adjoints: the adjoint of each row's name, for the names that got one.
    """

    def __init__(self, run: Run) -> None:
        self.rows = run.trace.rows
        self.steps: list[Step] = []
        self.adjoints: dict[str, np.ndarray] = {}
        self._rows = {row.name: row for row in self.rows}
        self._node_names = _names_of_nodes(run)

    def table(self) -> Table:
        return adjoint_table(self.steps)

    def arrive(self, name: str, source: str, rule: str, numbers: str, gradient: Any) -> None:
        """Add a contribution to the adjoint of `name`."""
        contribution = as_array(gradient)
        before = self.adjoints.get(name)
        adjoint = contribution if before is None else before + contribution
        self.adjoints[name] = adjoint
        self.steps.append(Step(name, source, rule, numbers, contribution, adjoint))

    def watch(self, root: Any) -> list[Any]:
        """Hook every node that `root` reaches; the handles take the hooks back."""
        nodes = [node for node in reachable(root) if node.next_functions]
        return [node.register_hook(self._hook(node)) for node in nodes]

    def _hook(self, node: Any) -> Callable:
        # Without a reference to the node, which would keep the graph alive in a cycle.
        source = self._node_names(node)
        targets = [
            None if following is None else self._node_names(following)
            for following, _ in node.next_functions
        ]

        def hook(grad_inputs: Sequence[Any], grad_outputs: Sequence[Any]) -> None:
            seen: dict[str, int] = {}
            for target, gradient in zip(targets, grad_inputs, strict=False):
                if target is None or gradient is None:
                    continue
                rule, numbers = self._rule(source, target, seen.get(target, 0))
                seen[target] = seen.get(target, 0) + 1
                self.arrive(target, source, rule, numbers, gradient)

        return hook

    def _rule(self, source: str, target: str, occurrence: int) -> tuple[str, str]:
        """How `source` contributes to `target`, in names and in numbers."""
        row = self._rows.get(source)
        positions = [] if row is None else _positions(row.operands, target)
        if row is None or occurrence >= len(positions):
            return f"bar {source} * {UNWRITTEN}{source}/{UNWRITTEN}{target}", ""
        position = positions[occurrence]
        rule = product(f"bar {source}", partial(row.operation, position, row.operands, source))
        involved = [row, *(self._rows[name] for name in row.operands if name in self._rows)]
        if source not in self.adjoints or any(each.value.ndim for each in involved):
            return rule, ""
        values = [
            number(self._rows[name].value) if name in self._rows else name for name in row.operands
        ]
        local = partial(row.operation, position, values, number(row.value))
        if UNWRITTEN in local:
            return rule, ""
        return rule, product(number(self.adjoints[source]), local)


def _positions(operands: Sequence[str], target: str) -> list[int]:
    return [position for position, name in enumerate(operands) if name == target]


def _names_of_nodes(run: Run) -> Callable[[Any], str]:
    """The name of what a node computed: a row's, an input's, or the node's own."""
    known = {}
    for tensor in run.trace.names.tensors():
        node = tensor.grad_fn
        if node is not None:
            known[node] = run.trace.names[tensor]
    leaves = {id(tensor): run.trace.names[tensor] for tensor in run.inputs}

    def name_of(node: Any) -> str:
        variable = getattr(node, "variable", None)
        if variable is not None and id(variable) in leaves:
            return leaves[id(variable)]
        return known.get(node) or node.name()

    return name_of


def reachable(root: Any) -> list[Any]:
    """The nodes of the graph behind `root`, each once."""
    found: dict[Any, None] = {}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node is None or node in found:
            continue
        found[node] = None
        waiting.extend(following for following, _ in node.next_functions)
    return list(found)


def reverse(
    source: Source,
    function: Callable,
    primals: Sequence[Any],
    cotangent: Any = None,
    names: Sequence[str] | None = None,
) -> AdjointTrace:
    """Run `function` forward, then backward from `cotangent` (1 where there is none)."""
    lib = source.lib
    run = observed(source, function, as_tensors(lib, primals), None, names, requires_grad=True)
    result = run.result
    trace = AdjointTrace(run)
    seed = lib.ones_like(result) if cotangent is None else as_tensors(lib, [cotangent])[0]
    name = run.trace.names.get(result, "y")
    trace.arrive(name, "", "seed", "", seed)
    handles = trace.watch(result.grad_fn)
    lib.autograd.grad(result, run.inputs, grad_outputs=seed, allow_unused=True)
    for handle in handles:
        handle.remove()
    return trace
