"""Checks of `lab1.strides`: the row-major strides of a shape."""

from autograder.checks.draws import integers, normal, sizes
from autograder.checks.spec import check


@check("lab1.strides", x=normal(6, 6), shape=sizes(2, 2, 6))
def a_matrix_steps_over_one_row_to_reach_the_next(lib, x, shape):
    """In a matrix, a column lies 1 element away and a row as many elements as it has columns."""
    rows, columns = shape
    x = lib.tensor(x[:rows, :columns])
    return {"stride": x.stride(), "stride(0)": x.stride(0), "values": x}


@check("lab1.strides", x=normal(5, 5, 5), shape=sizes(3, 2, 5))
def a_stack_of_matrices_steps_over_a_whole_matrix(lib, x, shape):
    """In three dimensions the first stride is the product of the two sizes behind it."""
    a, b, c = shape
    x = lib.tensor(x[:a, :b, :c])
    return {"stride": x.stride(), "values": x}


@check("lab1.strides", x=normal(3, 3, 3, 3, 3), shape=sizes(5, 2, 3))
def five_dimensions_follow_the_same_rule(lib, x, shape):
    """Four and five dimensions have strides too, each the product of all sizes behind it."""
    a, b, c, d, e = shape
    five, four = lib.tensor(x[:a, :b, :c, :d, :e]), lib.tensor(x[:a, :b, :c, :d, 0])
    return {
        "five dimensions": five.stride(),
        "four dimensions": four.stride(),
        "values": five,
        "values of four": four,
    }


@check("lab1.strides", x=normal(5, 5, 5), shape=sizes(3, 2, 5))
def the_strides_say_where_an_element_lies(lib, x, shape):
    """Element [i, j, k] lies i*stride[0] + j*stride[1] + k*stride[2] elements after the first."""
    a, b, c = shape
    x = lib.tensor(x[:a, :b, :c])
    line = lib.as_strided(x, (a * b * c,), (1,)).numpy()
    step = x.stride()
    i, j, k = a - 1, 1, c - 1
    return {"found": line[[i * step[0] + j * step[1] + k * step[2], step[0], step[1], step[2]]]}


@check("lab1.strides", x=normal(5, 4), shape=sizes(2, 2, 4))
def sizes_zero_and_one_and_no_dimension_at_all(lib, x, shape):
    """A size 1 or 0 still has a stride, a size 0 counts as 1, and a number has no strides."""
    rows, columns = shape
    return {
        "0-d": lib.empty(()).stride(),
        "(0,)": lib.empty((0,)).stride(),
        "(1,)": lib.empty((1,)).stride(),
        "zero in the middle": lib.empty((rows, 0, columns)).stride(),
        "zeros in front and behind": lib.empty((0, columns, rows, 0)).stride(),
        "one in the middle": lib.empty((rows, 1, columns)).stride(),
        "ones around": lib.empty((1, rows, columns, 1)).stride(),
        "values": lib.tensor(x[:rows, :columns].reshape(1, rows, 1, columns)),
    }


@check("lab1.strides", x=integers(-100, 100, 4, 5), shape=sizes(2, 2, 4))
def strides_count_elements_and_not_bytes(lib, x, shape):
    """Strides are the same for elements of 1, 2, 4 and 8 bytes."""
    rows, columns = shape
    result = {}
    for dtype in ("int8", "int16", "float32", "int64"):
        y = lib.tensor(x[:rows, :columns], dtype=getattr(lib, dtype))
        result[dtype] = [y.stride(), y.element_size(), y]
    return result


@check("lab1.strides", memory=normal(144), shape=sizes(2, 2, 12))
def contiguous_walks_the_rows_one_after_the_other(lib, memory, shape):
    """`contiguous()` lays a column-major matrix out row by row, and `is_contiguous` sees it."""
    rows, columns = shape
    by_columns = lib.as_strided(lib.tensor(memory), (rows, columns), (1, rows))
    by_rows = by_columns.contiguous()
    return {
        "before": [by_columns.is_contiguous(), by_columns.stride()],
        "after": [by_rows.is_contiguous(), by_rows.stride()],
        "values": by_rows,
    }
