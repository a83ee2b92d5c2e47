"""Checks of `lab3.arrays`: each rule alone, by calling the node that holds it with an adjoint."""

from autograder.checks.draws import distinct, integers, nonzero, normal, permutation
from autograder.checks.spec import check


@check("lab3.arrays", x=normal(2, 3, 4), g=normal(2, 3, 4))
def sums(lib, x, g):
    """The adjoint of a sum is repeating: over all dimensions, over some, kept as 1 or dropped."""
    x, g = lib.tensor(x, requires_grad=True), lib.tensor(g)
    return {
        "grad of all": x.sum().grad_fn(g[0, 0, 0]),
        "grad of one": x.sum(1).grad_fn(g[:, 0]),
        "grad of the last": x.sum(-1).grad_fn(g[:, :, 0]),
        "grad of two": x.sum((0, 2)).grad_fn(g[0, :, 0]),
        "grad of two, backward": x.sum((2, 0)).grad_fn(g[0, :, 0]),
        "grad with keepdim": x.sum(1, keepdim=True).grad_fn(g[:, :1]),
        "grad of two with keepdim": x.sum((0, -1), keepdim=True).grad_fn(g[:1, :, :1]),
    }


@check("lab3.arrays", x=normal(2, 3, 5), g=normal(2, 3, 5))
def means(lib, x, g):
    """The adjoint of a mean is repeating, divided by how many elements were averaged."""
    x, g = lib.tensor(x, requires_grad=True), lib.tensor(g)
    return {
        "grad of all": x.mean().grad_fn(g[0, 0, 0]),
        "grad of one": x.mean(0).grad_fn(g[0]),
        "grad of two": x.mean((0, 2)).grad_fn(g[0, :, 0]),
        "grad with keepdim": x.mean(-1, keepdim=True).grad_fn(g[:, :, :1]),
    }


@check(
    "lab3.arrays",
    weight=2,
    x=normal(3, 4),
    y=normal(4, 2),
    a=normal(5, 3, 3),
    b=normal(5, 3, 3),
    g=normal(3, 2),
    h=normal(5, 3, 3),
)
def matrix_products(lib, x, y, a, b, g, h):
    """Z = X Y sends G Yᵀ to X and Xᵀ G to Y; in a batch, each pair of matrices for itself."""
    x, y, a, b = (lib.tensor(each, requires_grad=True) for each in (x, y, a, b))
    of_x, of_y = (x @ y).grad_fn(lib.tensor(g))
    of_a, of_b = lib.bmm(a, b).grad_fn(lib.tensor(h))
    constant = lib.mm(x.detach(), y).grad_fn(lib.tensor(g))
    return {"grads": [of_x, of_y], "grads of a batch": [of_a, of_b], "grads of one": list(constant)}


@check("lab3.arrays", x=normal(2, 3, 4), order=permutation(3), g=normal(24), y=normal(3, 2))
def transposing_and_reshaping(lib, x, order, g, y):
    """Moving elements is undone by moving them back: transpose, permute, reshape."""
    x, y, g = lib.tensor(x, requires_grad=True), lib.tensor(y, requires_grad=True), lib.tensor(g)
    moved = x.permute(order)
    return {
        "grad of transpose": x.transpose(0, 2).grad_fn(g.reshape(4, 3, 2)),
        "grad of negative dims": x.transpose(-1, 1).grad_fn(g.reshape(2, 4, 3)),
        "grad of permute": moved.grad_fn(g.reshape(moved.shape)),
        "grad of t": y.t().grad_fn(g[:6].reshape(2, 3)),
        "grad of reshape": x.reshape(4, 6).grad_fn(g.reshape(4, 6)),
        "grad of -1": x.reshape(-1).grad_fn(g),
        "grad of view": x.view(1, 24).grad_fn(g.reshape(1, 24)),
    }


