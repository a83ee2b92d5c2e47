"""Convolutions as layers."""

from __future__ import annotations

import math
from typing import Any

from dltk.core.tensor import Tensor
from dltk.nn import conv_functions, init
from dltk.nn.module import Module
from dltk.nn.padding import pad
from dltk.nn.parameter import Parameter
from dltk.ops.create import empty

_PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


def _repeated(value: Any, count: int) -> tuple[int, ...]:
    return tuple(value) if isinstance(value, tuple | list) else (value,) * count


class _Convolution(Module):
    """What the layers share: their parameters, initial values and printing."""

    ndim: int
    transposed = False

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
        output_padding: Any = 0,
    ):
        super().__init__()
        self._check(in_channels, out_channels, groups, padding, stride, padding_mode)
        if any(not isinstance(each, int) for each in _repeated(kernel_size, self.ndim)):
            raise TypeError(f"kernel_size must be integers, got {kernel_size!r}")
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = _repeated(kernel_size, self.ndim)
        self.stride = _repeated(stride, self.ndim)
        self.padding = padding if isinstance(padding, str) else _repeated(padding, self.ndim)
        self.dilation = _repeated(dilation, self.ndim)
        self.output_padding = _repeated(output_padding, self.ndim)
        self.groups = groups
        self.padding_mode = padding_mode
        outer, inner = out_channels, in_channels
        if self.transposed:
            outer, inner = inner, outer
        self.weight = Parameter(
            empty(outer, inner // groups, *self.kernel_size, device=device, dtype=dtype)
        )
        shift = Parameter(empty(out_channels, device=device, dtype=dtype)) if bias else None
        self.register_parameter("bias", shift)
        self.reset_parameters()

    def _check(
        self,
        in_channels: int,
        out_channels: int,
        groups: int,
        padding: Any,
        stride: Any,
        padding_mode: str,
    ) -> None:
        if groups <= 0:
            raise ValueError(f"groups must be a positive integer, got {groups}")
        for name, channels in (("in_channels", in_channels), ("out_channels", out_channels)):
            if channels % groups:
                raise ValueError(f"{name} must be divisible by groups, got {channels} and {groups}")
        if isinstance(padding, str):
            if padding not in ("same", "valid"):
                raise ValueError(
                    f"Invalid padding string {padding!r}, should be one of 'same' and 'valid'"
                )
            if padding == "same" and any(each != 1 for each in _repeated(stride, self.ndim)):
                raise ValueError("padding='same' is not supported for strided convolutions")
        if padding_mode not in _PADDING_MODES:
            raise ValueError(
                f"padding_mode must be one of {_PADDING_MODES}, but got "
                f"padding_mode='{padding_mode}'"
            )

    def reset_parameters(self) -> None:
        """Draw the initial values: uniform on ±1/√n, n the number of weights of one output."""
        init.kaiming_uniform_(self.weight, math.sqrt(5))
        if self.bias is not None:
            fan_in = self.weight.shape[1] * math.prod(self.kernel_size)
            if fan_in:
                limit = 1 / math.sqrt(fan_in)
                init.uniform_(self.bias, -limit, limit)

    def extra_repr(self) -> str:
        text = (
            f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, "
            f"stride={self.stride}"
        )
        if self.padding != (0,) * self.ndim:
            text += f", padding={self.padding}"
        if self.dilation != (1,) * self.ndim:
            text += f", dilation={self.dilation}"
        if self.output_padding != (0,) * self.ndim:
            text += f", output_padding={self.output_padding}"
        if self.groups != 1:
            text += f", groups={self.groups}"
        if self.bias is None:
            text += ", bias=False"
        if self.padding_mode != "zeros":
            text += f", padding_mode={self.padding_mode}"
        return text

    def _framed(self, input: Tensor) -> tuple[Tensor, Any]:
        """The input with the frame that is not of zeros, and the padding still to be done."""
        if self.padding_mode == "zeros":
            return input, self.padding
        widths: list[int] = []
        for dim in reversed(range(self.ndim)):
            if isinstance(self.padding, str):
                total = self.dilation[dim] * (self.kernel_size[dim] - 1)
                total = total if self.padding == "same" else 0
                widths += [total // 2, total - total // 2]
            else:
                widths += [self.padding[dim]] * 2
        return pad(input, widths, mode=self.padding_mode), 0


class Conv1d(_Convolution):
    """Kernels slid over signals (N, C, L) or (C, L). As `torch.nn.Conv1d`."""

    ndim = 1

    def forward(self, input: Tensor) -> Tensor:
        framed, padding = self._framed(input)
        return conv_functions.conv1d(
            framed, self.weight, self.bias, self.stride, padding, self.dilation, self.groups
        )


class Conv2d(_Convolution):
    """Kernels slid over images (N, C, H, W) or (C, H, W). As `torch.nn.Conv2d`."""

    ndim = 2

    def forward(self, input: Tensor) -> Tensor:
        framed, padding = self._framed(input)
        return conv_functions.conv2d(
            framed, self.weight, self.bias, self.stride, padding, self.dilation, self.groups
        )


class ConvTranspose2d(_Convolution):
    """The gradient of a convolution for its images, as a layer. As `torch.nn.ConvTranspose2d`."""

    ndim = 2
    transposed = True

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Any = 1,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ):
        if padding_mode != "zeros":
            raise ValueError(
                'Only "zeros" padding mode is supported for ConvTranspose2d, got '
                f"padding_mode={padding_mode!r}"
            )
        super().__init__(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            padding,
            dilation,
            groups,
            bias,
            padding_mode,
            device,
            dtype,
            output_padding,
        )

    def forward(self, input: Tensor, output_size: Any = None) -> Tensor:
        """`output_size`: the rows and columns of the result, between which `stride` leaves open."""
        more = self.output_padding if output_size is None else self._more(input, output_size)
        return conv_functions.conv_transpose2d(
            input,
            self.weight,
            self.bias,
            self.stride,
            self.padding,
            more,
            self.groups,
            self.dilation,
        )

    def _more(self, input: Tensor, output_size: Any) -> tuple[int, ...]:
        """The output padding that gives `output_size`."""
        sizes = tuple(output_size)
        if len(sizes) == input.ndim:
            sizes = sizes[-2:]
        if len(sizes) != 2:
            raise ValueError(
                f"ConvTranspose2D: for {input.ndim}D input, output_size must have 2 or "
                f"{input.ndim} elements (got {len(sizes)})"
            )
        least = [
            (input.shape[dim] - 1) * self.stride[dim]
            - 2 * int(self.padding[dim])
            + self.dilation[dim] * (self.kernel_size[dim] - 1)
            + 1
            for dim in (-2, -1)
        ]
        most = [n + s - 1 for n, s in zip(least, self.stride, strict=True)]
        if any(not low <= n <= high for low, n, high in zip(least, sizes, most, strict=True)):
            raise ValueError(
                f"requested an output size of {sizes}, but valid sizes range from {least} to "
                f"{most} (for an input of {tuple(input.shape[-2:])})"
            )
        return tuple(n - low for n, low in zip(sizes, least, strict=True))
