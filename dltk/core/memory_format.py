"""Which strides torch gives to the result of a pointwise operation.

A result of row-major operands is row-major. Otherwise the dimensions of the result are ordered in
memory as in the operands, the first operand having the first say (`TensorIterator` in ATen).
"""

from collections.abc import Sequence


def pointwise_strides(
    shape: tuple[int, ...], operand_strides: Sequence[tuple[int, ...]]
) -> tuple[int, ...]:
    """The strides of a result of `shape`; the operands' strides are those after broadcasting."""
    ndim = len(shape)
    fastest_first = list(range(ndim - 1, -1, -1))
    for i in range(1, ndim):
        position = i
        for j in range(i - 1, -1, -1):
            order = _order(fastest_first[j], fastest_first[position], shape, operand_strides)
            if order > 0:
                fastest_first[j], fastest_first[position] = (
                    fastest_first[position],
                    fastest_first[j],
                )
                position = j
            elif order < 0:
                break
    strides = [0] * ndim
    step = 1
    for dim in fastest_first:
        strides[dim] = step
        step *= max(shape[dim], 1)
    return tuple(strides)


def _order(
    inner: int, outer: int, shape: tuple[int, ...], operand_strides: Sequence[tuple[int, ...]]
) -> int:
    """1 where the dimensions should change places, -1 where they are in order, 0 where unclear."""
    for strides in operand_strides:
        a, b = strides[inner], strides[outer]
        if a == 0 or b == 0:
            continue
        if a != b:
            return -1 if a < b else 1
        if shape[inner] > shape[outer]:
            return 1
    return 0
