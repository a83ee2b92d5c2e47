"""Forward mode for functions of trees: `dltk.func.jvp` and `jacfwd`, on top of lab 2's."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from dltk.autograd.forward_ad import unpack_dual
from dltk.core.tensor import Tensor
from dltk.func import forward
from dltk.func.arguments import Argnums, chosen, outputs_of, replaced, tensors, with_aux
from dltk.func.trees import filled, leaves, same_structure


class _Flat:
    """A function of trees as a function of their leaves, which returns a tuple of leaves."""

    def __init__(self, func: Callable, has_aux: bool):
        self.func, self.has_aux = func, has_aux
        self.result: Any = None
        self.aux: Any = None

    def __call__(self, args: Any) -> tuple[Tensor, ...]:
        self.result, aux = with_aux(self.func(*args), self.has_aux)
        self.aux = filled(aux, [_primal(each) for each in leaves(aux)])
        return tuple(outputs_of(self.result))


def _primal(value: Any) -> Any:
    return unpack_dual(value).primal if isinstance(value, Tensor) else value


def jvp(
    func: Callable, primals: tuple, tangents: tuple, *, strict: bool = False, has_aux: bool = False
) -> tuple:
    """The value of `func` at `primals`, and its derivative in the direction of `tangents`.

    The primals, and what `func` returns, may be trees of tensors. As `torch.func.jvp`; with
    `has_aux`, `func` returns a pair, of which the second part comes third.

    Raises:
        RuntimeError: `primals` is no tuple, or `tangents` differ from it in structure or shape.
    """
    if not isinstance(primals, tuple):
        raise RuntimeError(
            "jvp(f, primals, tangents): Expected primals to be a tuple. "
            "E.g. it should be valid to call f(*primals)."
        )
    if strict:
        raise NotImplementedError("jvp with strict=True is not in dltk's scope")
    if not same_structure(primals, tangents):
        raise RuntimeError(
            "jvp(f, primals, tangents): Expected primals and tangents to have the same python "
            f"structure, got {len(primals)} primals and tangents {type(tangents).__name__}"
        )
    flat = _Flat(func, has_aux)
    values, derivatives = forward.jvp(
        lambda *each: flat(filled(primals, each)),
        tuple(tensors(primals)),
        tuple(tensors(tangents)),
    )
    results = filled(flat.result, values), filled(flat.result, derivatives)
    return (*results, flat.aux) if has_aux else results


def jacfwd(
    func: Callable,
    argnums: Argnums = 0,
    has_aux: bool = False,
    *,
    chunk_size: int | None = None,
    randomness: str = "error",
) -> Callable:
    """A function that gives the Jacobian of `func`, one basis direction a pass.

    The Jacobian has the output's dimensions first, then those of argument `argnums`; for trees it
    is a tree like the output, of trees like the argument. As `torch.func.jacfwd`; `chunk_size` and
    `randomness`, which are about vectorizing, are accepted and have no effect.
    """

    def jacobian(*args: Any) -> Any:
        inputs = chosen(argnums, args)
        flat = _Flat(func, has_aux)

        xs = tensors(inputs)

        def moved(number: int, value: Tensor) -> tuple[Tensor]:
            values = [*xs[:number], value, *xs[number + 1 :]]
            outputs = flat(replaced(argnums, args, filled(inputs, values)))
            return (outputs[0] if len(outputs) == 1 else _one_vector(outputs),)

        columns = [
            forward.jacobian(functools.partial(moved, number), x) for number, x in enumerate(xs)
        ]
        outputs = leaves(flat.result)
        parts = columns if len(outputs) == 1 else _parted(columns, xs, outputs)
        blocks = [
            filled(inputs, parts[first : first + len(xs)])
            for first in range(0, len(parts), len(xs))
        ]
        found = filled(flat.result, blocks)
        return (found, flat.aux) if has_aux else found

    return jacobian


def _one_vector(outputs: tuple[Tensor, ...]) -> Tensor:
    from dltk.ops.join import cat

    return cat([each.reshape(-1) for each in outputs])


def _parted(columns: list, xs: list[Tensor], outputs: list[Tensor]) -> list[Tensor]:
    """The derivative of each output with respect to each input, output by output."""
    parts: list[Tensor] = []
    start = 0
    for output in outputs:
        end = start + output.numel()
        for x, column in zip(xs, columns, strict=True):
            parts.append(column[start:end].reshape(*output.shape, *x.shape).to(output.dtype))
        start = end
    return parts
