"""Checks of `lab1.view`: the same memory in a new shape, or a refusal.

The programs build transposed and sliced tensors with `as_strided`, so that a mistake in another
task of the lab costs nothing here.
"""

from autograder.checks.draws import integers, normal, sizes
from autograder.checks.spec import check


@check("lab1.view", x=normal(4, 6), rows=integers(2, 5))
def a_contiguous_tensor_takes_any_shape_that_fits(lib, x, rows):
    """A row-major tensor can be viewed in every shape with as many elements."""
    x = lib.tensor(x[:rows])
    result = {}
    for shape in ([rows * 6], [6, rows], [3, rows, 2], [1, rows * 2, 1, 3], [2, 3, rows, 1]):
        y = x.view(shape)
        result[f"view({shape})"] = [y, y.stride(), y.data_ptr() == x.data_ptr()]
    return result


@check("lab1.view", x=normal(4, 4, 8), sizes=sizes(3, 2, 4))
def minus_one_stands_for_the_size_that_fits(lib, x, sizes):
    """One size may be -1: it becomes what is left of the number of elements."""
    a, b, c = sizes[0], sizes[1], 2 * sizes[2]
    x = lib.tensor(x[:a, :b, :c])
    result = {}
    for shape in ([-1], [-1, c], [a, -1], [b, -1, c], [1, -1, 1], [a * b, -1, 2]):
        result[f"view({shape})"] = x.view(shape)
    result["reshape"] = x.reshape(c, -1, a)
    return result


@check("lab1.view", x=normal(5, 12), rows=integers(2, 6))
def minus_one_must_come_out_even(lib, kit, x, rows):
    """RuntimeError where no size fits, two sizes are left open, or elements are missing."""
    x = lib.tensor(x[:rows])
    empty = lib.zeros(0, 3)
    return {
        "not dividing": kit.raises(lambda: x.view(7, -1)),
        "larger than all": kit.raises(lambda: x.reshape(-1, 12 * rows + 1)),
        "two left open": kit.raises(lambda: x.view(-1, -1)),
        "another negative": kit.raises(lambda: x.view(-2, 6)),
        "too many": kit.raises(lambda: x.view(rows + 1, 12)),
        "too few": kit.raises(lambda: x.reshape(rows, 11)),
        "anything times zero": kit.raises(lambda: empty.view(-1, 0)),
        "rows": x.view(-1, 6),
        "columns": x.view(4, -1),
        "none": empty.view(-1, 3).shape,
    }


@check("lab1.view", weight=2, x=normal(5 * 5 * 6), sizes=sizes(2, 2, 5))
def a_transposed_tensor_can_be_cut_but_not_joined(lib, kit, x, sizes):
    """Of a transposed tensor each dimension may be split; two that are not neighbors never join."""
    a, b = sizes
    swapped = lib.as_strided(lib.tensor(x), (b, a, 6), (6, 6 * b, 1))
    split = swapped.view(b, a, 3, 2)
    more = swapped.view(b, 1, a, 2, 3)
    matrix = lib.as_strided(lib.tensor(x), (6, a), (1, 6))
    return {
        "last one split": [split, split.stride()],
        "with a one between": [more, more.stride()],
        "first one split": [matrix.view(2, 3, a), matrix.view(2, 3, a).stride()],
        "joined": kit.raises(lambda: swapped.view(a * b, 6)),
        "joined behind": kit.raises(lambda: swapped.view(b, a * 6)),
        "flat": kit.raises(lambda: swapped.view(-1)),
        "matrix flat": kit.raises(lambda: matrix.view(6 * a)),
        "cut across": kit.raises(lambda: matrix.view(2 * a, 3)),
    }


@check("lab1.view", weight=2, x=normal(5 * 12 + 2), rows=integers(2, 6))
def a_sliced_tensor_joins_what_lies_evenly(lib, kit, x, rows):
    """Every second column of a full row still lies evenly; half of each row does not."""
    x = lib.tensor(x)
    second = lib.as_strided(x, (rows, 6), (12, 2), 1)
    half = lib.as_strided(x, (rows, 6), (12, 1), 2)
    column = lib.as_strided(x, (rows, 1), (12, 1), 3)
    flat, thirds = second.view(rows * 6), second.view(3, -1, 2)
    return {
        "second flat": [flat, flat.stride(), flat.storage_offset()],
        "second in thirds": [thirds, thirds.stride()],
        "half flat": kit.raises(lambda: half.view(-1)),
        "half in pairs": [half.view(rows, 3, 2), half.view(rows, 3, 2).stride()],
        "half in columns": kit.raises(lambda: half.view(3, rows * 2)),
        "column": [column.view(rows), column.view(rows).stride()],
    }


