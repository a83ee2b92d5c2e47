"""Checks of `lab1.write`: what an in-place operation or `out=` may do to its target."""

from autograder.checks.draws import integers, normal, sizes
from autograder.checks.spec import check


@check("lab1.write", x=normal(3, 4), y=normal(3, 4), row=normal(4))
def an_in_place_operation_writes_where_the_target_lies(lib, kit, x, y, row):
    """`add_` changes its target and returns it; the operand may be stretched, not the target."""
    x, y, row = lib.tensor(x), lib.tensor(y), lib.tensor(row)
    place = x.data_ptr()
    returned = x.add_(y)
    x.mul_(row)
    x.sub_(1.5)
    return {
        "x": x,
        "y is as it was": y,
        "the same object": returned is x,
        "the same memory": x.data_ptr() == place,
        "the other way round": kit.raises(lambda: row.add_(x)),
        "row": row,
    }


@check("lab1.write", x=normal(4), y=normal(3, 4), n=sizes(1, 2, 4))
def a_target_never_grows(lib, kit, x, y, n):
    """RuntimeError where the result has another shape than the target, which keeps its values."""
    x, y = lib.tensor(x), lib.tensor(y[: n[0]])
    number = lib.tensor(2.5)
    return {
        "a row into a vector": kit.raises(lambda: x.add_(y)),
        "a column into a vector": kit.raises(lambda: x.mul_(lib.ones(4, 1))),
        "one element into none": kit.raises(lambda: number.add_(lib.ones(1))),
        "size 1 grows": kit.raises(lambda: lib.ones(1, 4).sub_(y)),
        "size 1 shrinks": kit.raises(lambda: lib.ones(1).add_(lib.ones(0))),
        "x": x,
        "number": number,
        "a vector into rows": y.add_(x),
    }


@check("lab1.write", x=integers(1, 9, 5), f=normal(5))
def a_float_never_goes_into_an_integer(lib, kit, x, f):
    """RuntimeError where the result's category is higher: float into int, int into bool."""
    x, f = lib.tensor(x), lib.tensor(f)
    truth = x > 4
    return {
        "a float number": kit.raises(lambda: x.add_(1.5)),
        "a float tensor": kit.raises(lambda: x.mul_(f)),
        "a 0-d float": kit.raises(lambda: x.add_(lib.tensor(0.5))),
        "true division": kit.raises(lambda: x.div_(2)),
        "an integer into bool": kit.raises(lambda: truth.add_(1)),
        "x": x,
        "truth": truth,
        "an integer into a float": f.add_(x),
        "an integer into an integer": x.mul_(3),
    }


@check("lab1.write", x=integers(-8, 9, 4), y=integers(-30, 30, 4))
def within_a_category_the_target_keeps_its_dtype(lib, kit, x, y):
    """float64 goes into float16 and int64 into int8; a float goes into no integer."""
    result = {}
    for target, operand in (
        ("float16", "float64"),
        ("float32", "float64"),
        ("float32", "int64"),
        ("float64", "bool"),
        ("int8", "int64"),
        ("int32", "bool"),
        ("int64", "int8"),
    ):
        t = lib.tensor(x, dtype=getattr(lib, target))
        place = t.data_ptr()
        t.add_(lib.tensor(y, dtype=getattr(lib, operand)))
        half = kit.raises(lambda t=t: t.add_(lib.tensor(y, dtype=lib.float16)))
        result[f"{target}.add_({operand})"] = [t, t.data_ptr() == place]
        result[f"{target}.add_(float16)"] = [half, t]
    return result


