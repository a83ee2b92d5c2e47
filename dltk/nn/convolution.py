"""Lab 6: convolution as a matrix product over windows, and the way back.

Images are raw arrays (N, C, H, W); sizes come in pairs, rows before columns. Given, in
`dltk.nn.image_memory`: `blank(ops, shape, like)` gives zeros, and `elements(windows)` the first
element of every window, then the second, and so on.
"""

from dltk.nn.image_memory import blank, elements
from dltk.nn.windows import windows


def columns_of(ops, found, groups):
    """Windows (N, C, kh, kw, oh, ow) as matrices (groups, C/groups·kh·kw, oh·ow·N).

    Each column holds one window; each group of channels has a matrix of its own.
    """
    batch, channels, height, width, *places = found.shape
    in_order = ops.permute(found, (1, 2, 3, 4, 5, 0))
    count = places[0] * places[1] * batch
    return ops.reshape(in_order, (groups, channels // groups * height * width, count))


def conv2d(ops, x, weight, bias, stride, padding, dilation, groups):
    """Every window of `x` times every kernel: `x` (N, C, H, W), `weight` (O, C/groups, kh, kw).

    Group i of the output channels sees group i of the input channels. `bias` (O) or `None`.
    """
    found = windows(ops, x, weight.shape[2:], stride, padding, dilation)
    columns = columns_of(ops, found, groups)
    kernels = ops.reshape(weight, (groups, weight.shape[0] // groups, columns.shape[1]))
    result = ops.matmul(kernels, columns)
    result = ops.reshape(result, (weight.shape[0], *found.shape[4:], len(x)))
    if bias is not None:
        result += ops.reshape(bias, (-1, 1, 1, 1))
    return ops.permute(result, (3, 0, 1, 2))


def fold(ops, columns, size, stride, padding, dilation):
    """Each element of each window added where it came from: (N, C, *size).

    columns: an array (N, C, kh, kw, oh, ow) such as `windows` gives of an image of that size.
    """
    batch, channels, *kernel, _, _ = columns.shape
    height, width = size[0] + 2 * padding[0], size[1] + 2 * padding[1]
    image = blank(ops, (batch, channels, height, width), columns)
    places = windows(ops, image, kernel, stride, (0, 0), dilation)
    for place, each in zip(elements(places), elements(columns), strict=True):
        place += each
    return image[:, :, padding[0] : height - padding[0], padding[1] : width - padding[1]]