@check("lab3.arrays", weight=2, x=normal(4, 3), rows=integers(0, 3, 7), g=normal(7, 3))
def repeated_indices_add_up(lib, x, rows, g):
    """An element taken several times gets the sum of what its copies got; the rest gets 0."""
    x, rows, g = lib.tensor(x, requires_grad=True), lib.tensor(rows), lib.tensor(g)
    one = lib.tensor([1, 0, 0])
    columns = lib.tensor([2, 2, 0, 1, 2, 2, 0])
    return {
        "grad of rows": x[rows].grad_fn(g),
        "grad of columns": x[:, one].grad_fn(g[:4]),
        "grad of pairs": x[rows, columns].grad_fn(g[:, 0]),
        "grad of a table": x[rows.reshape(7, 1), columns[:3]].grad_fn(g),
    }


@check(
    "lab3.arrays", x=normal(2, 3), y=normal(2, 1), z=normal(2, 2), g=normal(2, 6), h=normal(4, 3)
)
def concatenation(lib, x, y, z, g, h):
    """Each part of a concatenation gets its own part of the gradient."""
    x, y, z, c = (lib.tensor(each, requires_grad=True) for each in (x, y, z, 2 * x))
    g, h = lib.tensor(g), lib.tensor(h)
    return {
        "grads of columns": list(lib.cat([x, y, z], 1).grad_fn(g)),
        "grads of rows": list(lib.cat([x, c]).grad_fn(h)),
        "grads of one tensor twice": list(lib.cat([x, x], -1).grad_fn(g)),
        "grads beside a constant": lib.cat([x.detach(), y, z], dim=1).grad_fn(g)[1:],
    }


@check("lab3.arrays", weight=2, x=distinct(3, 4), g=nonzero(3), h=nonzero(4), top=integers(5, 9))
def tied_maxima_share_or_take_all(lib, x, g, h, top):
    """Ties share the gradient of amax and max(); max(dim) gives it whole to the index it found."""
    x[0, 1:3] = top
    x[2, 0:4] = top + 0.5
    x, g, h = lib.tensor(x, requires_grad=True), lib.tensor(g), lib.tensor(h)
    values, indices = x.max(1)
    return {
        "grad of amax": x.amax(1).grad_fn(g),
        "grad of amax of all": x.amax((0, 1)).grad_fn(g[0]),
        "grad of max of all": x.max().grad_fn(g[1]),
        "grad of max along a dim": values.grad_fn(g),
        "grad of the other dim": x.max(0).values.grad_fn(h),
        "indices": indices,
    }


@check("lab3.arrays", x=distinct(2, 3, 4), g=normal(2, 3, 4))
def maxima_with_dims_and_keepdim(lib, x, g):
    """Without ties the largest element gets the whole gradient, dimension kept or dropped."""
    x, g = lib.tensor(x, requires_grad=True), lib.tensor(g)
    return {
        "grad of amax": x.amax(-1).grad_fn(g[:, :, 0]),
        "grad of amax of two": x.amax((0, 2)).grad_fn(g[0, :, 0]),
        "grad of amax with keepdim": x.amax((0, 1), keepdim=True).grad_fn(g[:1, :1]),
        "grad of max with keepdim": x.max(1, keepdim=True).values.grad_fn(g[:, :1]),
        "grad of max in front": x.max(0).values.grad_fn(g[0]),
    }


@check("lab3.arrays", x=normal(4, 3, dtype="float32"), g=normal(4, 3, dtype="float32"))
def single_precision_stays_single(lib, x, g):
    """The gradient of a float32 operand is float32, whatever was counted on the way."""
    x, g = lib.tensor(x, requires_grad=True), lib.tensor(g)
    of_left, of_right = (x @ x.t().detach()).grad_fn(g @ g.t())
    return {
        "grad of mean": x.mean(0).grad_fn(g[0]),
        "grad of sum": x.sum().grad_fn(g[1, 1]),
        "grad of matmul": [of_left, of_right],
        "grad of index": x[lib.tensor([0, 0, 3])].grad_fn(g[:3]),
        "grad of amax": x.amax(0).grad_fn(g[0]),
    }
