"""Checks of `lab1.index`: integers and slices as a new shape, strides and offset."""

from autograder.checks.draws import integers, normal, sizes
from autograder.checks.spec import check


@check("lab1.index", x=normal(6, 5, 4), i=integers(1, 6), j=integers(1, 5))
def an_integer_picks_a_place_and_drops_its_dimension(lib, x, i, j):
    """`x[i]` has one dimension less, begins where row i begins, and keeps the other strides."""
    x = lib.tensor(x)
    row, cell = x[i], x[i, j]
    return {
        "x[i]": row,
        "x[i] layout": [row.shape, row.stride(), row.storage_offset()],
        "x[i, j]": cell,
        "x[i, j] layout": [cell.shape, cell.stride(), cell.storage_offset()],
    }


@check("lab1.index", x=normal(6, 5), i=integers(1, 7), j=integers(1, 6))
def a_negative_integer_counts_from_the_end(lib, x, i, j):
    """`x[-1]` is the last row and `x[-size]` the first."""
    x = lib.tensor(x)
    row, cell = x[-i], x[-i, -j]
    return {
        "row": row,
        "first": x[-6],
        "cell": cell,
        "offsets": [row.storage_offset(), cell.storage_offset(), x[-1, -1].storage_offset()],
    }


@check("lab1.index", x=normal(8, 7), low=integers(1, 4), high=integers(5, 8))
def a_slice_keeps_its_dimension(lib, x, low, high):
    """`x[a:b]` has size b - a, begins at row a, and keeps the strides."""
    x = lib.tensor(x)
    result = {}
    for name, y in {
        "rows": x[low:high],
        "columns": x[:, low : high - 1],
        "both": x[low:, :high],
        "one row": x[low : low + 1],
    }.items():
        result[name] = [y, y.shape, y.stride(), y.storage_offset()]
    return result


@check("lab1.index", x=normal(9, 8), start=integers(0, 3), step=integers(2, 5))
def a_step_multiplies_the_stride(lib, x, start, step):
    """Every step-th row lies step times as far away; a last incomplete step still counts."""
    x = lib.tensor(x)
    result = {}
    for name, y in {
        "rows": x[start::step],
        "columns": x[:, start:7:step],
        "both": x[1::2, ::3],
        "a step past the end": x[start::20],
    }.items():
        result[name] = [y, y.shape, y.stride(), y.storage_offset()]
    return result


@check("lab1.index", x=normal(7, 3), far=integers(8, 60))
def a_slice_is_cut_to_what_is_there(lib, x, far):
    """Bounds outside the tensor are no error; a slice that holds nothing has size 0."""
    x = lib.tensor(x)
    result = {}
    for name, y in {
        "end too large": x[4:far],
        "start too small": x[-far:2],
        "both": x[-far:far],
        "end before start": x[5:2],
        "start too large": x[far : far + 3],
        "columns": x[:, 1:far],
    }.items():
        result[name] = [y, y.shape, y.stride(), y.storage_offset()]
    return result


@check("lab1.index", x=normal(9, 6), i=integers(5, 9), j=integers(1, 4))
def negative_bounds_of_a_slice_count_from_the_end(lib, x, i, j):
    """`x[-5:-2]` begins five rows before the end and stops two before it."""
    x = lib.tensor(x)
    y, z = x[-i:-j], x[-j:, -4:-1:2]
    return {
        "rows": y,
        "both": z,
        "layouts": [y.stride(), y.storage_offset(), z.stride(), z.storage_offset()],
    }


@check("lab1.index", x=normal(4, 5, 6), i=integers(0, 4), k=integers(0, 6))
def integers_slices_and_dots_in_one_index(lib, x, i, k):
    """Integers and slices mix, and `...` stands for all dimensions not named."""
    x = lib.tensor(x)
    result = {}
    for name, y in {
        "x[-1 - i, 1:4, k]": x[-1 - i, 1:4, k],
        "x[1:, i, ::2]": x[1:, i, ::2],
        "x[..., -1 - k]": x[..., -1 - k],
        "x[i, ..., ::5]": x[i, ..., ::5],
    }.items():
        result[name] = [y, y.stride(), y.storage_offset()]
    return result


@check("lab1.index", x=normal(10, 9), i=integers(0, 3))
def a_view_of_a_view_begins_inside_the_first(lib, x, i):
    """An index counts in the tensor it is applied to: offsets add up and steps multiply."""
    x = lib.tensor(x)
    y = x[1:, 1::2]
    z = y[1::3, 1:]
    w = z[:, i % 3]
    return {
        "second": z,
        "third": w,
        "layouts": [z.stride(), z.storage_offset(), w.stride(), w.storage_offset()],
    }


@check("lab1.index", x=normal(6, 5), i=integers(0, 5), new=normal(3))
def a_view_shares_the_memory_it_was_cut_from(lib, x, i, new):
    """What is written into `x[1::2, i]` is found in x, and nowhere else."""
    x = lib.tensor(x)
    y = x[1::2, i]
    y.numpy()[:] = new
    return {"x": x, "y": y, "distance in bytes": y.data_ptr() - x.data_ptr()}


@check("lab1.index", x=normal(5, 4), shape=sizes(2, 2, 4))
def an_index_that_is_not_there_is_refused(lib, kit, x, shape):
    """IndexError past either end and for too many indices, ValueError for a step below 1."""
    rows, columns = shape
    x = lib.tensor(x[:rows, :columns])
    return {
        "past the end": kit.raises(lambda: x[rows]),
        "before the start": kit.raises(lambda: x[-rows - 1]),
        "past the end of a row": kit.raises(lambda: x[0, columns]),
        "too many": kit.raises(lambda: x[0, 0, 0]),
        "a column of a vector": kit.raises(lambda: x[0][:, 0]),
        "nothing to pick": kit.raises(lambda: lib.zeros(0)[0]),
        "step backwards": kit.raises(lambda: x[::-1]),
        "step of zero": kit.raises(lambda: x[:, ::0]),
        "the last place": x[rows - 1, columns - 1],
        "the first place": x[-rows, -columns],
    }
