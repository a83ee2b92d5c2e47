"""The layers of `dltk.nn` written with the operations of `dltk` alone, as their formulas read.

Nothing here is quick. What one node of a layer computes is compared with these.
"""

import itertools
import math

import dltk


def softmax(x, dim):
    powers = (x - x.detach().amax(dim, True)).exp()
    return powers / powers.sum(dim, True)


def log_softmax(x, dim):
    shifted = x - x.detach().amax(dim, True)
    return shifted - shifted.exp().sum(dim, True).log()


def gelu(x):
    return 0.5 * x * (1 + (x * math.sqrt(0.5)).erf())


def tanh_gelu(x):
    return 0.5 * x * (1 + (math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)).tanh())


def linear(x, weight, bias=None):
    result = (x.unsqueeze(-2) * weight).sum(-1)
    return result if bias is None else result + bias


def standardize(x, dims, eps=1e-5):
    distance = x - x.mean(dims, True)
    return distance / ((distance * distance).mean(dims, True) + eps).sqrt()


def layer_norm(x, weight, bias):
    return standardize(x, tuple(range(-weight.ndim, 0))) * weight + bias


def group_norm(x, groups, weight, bias):
    batch, channels, *size = x.shape
    folded = x.reshape(batch, groups, channels // groups, *size)
    whole = standardize(folded, tuple(range(2, folded.ndim))).reshape(x.shape)
    return scale_channels(whole, weight, bias)


def scale_channels(x, scale, shift):
    wide = (-1, *[1] * (x.ndim - 2))
    return x * scale.reshape(wide) + shift.reshape(wide)


def batch_norm(x, weight, bias):
    return scale_channels(standardize(x, (0, *range(2, x.ndim))), weight, bias)


def embedding(indices, weight):
    numbers = dltk.arange(weight.shape[0])
    return (indices.unsqueeze(-1) == numbers).to(weight.dtype) @ weight


def nll_loss(x, target, weight, ignore_index, reduction):
    """For x (N, C, …) with the classes in dimension 1."""
    numbers = dltk.arange(x.shape[1])
    chosen = (target.unsqueeze(-1) == numbers).to(x.dtype).movedim(-1, 1)
    shares = chosen * (target != ignore_index).to(x.dtype).unsqueeze(1)
    if weight is not None:
        shares = shares * weight.reshape(-1, *[1] * (x.ndim - 2))
    losses = -(x * shares).sum(1)
    if reduction == "none":
        return losses
    return losses.sum() / shares.sum() if reduction == "mean" else losses.sum()


def mse_loss(x, y, reduction):
    squares = (x - y) * (x - y)
    return {"none": squares, "sum": squares.sum(), "mean": squares.mean()}[reduction]


def framed(x, before, after, value=0.0):
    """`x` with `value` around its last two dimensions."""
    for dim, front, back in ((-2, before[0], after[0]), (-1, before[1], after[1])):
        ends = [
            dltk.full(
                [count if d == x.ndim + dim else n for d, n in enumerate(x.shape)],
                value,
                dtype=x.dtype,
            )
            for count in (front, back)
        ]
        x = dltk.cat([ends[0], x, ends[1]], dim)
    return x


def window_parts(x, kernel, stride, padding, dilation, fill=0.0):
    """The first element of every window of x (…, H, W), then the second, …, row by row."""
    x = framed(x, padding, padding, fill)
    counts = [
        (n - d * (k - 1) - 1) // s + 1
        for n, k, s, d in zip(x.shape[-2:], kernel, stride, dilation, strict=True)
    ]
    for i, j in itertools.product(*map(range, kernel)):
        rows, columns = (
            slice(d * at, d * at + s * (c - 1) + 1, s)
            for at, c, s, d in zip((i, j), counts, stride, dilation, strict=True)
        )
        yield x[..., rows, columns]


def conv2d(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    parts = []
    for images, kernels in zip(x.chunk(groups, 1), weight.chunk(groups, 0), strict=True):
        total = 0
        each = kernels.flatten(2).unbind(-1)
        found = window_parts(images, weight.shape[2:], stride, padding, dilation)
        for part, matrix in zip(found, each, strict=True):
            total = total + (part.unsqueeze(1) * matrix[..., None, None]).sum(2)
        parts.append(total)
    result = dltk.cat(parts, 1)
    return result if bias is None else result + bias.reshape(-1, 1, 1)


def conv_transpose2d(x, weight, bias, stride, padding, groups):
    """The adjoint of a convolution, taken by differentiating one."""
    height, width = (
        (n - 1) * s - 2 * p + k
        for n, s, p, k in zip(x.shape[2:], stride, padding, weight.shape[2:], strict=True)
    )
    channels = weight.shape[1] * groups
    images = dltk.zeros(x.shape[0], channels, height, width, dtype=x.dtype, requires_grad=True)
    product = (conv2d(images, weight, None, stride, padding, (1, 1), groups) * x).sum()
    (result,) = dltk.autograd.grad(product, images, create_graph=True)
    return result if bias is None else result + bias.reshape(-1, 1, 1)


def unfold(x, kernel, dilation, padding, stride):
    parts = dltk.stack(list(window_parts(x, kernel, stride, padding, dilation)), 2)
    return parts.reshape(x.shape[0], x.shape[1] * math.prod(kernel), -1)


def fold(columns, size, kernel, dilation, padding, stride):
    """The adjoint of `unfold`, taken by differentiating it."""
    channels = columns.shape[1] // math.prod(kernel)
    images = dltk.zeros(columns.shape[0], channels, *size, dtype=columns.dtype, requires_grad=True)
    product = (unfold(images, kernel, dilation, padding, stride) * columns).sum()
    return dltk.autograd.grad(product, images, create_graph=True)[0]


def max_pool2d(x, kernel, stride, padding):
    parts = list(window_parts(x, kernel, stride, padding, (1, 1), -math.inf))
    return dltk.stack(parts, -1).max(-1).values


def avg_pool2d(x, kernel, stride, padding):
    parts = list(window_parts(x, kernel, stride, padding, (1, 1)))
    return dltk.stack(parts, -1).mean(-1)


def adaptive_avg_pool2d(x, size):
    rows, columns = (
        [(n * i // count, -(-n * (i + 1) // count)) for i in range(count)]
        for n, count in zip(x.shape[-2:], size, strict=True)
    )
    means = [
        x[..., top:bottom, left:right].mean((-2, -1))
        for (top, bottom), (left, right) in itertools.product(rows, columns)
    ]
    return dltk.stack(means, -1).reshape(*x.shape[:-2], *size)


def at_places(x, rows, columns):
    """The rows and columns of x (N, C, H, W) at these numbers."""
    return x.index_select(2, dltk.tensor(rows)).index_select(3, dltk.tensor(columns))
