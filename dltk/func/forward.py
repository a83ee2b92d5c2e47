"""Lab 2: derivatives of whole functions in forward mode."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dltk.autograd.forward_ad import dual_level, make_dual, unpack_dual
from dltk.core.tensor import Tensor


def jvp(func: Callable, primals: tuple, tangents: tuple) -> tuple[Any, Any]:
    """The value of `func` at `primals`, and its derivative in the direction of `tangents`.

    Both have the structure of what `func` returns: a tensor or a tuple. As `torch.func.jvp`.

    Raises:
        RuntimeError: a tangent has another shape than its primal, or their counts differ.
    """
    if len(primals) != len(tangents):
        raise RuntimeError(
            f"jvp: expected {len(primals)} tangents, one for each primal, got {len(tangents)}"
        )
    with dual_level():
        duals = [make_dual(x, t) for x, t in zip(primals, tangents, strict=True)]
        result = func(*duals)
        outputs = result if isinstance(result, tuple) else (result,)
        pairs = [unpack_dual(each) for each in outputs]
    values = tuple(pair.primal for pair in pairs)
    derivatives = tuple(
        pair.primal.new_zeros(pair.primal.shape) if pair.tangent is None else pair.tangent
        for pair in pairs
    )
    return (values, derivatives) if isinstance(result, tuple) else (values[0], derivatives[0])


def jacfwd(func: Callable, argnums: int = 0) -> Callable:
    """A function that gives the Jacobian of `func`, one basis direction a pass.

    The Jacobian has the output's dimensions first, then those of argument `argnums`. As
    `torch.func.jacfwd`.
    """

    def jacobian(*args: Any) -> Tensor:
        x = args[argnums]
        columns = []
        for number in range(x.numel()):
            direction = x.new_zeros(x.numel())
            direction[number] = 1

            def partial(value: Tensor) -> Tensor:
                return func(*args[:argnums], value, *args[argnums + 1 :])

            columns.append(jvp(partial, (x,), (direction.reshape(x.shape),))[1])
        from dltk.ops.join import stack

        stacked = stack(columns, -1)
        return stacked.reshape(*stacked.shape[:-1], *x.shape)

    return jacobian
