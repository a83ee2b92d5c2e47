"""Checks of `lab3.arrays`: each rule alone, by calling the node that holds it with an adjoint.

A rule serves tensors while a backward pass is recorded, and plain arrays otherwise: both are tried.
"""

from autograder.checks.draws import distinct, integers, nonzero, normal, permutation
from autograder.checks.spec import check


@check("lab3.arrays", x=normal(2, 3, 4), g=normal(2, 3, 4))
def sums(lib, x, g):
    """The adjoint of a sum is repeating: over all dimensions, over some, kept as 1 or dropped."""
    x, g = lib.tensor(x, requires_grad=True), lib.tensor(g)
    sent = {
        "all": (x.sum(), g[0, 0, 0]),
        "one": (x.sum(1), g[:, 0]),
        "the last": (x.sum(-1), g[:, :, 0]),
        "two": (x.sum((0, 2)), g[0, :, 0]),
        "two, backward": (x.sum((2, 0)), g[0, :, 0]),
        "one with keepdim": (x.sum(1, keepdim=True), g[:, :1]),
        "two with keepdim": (x.sum((0, -1), keepdim=True), g[:1, :, :1]),
    }
    grads = {}
    for recording in (True, False):
        with lib.set_grad_enabled(recording):
            for name, (z, arrived) in sent.items():
                grads[f"grad of {name}, {'recorded' if recording else 'plain'}"] = z.grad_fn(
                    arrived
                )
    return grads


@check("lab3.arrays", x=normal(2, 3, 5), g=normal(2, 3, 5))
def means(lib, x, g):
    """The adjoint of a mean is repeating, divided by how many elements were averaged."""
    x, g = lib.tensor(x, requires_grad=True), lib.tensor(g)
    sent = {
        "all": (x.mean(), g[0, 0, 0]),
        "one": (x.mean(0), g[0]),
        "two": (x.mean((0, 2)), g[0, :, 0]),
        "one with keepdim": (x.mean(-1, keepdim=True), g[:, :, :1]),
    }
    grads = {}
    for recording in (True, False):
        with lib.set_grad_enabled(recording):
            for name, (z, arrived) in sent.items():
                grads[f"grad of {name}, {'recorded' if recording else 'plain'}"] = z.grad_fn(
                    arrived
                )
    return grads


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
    sent = {
        "X Y": (x @ y, lib.tensor(g)),
        "a batch": (lib.bmm(a, b), lib.tensor(h)),
        "Y alone": (lib.mm(x.detach(), y), lib.tensor(g)),
    }
    grads = {}
    for recording in (True, False):
        with lib.set_grad_enabled(recording):
            for name, (z, arrived) in sent.items():
                grads[f"grad of {name}, {'recorded' if recording else 'plain'}"] = z.grad_fn(
                    arrived
                )
    return grads


@check("lab3.arrays", x=normal(2, 3, 4), order=permutation(3), g=normal(24), y=normal(3, 2))
def transposing_and_reshaping(lib, x, order, g, y):
    """Moving elements is undone by moving them back: transpose, permute, reshape."""
    x, y, g = lib.tensor(x, requires_grad=True), lib.tensor(y, requires_grad=True), lib.tensor(g)
    moved = x.permute(order)
    sent = {
        "transpose": (x.transpose(0, 2), g.reshape(4, 3, 2)),
        "negative dims": (x.transpose(-1, 1), g.reshape(2, 4, 3)),
        "permute": (moved, g.reshape(moved.shape)),
        "t": (y.t(), g[:6].reshape(2, 3)),
        "reshape": (x.reshape(4, 6), g.reshape(4, 6)),
        "reshape to -1": (x.reshape(-1), g),
        "view": (x.view(1, 24), g.reshape(1, 24)),
    }
    grads = {}
    for recording in (True, False):
        with lib.set_grad_enabled(recording):
            for name, (z, arrived) in sent.items():
                grads[f"grad of {name}, {'recorded' if recording else 'plain'}"] = z.grad_fn(
                    arrived
                )
    return grads