@check("lab1.write", x=normal(4), n=sizes(1, 2, 5))
def a_cell_that_several_elements_share_is_not_written(lib, kit, x, n):
    """RuntimeError for a target with stride 0 in a dimension larger than 1; its clone is fine."""
    x = lib.tensor(x)
    rows = lib.as_strided(x, (n[0], 4), (0, 1))
    constant = lib.as_strided(x, (2, 3), (0, 0), 1)
    harmless = lib.as_strided(x, (1, 3), (0, 1))
    copy = rows.clone()
    return {
        "rows": kit.raises(lambda: rows.add_(1.0)),
        "constant": kit.raises(lambda: constant.mul_(2.0)),
        "by a tensor": kit.raises(lambda: rows.sub_(x)),
        "as out": kit.raises(lambda: lib.add(copy, 1.0, out=rows)),
        "x as it was": x.clone(),
        "copy": copy.add_(1.0),
        "one element along the stride 0": harmless.mul_(2.0),
        "x after that": x,
    }


@check("lab1.write", x=normal(3, 4), y=normal(3, 4))
def out_of_the_right_size_is_filled_where_it_lies(lib, kit, x, y):
    """`out=` of the right shape keeps its memory, strides and dtype, and is returned."""
    x, y = lib.tensor(x), lib.tensor(y)
    out = lib.zeros(3, 4, dtype=lib.float64)
    narrow = lib.zeros(3, 4, dtype=lib.float32)
    by_columns = lib.as_strided(lib.zeros(12, dtype=lib.float64), (3, 4), (1, 3))
    place = out.data_ptr()
    returned = lib.add(x, y, out=out)
    lib.mul(x, y, out=narrow)
    lib.sub(x, y, out=by_columns)
    return {
        "out": out,
        "narrow": narrow,
        "by columns": [by_columns, by_columns.stride()],
        "the same object": returned is out,
        "the same memory": out.data_ptr() == place,
        "into integers": kit.raises(lambda: lib.add(x, y, out=lib.zeros(3, 4, dtype=lib.int64))),
    }


@check("lab1.write", weight=2, x=normal(5), y=normal(3, 1), n=sizes(1, 2, 4))
def out_of_another_size_is_resized_with_a_warning(lib, kit, x, y, n):
    """`out=` of another shape takes the result's, and a warning says so unless it was empty."""
    x, y = lib.tensor(x), lib.tensor(y)
    smaller = lib.zeros(n[0], dtype=lib.float64)
    larger = lib.zeros(6, 7, dtype=lib.float64)
    empty = lib.empty(0, dtype=lib.float64)
    fits = lib.zeros(3, 5, dtype=lib.float64)
    warned = {
        "smaller": kit.warns(lambda: lib.add(x, y, out=smaller)),
        "larger": kit.warns(lambda: lib.mul(x, 2.0, out=larger)),
        "empty": kit.warns(lambda: lib.sub(x, y, out=empty)),
        "fits": kit.warns(lambda: lib.mul(x, y, out=fits)),
    }
    result = {"warned": warned}
    for name, out in {"smaller": smaller, "larger": larger, "empty": empty, "fits": fits}.items():
        result[name] = [out, out.shape, out.stride()]
    return result


@check("lab1.write", memory=normal(24), y=normal(3, 4))
def what_is_written_into_a_view_lands_in_its_base(lib, kit, memory, y):
    """A target that steps through memory is written along its strides, unless they visit twice."""
    memory, y = lib.tensor(memory), lib.tensor(y)
    every_second = lib.as_strided(memory, (3, 4), (8, 2), 1)
    by_columns = lib.as_strided(memory, (2, 3), (1, 6), 4)
    every_second.mul_(y)
    by_columns.add_(10.0)
    repeated = lib.as_strided(memory, (2, 4), (0, 5), 3)
    return {
        "memory": memory,
        "every second": every_second,
        "by columns": by_columns,
        "the same cells twice": kit.raises(lambda: repeated.mul_(2.0)),
    }


@check("lab1.write", x=normal(4), y=normal(4), k=integers(2, 9, 4))
def augmented_assignment_is_in_place(lib, kit, x, y, k):
    """`x += y` is `add_`: other names of x see it, and what `add_` refuses it refuses."""
    x, y, k = lib.tensor(x, dtype=lib.float32), lib.tensor(y), lib.tensor(k)
    other = x
    x += y
    x *= 2
    return {
        "other name": other,
        "same object": other is x,
        "float into int": kit.raises(lambda: k.__imul__(1.5)),
        "k": k,
    }
