"""Lab 1: the dtype of a result.

A dtype has `category` (`BOOL < INTEGER < FLOAT`), `itemsize` in bytes and `is_signed`.
"""

from dltk.core.dtypes import FLOAT, DType, get_default_dtype, int16, int32, int64

NUMBER, ZERO_DIM, DIMENSIONED = 0, 1, 2
NEXT_SIGNED = {1: int16, 2: int32, 4: int64, 8: int64}


def promote_types(a: DType, b: DType) -> DType:
    """The smallest dtype that holds values of both, as torch chooses it.

    The higher category wins; within one, the larger item. Two integers of one size and different
    sign need the next signed size, which `NEXT_SIGNED` gives for each `itemsize`; a larger
    unsigned integer with a smaller signed one would too.
    """
    # BEGIN SOLUTION lab1.promotion
    if a.category != b.category:
        return max(a, b, key=lambda dtype: dtype.category)
    large, small = (a, b) if a.itemsize >= b.itemsize else (b, a)
    if a.is_signed != b.is_signed and (large.itemsize == small.itemsize or not large.is_signed):
        return NEXT_SIGNED[large.itemsize]
    return large
    # END SOLUTION


def result_type(operands: list[tuple[DType, int]]) -> DType | None:
    """The dtype of an operation on `operands`, each a dtype and a rank.

    The rank says how much an operand counts: `DIMENSIONED` tensors before `ZERO_DIM` tensors before
    Python `NUMBER`s. A lower rank counts only where its category is higher than that of all
    ranks above it. A float number where nothing else is a float gives the default dtype.
    """
    # BEGIN SOLUTION lab1.promotion
    result = None
    for rank in (DIMENSIONED, ZERO_DIM, NUMBER):
        dtypes = [dtype for dtype, each in operands if each == rank]
        if not dtypes:
            continue
        candidate = dtypes[0]
        for dtype in dtypes[1:]:
            candidate = promote_types(candidate, dtype)
        if rank == NUMBER and candidate.category == FLOAT:
            candidate = get_default_dtype()
        if result is None or candidate.category > result.category:
            result = candidate
    return result
    # END SOLUTION
