"""Checks of `lab1.broadcast`: the common shape, and the stride 0 that stretches."""

from autograder.checks.draws import normal, sizes
from autograder.checks.spec import check


@check("lab1.broadcast", x=normal(5, 4), n=sizes(2, 2, 5))
def expand_adds_dimensions_in_front(lib, x, n):
    """New dimensions stand in front, with stride 0: stepping along them leads nowhere."""
    a, b = n
    x = lib.tensor(x[:a])
    once, twice = x.expand(b, a, 4), x.expand(2, b, -1, -1)
    return {"one": once, "two": twice, "strides": [once.stride(), twice.stride()]}


@check("lab1.broadcast", x=normal(5), shape=sizes(2, 2, 5))
def expand_stretches_a_size_of_one(lib, x, shape):
    """A size 1 takes any size by stride 0; -1 keeps a size, and 1 to 1 keeps the stride."""
    a, b = shape
    column, row = lib.tensor(x[:a].reshape(a, 1)), lib.tensor(x[:b].reshape(1, b))
    result = {}
    for name, y in {
        "column": column.expand(a, b),
        "row": row.expand(a, b),
        "kept": column.expand(-1, b),
        "row in front": row.expand(2, a, -1),
        "nothing to do": row.expand(1, b),
        "as another": column.expand_as(lib.zeros(3, a, b)),
    }.items():
        result[name] = [y, y.stride()]
    return result


@check("lab1.broadcast", memory=normal(60), shape=sizes(2, 2, 4))
def a_strided_tensor_keeps_its_own_strides(lib, memory, shape):
    """Dimensions that are not stretched keep the stride and the offset they have."""
    a, b = shape
    x = lib.as_strided(lib.tensor(memory), (a, 1, b), (3, 50, 11), 2)
    y, z = x.expand(a, 4, b), x.expand(2, a, 1, b)
    return {
        "stretched": y,
        "added": z,
        "layouts": [y.stride(), y.storage_offset(), z.stride(), z.storage_offset()],
    }


@check("lab1.broadcast", x=normal(4), new=normal(2), n=sizes(1, 2, 6))
def stretching_copies_nothing(lib, x, new, n):
    """An expanded tensor is the same memory: change one cell and every repetition changes."""
    x = lib.tensor(x)
    y = x.expand(n[0], 4)
    x.numpy()[1:3] = new
    return {"expanded": y, "same memory": y.data_ptr() == x.data_ptr()}


@check("lab1.broadcast", weight=2, x=normal(5, 1), y=normal(4), z=normal(3, 1, 1), n=sizes(2, 2, 4))
def arithmetic_stretches_both_operands(lib, x, y, z, n):
    """A column minus a vector is a matrix: (a, 1) and (b) give (a, b)."""
    x, y, z = lib.tensor(x[: n[0]]), lib.tensor(y[: n[1]]), lib.tensor(z)
    return {
        "column - vector": x - y,
        "vector - column": y - x,
        "three dimensions": z * (x - y),
        "cube from two": z + y,
        "with a row": x * lib.tensor(y.numpy().reshape(1, -1)),
    }


@check("lab1.broadcast", x=normal(4, 5), shape=sizes(3, 2, 5))
def shapes_are_aligned_at_the_right(lib, kit, x, shape):
    """The last dimensions stand above each other; a missing one in front counts as 1."""
    a, b, c = shape
    x = lib.tensor(x)
    row, column = lib.tensor(x.numpy()[0]), lib.tensor(x.numpy()[:, 0])
    return {
        "shapes": [
            lib.broadcast_shapes((a, b, c), (c,)),
            lib.broadcast_shapes((c,), (a, 1, c)),
            lib.broadcast_shapes((a, 1, c), (b, 1)),
            lib.broadcast_shapes((b, 1), (1, c), (a, 1, 1)),
            lib.broadcast_shapes((1, 1, b), (a, 1, 1, 1), (c, 1)),
        ],
        "matrix + row": x + row,
        "matrix + first column": kit.raises(lambda: x + column),
        "matrix + first column as a column": x + lib.tensor(x.numpy()[:, :1]),
    }


@check("lab1.broadcast", x=normal(4), n=sizes(2, 2, 3))
def sizes_that_differ_are_refused(lib, kit, x, n):
    """RuntimeError where two sizes differ and neither is 1, or where a tensor would shrink."""
    a, b = n
    x = lib.tensor(x)
    return {
        "2 and 4": kit.raises(lambda: lib.tensor(x.numpy()[:2]) + x),
        "2a and a": kit.raises(lambda: lib.broadcast_shapes((2 * a,), (b, a))),
        "three shapes": kit.raises(lambda: lib.broadcast_shapes((1, a), (b, 1), (b + 1, a))),
        "expand 4 to 8": kit.raises(lambda: x.expand(8)),
        "expand 4 to 1": kit.raises(lambda: x.expand(a, 1)),
        "fewer dimensions": kit.raises(lambda: x.expand(())),
        "-1 for a new one": kit.raises(lambda: x.expand(-1, 4)),
        "4 and 4": x + x.expand(b, 4),
    }


@check("lab1.broadcast", x=normal(5, 1), n=sizes(1, 2, 5))
def a_size_of_zero_is_a_size_like_any_other(lib, kit, x, n):
    """0 against 1 is 0, since there is nothing to repeat; 0 against 2 is refused."""
    a = n[0]
    x = lib.tensor(x[:a])
    nothing, one = lib.tensor(x.numpy()[0, :0]), lib.tensor(x.numpy()[:1])
    return {
        "shapes": [lib.broadcast_shapes((0,), (1,)), lib.broadcast_shapes((1,), (a, 0), (1, 1))],
        "column + nothing": x + nothing,
        "stretched to nothing": [one.expand(0, 1).shape, one.expand(a, 0).stride()],
        "0 and 2": kit.raises(lambda: nothing + lib.tensor(x.numpy()[:2, 0])),
        "0 to 1": kit.raises(lambda: nothing.expand(1)),
        "1 to a": one.expand(a, 1),
    }


@check("lab1.broadcast", x=normal(3, 4), n=sizes(2, 2, 5))
def a_number_goes_with_every_shape(lib, x, n):
    """A tensor without dimensions is stretched to any shape, with strides 0 only."""
    number = lib.tensor(x[0, 0])
    x = lib.tensor(x)
    y = number.expand(n)
    return {
        "expanded": y,
        "stride": y.stride(),
        "product": number * x,
        "of two numbers": (number + number).shape,
        "shapes": [
            lib.broadcast_shapes((), (3, 2)),
            lib.broadcast_shapes((), ()),
            lib.broadcast_shapes(),
        ],
    }
