"""Windows of images as columns, and columns added up to images: `unfold` and `fold`."""

from __future__ import annotations

from typing import Any, NamedTuple

from dltk.core.dispatch import apply
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor
from dltk.nn import convolution as lab
from dltk.nn.given_rules import give, run
from dltk.nn.image_memory import Pair
from dltk.nn.module import Module
from dltk.nn.window_arguments import check_dtype, check_tensor, numbers
from dltk.nn.windows import window_count, windows


class Windows(NamedTuple):
    """Which windows an image is cut into."""

    kernel: Pair
    stride: Pair
    padding: Pair
    dilation: Pair


def _unfold(ops: Any, x: Any, how: Windows) -> Any:
    """(N, C, H, W) or (C, H, W) as (N, C·kh·kw, windows) or without N."""
    found = windows(ops, x if x.ndim == 4 else x[None], *how)
    batch, channels, *kernel, height, width = found.shape
    shape = (batch, channels * kernel[0] * kernel[1], height * width)
    # Copied first: windows of one element are the image itself, which others may write to.
    columns = ops.reshape(ops.xp.array(found, order="C"), shape)
    return columns if x.ndim == 4 else columns[0]


def _fold(ops: Any, x: Any, size: Pair, how: Windows) -> Any:
    columns = x if x.ndim == 3 else x[None]
    kernel, stride, padding, dilation = how
    counts = tuple(map(window_count, size, kernel, stride, padding, dilation))
    channels = columns.shape[1] // (kernel[0] * kernel[1])
    found = ops.reshape(columns, (len(columns), channels, *kernel, *counts))
    image = lab.fold(ops, found, size, stride, padding, dilation)
    return image if x.ndim == 3 else image[0]


_im2col = Primitive("unfold", "x", _unfold, "Im2ColBackward0", "how")
_col2im = Primitive("fold", "x", _fold, "Col2ImBackward0", "size how")
give(
    _im2col,
    (lambda ops, g, x_shape, how: run(ops, _col2im, (g,), (tuple(x_shape[-2:]), how)),),
    (lambda ops, t, how: run(ops, _im2col, (t,), (how,)),),
)
give(
    _col2im,
    (lambda ops, g, how: run(ops, _im2col, (g,), (how,)),),
    (lambda ops, t, size, how: run(ops, _col2im, (t,), (size, how)),),
)


def unfold(
    input: Tensor, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1
) -> Tensor:
    """Each window of images (N, C, H, W) or (C, H, W) as a column: (N, C·kh·kw, windows).

    As `torch.nn.functional.unfold`.

    Raises:
        RuntimeError: the input has other dimensions or no elements, an argument is out of range,
            or no window fits.
    """
    check_tensor("unfold", "input", input)
    how = _windows_of("unfold", kernel_size, stride, padding, dilation)
    if input.ndim < 3:
        raise IndexError(f"unfold() expects 3D or 4D input, but got {list(input.shape)}")
    if input.ndim > 4 or 0 in input.shape[-3:]:
        raise RuntimeError(
            "Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero "
            f"dimensions for input, but got: {list(input.shape)}"
        )
    check_dtype("im2col_out_cpu", input, "int64", "shorter integers")
    return apply(_im2col, (input,), (how,), input.dtype)


def fold(
    input: Tensor,
    output_size: Any,
    kernel_size: Any,
    dilation: Any = 1,
    padding: Any = 0,
    stride: Any = 1,
) -> Tensor:
    """Columns (N, C·kh·kw, windows) or (C·kh·kw, windows) added where `unfold` takes them from.

    As `torch.nn.functional.fold`.

    Raises:
        RuntimeError: the columns are not as many or as long as an image of `output_size` gives.
    """
    check_tensor("fold", "input", input)
    size = numbers("fold", "output_size", output_size)
    how = _windows_of("fold", kernel_size, stride, padding, dilation)
    if input.ndim not in (2, 3) or 0 in input.shape[-2:]:
        raise RuntimeError(
            "Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and "
            f"non-zero dimensions for input, but got: {list(input.shape)}"
        )
    if input.shape[-2] % (how.kernel[0] * how.kernel[1]):
        raise RuntimeError(
            "Expected size of input's dimension 1 to be divisible by the product of kernel_size, "
            f"but got input of shape {list(input.shape)} and kernel_size={how.kernel}"
        )
    counts = tuple(map(window_count, size, *how))
    if min(counts) < 1 or counts[0] * counts[1] != input.shape[-1]:
        raise RuntimeError(
            f"Given output_size={size}, {_named(how)}, expected size of input's last dimension to "
            f"match the calculated number of sliding blocks {counts[0]} * {counts[1]} = "
            f"{counts[0] * counts[1]}, but got input of shape {list(input.shape)}"
        )
    check_dtype("col2im_out_cpu", input, "int64", "shorter integers")
    return apply(_col2im, (input,), (size, how), input.dtype)


def _windows_of(name: str, kernel: Any, stride: Any, padding: Any, dilation: Any) -> Windows:
    how = Windows(
        numbers(name, "kernel_size", kernel),
        numbers(name, "stride", stride),
        numbers(name, "padding", padding),
        numbers(name, "dilation", dilation),
    )
    for what, values in (("kernel size", how.kernel), ("stride", how.stride),
                         ("dilation", how.dilation)):  # fmt: skip
        if min(values) < 1:
            raise RuntimeError(f"{what} should be greater than zero, but {name}() got {values}")
    if min(how.padding) < 0:
        raise RuntimeError(f"padding should be non-negative, but {name}() got {how.padding}")
    return how


def _named(how: Windows) -> str:
    return (
        f"kernel_size={how.kernel}, dilation={how.dilation}, padding={how.padding}, "
        f"stride={how.stride}"
    )


class _Folding(Module):
    _names: tuple[str, ...] = ("kernel_size", "dilation", "padding", "stride")

    def __init__(self, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1):
        super().__init__()
        self.kernel_size, self.dilation = kernel_size, dilation
        self.padding, self.stride = padding, stride

    def _arguments(self) -> tuple:
        return self.kernel_size, self.dilation, self.padding, self.stride

    def extra_repr(self) -> str:
        return ", ".join(f"{name}={getattr(self, name)}" for name in self._names)


class Unfold(_Folding):
    """Each window of an image as a column. As `torch.nn.Unfold`."""

    def forward(self, input: Tensor) -> Tensor:
        return unfold(input, *self._arguments())


class Fold(_Folding):
    """Columns added where `Unfold` takes them from. As `torch.nn.Fold`."""

    _names = ("output_size", *_Folding._names)

    def __init__(
        self,
        output_size: Any,
        kernel_size: Any,
        dilation: Any = 1,
        padding: Any = 0,
        stride: Any = 1,
    ):
        super().__init__(kernel_size, dilation, padding, stride)
        self.output_size = output_size

    def forward(self, input: Tensor) -> Tensor:
        return fold(input, self.output_size, *self._arguments())
