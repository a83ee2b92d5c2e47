"""Checks of `lab1.permute`: transpose, permute, squeeze and unsqueeze."""

from autograder.checks.draws import choice, integers, normal
from autograder.checks.spec import check


@check("lab1.permute", x=normal(4, 6), rows=integers(2, 5))
def a_transpose_exchanges_sizes_and_strides(lib, x, rows):
    """The transpose of a matrix walks the same memory with its two strides exchanged."""
    x = lib.tensor(x[:rows])
    y = x.transpose(0, 1)
    return {
        "values": y,
        "stride": y.stride(),
        "same memory": y.data_ptr() == x.data_ptr(),
        "contiguous": y.is_contiguous(),
    }


@check(
    "lab1.permute",
    x=normal(2, 3, 4, 5),
    dims=choice([[0, 2], [1, -1], [-4, 3], [-1, -3], [2, 1]]),
)
def any_two_dimensions_may_be_exchanged(lib, x, dims):
    """`transpose` exchanges two dimensions of many, counted from either end."""
    x = lib.tensor(x)
    y = x.transpose(dims[0], dims[1])
    return {"values": y, "stride": y.stride(), "back": y.transpose(dims[1], dims[0]).stride()}


@check(
    "lab1.permute",
    weight=2,
    x=normal(2, 3, 4, 5),
    dims=choice(
        [[1, 2, 3, 0], [3, 0, 1, 2], [2, 0, 3, 1], [1, 3, 0, 2], [2, 3, 1, 0], [0, 2, 3, 1]]
    ),
)
def permute_takes_dimensions_in_the_order_given(lib, x, dims):
    """Dimension i of `x.permute(dims)` is dimension dims[i] of x."""
    x = lib.tensor(x)
    y = x.permute(dims)
    return {
        "values": y,
        "stride": y.stride(),
        "same memory": y.data_ptr() == x.data_ptr(),
        "negative": x.permute(-1, 0, 1, 2),
    }


@check("lab1.permute", x=normal(3, 4, 5), dims=choice([[1, 2, 0], [2, 0, 1]]))
def the_way_back_restores_the_strides(lib, x, dims):
    """Permuting with the inverse permutation gives the old shape and strides again."""
    x = lib.tensor(x)
    y = x.permute(dims)
    back = y.permute([dims.index(0), dims.index(1), dims.index(2)])
    return {
        "there": y.stride(),
        "back": back.stride(),
        "contiguous": back.is_contiguous(),
        "values": back,
    }


@check("lab1.permute", x=normal(5, 4), rows=integers(2, 5))
def squeeze_removes_only_a_size_of_one(lib, x, rows):
    """`squeeze(d)` removes dimension d if its size is 1 and leaves the tensor alone otherwise."""
    x = lib.tensor(x[:rows].reshape(rows, 1, 4, 1))
    result = {}
    for name, y in {
        "squeeze(1)": x.squeeze(1),
        "squeeze(-1)": x.squeeze(-1),
        "squeeze(0)": x.squeeze(0),
        "squeeze(2)": x.squeeze(2),
        "squeeze()": x.squeeze(),
        "squeeze((0, 1))": x.squeeze((0, 1)),
    }.items():
        result[name] = [y, y.shape, y.stride(), y.data_ptr() == x.data_ptr()]
    return result


@check("lab1.permute", x=normal(3, 5), rows=integers(2, 4))
def unsqueeze_puts_a_size_of_one_anywhere(lib, x, rows):
    """`unsqueeze(d)` puts a dimension of size 1 in front of dimension d, or behind the last."""
    x = lib.tensor(x[:rows])
    result = {}
    for dim in (0, 1, 2, -1, -2, -3):
        y = x.unsqueeze(dim)
        result[f"unsqueeze({dim})"] = [y, y.shape, y.stride()]
    number = lib.tensor(2.5).unsqueeze(0)
    result["of a number"] = [number, number.stride()]
    return result


@check("lab1.permute", x=normal(120), offset=integers(0, 4))
def a_strided_tensor_is_permuted_with_its_own_strides(lib, x, offset):
    """The strides that are moved are those the tensor has, not those of a fresh one."""
    x = lib.as_strided(lib.tensor(x), (2, 3, 4), (13, 1, 3), offset)
    result = {}
    for name, y in {
        "transpose": x.transpose(0, 2),
        "permute": x.permute(2, 0, 1),
        "unsqueeze": x.permute(1, 2, 0).unsqueeze(1),
        "squeeze": x.unsqueeze(0).transpose(1, 3).squeeze(0),
    }.items():
        result[name] = [y, y.stride(), y.storage_offset()]
    return result


@check("lab1.permute", x=normal(3, 4), new=normal(3))
def what_is_written_into_a_transpose_is_in_the_matrix(lib, x, new):
    """A transposed, unsqueezed or squeezed tensor shares its memory with the first."""
    x = lib.tensor(x)
    x.transpose(0, 1).numpy()[1] = new
    x.unsqueeze(1).numpy()[0, 0, 3] = 7.0
    x.unsqueeze(0).squeeze(0).numpy()[2, 2] = -7.0
    return {"x": x}


@check("lab1.permute", x=normal(2, 3, 4), one=normal(6))
def shorthands_and_small_ranks(lib, kit, x, one):
    """`t`, `T` and `mT` are transposes; vectors and numbers have little to exchange."""
    x, one = lib.tensor(x), lib.tensor(one)
    matrix, number = lib.tensor(x.numpy()[0]), lib.tensor(float(one.numpy()[0]))
    return {
        "t": [matrix.t(), matrix.t().stride()],
        "T": matrix.T,
        "mT": [x.mT, x.mT.stride()],
        "t of a vector": [one.t(), one.t().stride()],
        "of a number": [number.transpose(0, -1), number.squeeze(0), number.permute(())],
        "no such dimension": kit.raises(lambda: x.transpose(0, 3)),
        "twice the same": kit.raises(lambda: x.permute(0, 0, 1)),
        "too few": kit.raises(lambda: x.permute(0, 1)),
        "beyond the end": kit.raises(lambda: x.unsqueeze(4)),
    }