@check("lab1.view", x=normal(5, 4), n=integers(2, 6))
def an_expanded_tensor_keeps_its_stride_of_zero(lib, kit, x, n):
    """A dimension of stride 0 may be split; it joins its neighbor only if both have stride 0."""
    x = lib.tensor(x)
    stretched = lib.as_strided(x, (4, 2 * n), (4, 0))
    constant = lib.as_strided(x, (3, n), (0, 0), 5)
    split, flat = stretched.view(2, 2, n, 2), constant.view(3 * n)
    return {
        "split": [split, split.stride()],
        "constant flat": [flat, flat.stride(), flat.storage_offset()],
        "joined": kit.raises(lambda: stretched.view(-1)),
    }


@check("lab1.view", x=normal(40), n=integers(2, 5))
def a_size_of_one_may_stand_anywhere(lib, x, n):
    """A size of 1 may stand anywhere; a new one gets size times stride of what is behind it."""
    x = lib.tensor(x)
    inside = lib.as_strided(x, (n, 1, 6), (6, 23, 1))
    around = lib.as_strided(x, (1, n, 3, 1), (2, 7, 2, 5))
    result = {}
    for name, y in {
        "joined over it": inside.view(n * 6),
        "taken away": inside.view(n, 6),
        "put elsewhere": inside.view(1, n, 2, 1, 3),
        "taken away around": around.view(n, 3),
        "put elsewhere around": around.view(n, 1, 1, 3),
        "put at the end": lib.as_strided(x, (3, n), (1, 4)).view(3, n, 1, 1),
    }.items():
        result[name] = [y, y.stride()]
    return result


@check("lab1.view", x=normal(1), n=integers(1, 6))
def numbers_and_tensors_without_elements(lib, kit, x, n):
    """A number can be viewed with any count of ones, and no elements in any shape of none."""
    number = lib.tensor(float(x[0]))
    empty = lib.as_strided(lib.tensor(x), (0, n), (1, 7))
    result = {
        "with ones": [number.view(1, 1, 1), number.view(1, 1, 1).stride()],
        "inferred": number.view(-1),
        "back": lib.tensor(x).view(()),
        "no room": kit.raises(lambda: number.view(2)),
        "no element": kit.raises(lambda: number.view(0)),
        "from nothing": kit.raises(lambda: empty.view(n)),
    }
    for shape in ([n, 0], [0], [5, 0, n], [-1, n]):
        result[f"empty.view({shape})"] = empty.view(shape).shape
    return result


@check("lab1.view", weight=2, x=normal(5, 6), rows=integers(2, 6))
def reshape_copies_only_where_no_view_exists(lib, x, rows):
    """`reshape` gives a view where `view` would, and a copy only where `view` refuses."""
    x = lib.tensor(x[:rows])
    by_columns = lib.as_strided(x, (6, rows), (1, 6))
    pairs, copied = by_columns.reshape(3, 2, rows), by_columns.reshape(-1)
    same = x.reshape(rows * 3, 2)
    return {
        "view of the matrix": [same, same.data_ptr() == x.data_ptr()],
        "view of the transpose": [pairs, pairs.stride(), pairs.data_ptr() == x.data_ptr()],
        "copy of the transpose": [copied, copied.stride(), copied.data_ptr() == x.data_ptr()],
    }


@check("lab1.view", x=normal(6, 4), new=normal(8))
def a_view_is_no_copy(lib, x, new):
    """What is written into a view is found in the tensor it is a view of."""
    x = lib.tensor(x)
    x.view(3, 8).numpy()[1] = new
    lib.as_strided(x, (4, 6), (1, 4)).view(2, 2, 6).numpy()[1, 0, 5] = 9.0
    return {"x": x}
