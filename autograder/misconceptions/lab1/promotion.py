"""Known-wrong and other right solutions of `lab1.promotion`."""

from autograder.misconceptions.spec import right, wrong


@wrong("lab1.promotion", blank="promote_types")
def the_rule_of_numpy(a, b):
    """dtypes promote as in NumPy, where int32 with float32 needs float64 to hold every value."""
    from dltk.core.dtypes import float32, float64

    if a.category != b.category:
        large, small = (a, b) if a.category > b.category else (b, a)
        if large.category < 2 or small.category == 0:
            return large
        if small.itemsize >= 4:
            return float64
        if small.itemsize == 2 and large.itemsize == 2:
            return float32
        return large
    large, small = (a, b) if a.itemsize >= b.itemsize else (b, a)
    if a.is_signed != b.is_signed and (large.itemsize == small.itemsize or not large.is_signed):
        return NEXT_SIGNED[large.itemsize]
    return large


@wrong("lab1.promotion", blank="promote_types")
def the_larger_item_wins(a, b):
    """the larger item wins, whatever the category: int64 with float16 stays int64."""
    if a.itemsize == b.itemsize:
        return a if (a.category, a.is_signed) >= (b.category, b.is_signed) else b
    return a if a.itemsize > b.itemsize else b


@wrong("lab1.promotion", blank="promote_types")
def the_sign_is_not_looked_at(a, b):
    """the sign is not looked at: uint8 with int8 is the first of the two."""
    if a.category != b.category:
        return a if a.category > b.category else b
    return a if a.itemsize >= b.itemsize else b


@wrong("lab1.promotion", blank="result_type")
def a_python_float_is_a_float64(operands):
    """a Python float makes the result float64 wherever it brings in the category."""
    from dltk.core.dtypes import float64

    result = None
    for rank in (DIMENSIONED, ZERO_DIM, NUMBER):
        dtypes = [dtype for dtype, each in operands if each == rank]
        if not dtypes:
            continue
        candidate = dtypes[0]
        for dtype in dtypes[1:]:
            candidate = promote_types(candidate, dtype)
        if rank == NUMBER and candidate.category == FLOAT:
            candidate = float64
        if result is None or candidate.category > result.category:
            result = candidate
    return result


@wrong("lab1.promotion", blank="result_type")
def a_python_float_always_widens(operands):
    """a Python float counts as a float64 tensor and an int as an int64 tensor."""
    result = operands[0][0]
    for dtype, _ in operands[1:]:
        result = promote_types(result, dtype)
    return result


@wrong("lab1.promotion", blank="result_type")
def without_dimensions_counts_like_any_other(operands):
    """a 0-d tensor counts like any other tensor."""
    result = None
    for ranks in ((DIMENSIONED, ZERO_DIM), (NUMBER,)):
        dtypes = [dtype for dtype, each in operands if each in ranks]
        if not dtypes:
            continue
        candidate = dtypes[0]
        for dtype in dtypes[1:]:
            candidate = promote_types(candidate, dtype)
        if ranks == (NUMBER,) and candidate.category == FLOAT:
            candidate = get_default_dtype()
        if result is None or candidate.category > result.category:
            result = candidate
    return result


@wrong("lab1.promotion", blank="result_type")
def without_dimensions_counts_as_a_number(operands):
    """a 0-d tensor brings in the default dtype, as a Python number does, and not its own."""
    from dltk.core.dtypes import INTEGER, int64

    result = None
    for numbers in (False, True):
        dtypes = [dtype for dtype, each in operands if (each < DIMENSIONED) == numbers]
        if not dtypes:
            continue
        candidate = dtypes[0]
        for dtype in dtypes[1:]:
            candidate = promote_types(candidate, dtype)
        if numbers and candidate.category == FLOAT:
            candidate = get_default_dtype()
        elif numbers and candidate.category == INTEGER:
            candidate = int64
        if result is None or candidate.category > result.category:
            result = candidate
    return result


@wrong("lab1.promotion", blank="result_type")
def numbers_never_count(operands):
    """a Python number has no say at all: an int8 tensor with 1.5 stays int8."""
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
        if result is None or (rank != NUMBER and candidate.category > result.category):
            result = candidate
    return result


@wrong("lab1.promotion", blank="result_type")
def the_default_dtype_is_float32(operands):
    """a Python float gives float32 even when another default dtype is set."""
    from dltk.core.dtypes import float32

    result = None
    for rank in (DIMENSIONED, ZERO_DIM, NUMBER):
        dtypes = [dtype for dtype, each in operands if each == rank]
        if not dtypes:
            continue
        candidate = dtypes[0]
        for dtype in dtypes[1:]:
            candidate = promote_types(candidate, dtype)
        if rank == NUMBER and candidate.category == FLOAT:
            candidate = float32
        if result is None or candidate.category > result.category:
            result = candidate
    return result


def _by_rank_and_category(operands):
    best_category = max(dtype.category for dtype, _ in operands)
    rank = max(rank for dtype, rank in operands if dtype.category == best_category)
    if rank == NUMBER and best_category == FLOAT:
        return get_default_dtype()
    result = None
    for dtype, each in operands:
        if each == rank and dtype.category == best_category:
            result = dtype if result is None else promote_types(result, dtype)
    return result


@right("lab1.promotion", blank="promote_types", also={"result_type": _by_rank_and_category})
def the_highest_category_first(a, b):
    """only the operands of the highest category can decide, and of these only the highest rank."""
    if a is b:
        return a
    if a.category != b.category:
        return a if a.category > b.category else b
    if a.itemsize == b.itemsize:
        return NEXT_SIGNED[a.itemsize]
    large = a if a.itemsize > b.itemsize else b
    small = b if large is a else a
    return NEXT_SIGNED[large.itemsize] if small.is_signed and not large.is_signed else large
