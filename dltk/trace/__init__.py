"""Evaluation traces: what a run computes, line by line, in both modes; and drawings of its graph.

    def f(x1, x2):
        return dltk.log(x1) + x1 * x2 - dltk.sin(x2)

    dltk.trace.forward_trace(f, (2.0, 5.0), (1.0, 0.0))
    dltk.trace.reverse_trace(f, (2.0, 5.0))

As `torch.trace` does, `dltk.trace(matrix)` sums a matrix's diagonal: the module can be called.
"""

import sys
from types import ModuleType

from dltk.trace.adjoint import AdjointTrace, reverse
from dltk.trace.drawing import Drawing, draw
from dltk.trace.evaluation import EvaluationTrace, evaluate
from dltk.trace.rows import Row, Step
from dltk.trace.run import Source
from dltk.trace.table import Table

__all__ = [
    "AdjointTrace",
    "Drawing",
    "EvaluationTrace",
    "Row",
    "Source",
    "Step",
    "Table",
    "draw",
    "forward_trace",
    "reverse_trace",
]


def forward_trace(function, primals, tangents=None, names=None) -> EvaluationTrace:
    """The rows (node, expression, value, tangent) of `function` at `primals`.

    Args:
        function: takes the primals as tensors and returns one tensor.
        primals: tensors or numbers; numbers become float64.
        tangents: the direction, as many as primals and of their shapes; None records values alone.
        names: of the inputs; `x1`, `x2` … where there are none.
    """
    return evaluate(_dltk(), function, primals, tangents, names)


def reverse_trace(function, primals, cotangent=None, names=None) -> AdjointTrace:
    """What the backward pass of `function` at `primals` sends to whom, in execution order.

    Args:
        function, primals, names: as for `forward_trace`.
        cotangent: the adjoint of the result; ones where there is none.
    """
    return reverse(_dltk(), function, primals, cotangent, names)


def _dltk() -> Source:
    import dltk
    from dltk.trace.observe import observe

    return Source(dltk, observe)


class _CallableModule(ModuleType):
    def __call__(self, input):
        """The sum of the diagonal of a matrix; `RuntimeError` for other numbers of dimensions."""
        return input.trace()


sys.modules[__name__].__class__ = _CallableModule