@check("lab3.arrays", weight=2, x=normal(4, 3), rows=integers(0, 3, 7), g=normal(7, 3))
def repeated_indices_add_up(lib, x, rows, g):
    """An element taken several times gets the sum of what its copies got; the rest gets 0."""
    x, rows, g = lib.tensor(x, requires_grad=True), lib.tensor(rows), lib.tensor(g)
    one = lib.tensor([1, 0, 0])
    columns = lib.tensor([2, 2, 0, 1, 2, 2, 0])
    sent = {
        "rows": (x[rows], g),
        "columns": (x[:, one], g[:4]),
        "pairs": (x[rows, columns], g[:, 0]),
        "a table": (x[rows.reshape(7, 1), columns[:3]], g),
    }
    grads = {}
    for recording in (True, False):
        with lib.set_grad_enabled(recording):
            for name, (z, arrived) in sent.items():
                grads[f"grad of {name}, {'recorded' if recording else 'plain'}"] = z.grad_fn(
                    arrived
                )
    return grads


@check(
    "lab3.arrays", x=normal(2, 3), y=normal(2, 1), z=normal(2, 2), g=normal(2, 6), h=normal(4, 3)
)
def concatenation(lib, x, y, z, g, h):
    """Each part of a concatenation gets its own part of the gradient."""
    x, y, z, c = (lib.tensor(each, requires_grad=True) for each in (x, y, z, 2 * x))
    g, h = lib.tensor(g), lib.tensor(h)
    sent = {
        "columns": (lib.cat([x, y, z], 1), g),
        "rows": (lib.cat([x, c]), h),
        "one tensor twice": (lib.cat([x, x], -1), g),
    }
    grads = {}
    for recording in (True, False):
        with lib.set_grad_enabled(recording):
            for name, (z, arrived) in sent.items():
                grads[f"grad of {name}, {'recorded' if recording else 'plain'}"] = z.grad_fn(
                    arrived
                )
    return grads


@check("lab3.arrays", weight=2, x=distinct(3, 4), g=nonzero(3), h=nonzero(4), top=integers(5, 9))
def tied_maxima_share_or_take_all(lib, x, g, h, top):
    """Ties share the gradient of amax and max(); max(dim) gives it whole to the index it found."""
    x[0, 1:3] = top
    x[2, 0:4] = top + 0.5
    x, g, h = lib.tensor(x, requires_grad=True), lib.tensor(g), lib.tensor(h)
    values, indices = x.max(1)
    sent = {
        "amax": (x.amax(1), g),
        "amax of all": (x.amax((0, 1)), g[0]),
        "max of all": (x.max(), g[1]),
        "max along a dim": (values, g),
        "max along the other dim": (x.max(0).values, h),
    }
    grads = {}
    for recording in (True, False):
        with lib.set_grad_enabled(recording):
            for name, (z, arrived) in sent.items():
                grads[f"grad of {name}, {'recorded' if recording else 'plain'}"] = z.grad_fn(
                    arrived
                )
    return grads | {"indices": indices}


@check("lab3.arrays", x=distinct(2, 3, 4), g=normal(2, 3, 4))
def maxima_with_dims_and_keepdim(lib, x, g):
    """Without ties the largest element gets the whole gradient, dimension kept or dropped."""
    x, g = lib.tensor(x, requires_grad=True), lib.tensor(g)
    sent = {
        "amax": (x.amax(-1), g[:, :, 0]),
        "amax of two": (x.amax((0, 2)), g[0, :, 0]),
        "amax with keepdim": (x.amax((0, 1), keepdim=True), g[:1, :1]),
        "max with keepdim": (x.max(1, keepdim=True).values, g[:, :1]),
        "max in front": (x.max(0).values, g[0]),
    }
    grads = {}
    for recording in (True, False):
        with lib.set_grad_enabled(recording):
            for name, (z, arrived) in sent.items():
                grads[f"grad of {name}, {'recorded' if recording else 'plain'}"] = z.grad_fn(
                    arrived
                )
    return grads


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
