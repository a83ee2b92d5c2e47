"""Changing the dtype or the device of everything a module holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from dltk.core.device import Device
from dltk.core.dtypes import DType, float16, float32, float64
from dltk.core.tensor import Tensor
from dltk.nn.moving import move

Self = TypeVar("Self", bound="Convertible")


class Convertible:
    """The conversions of a Module, which brings `modules()`."""

    modules: Callable[[], Iterator[Any]]

    def _apply(self: Self, convert: Callable[[Tensor], Tensor]) -> Self:
        """Put what `convert` makes of every parameter, gradient and buffer in its place."""
        move(self, convert)
        return self

    def to(self: Self, *args: Any, **kwargs: Any) -> Self:
        """Change the dtype of floating-point parameters and buffers, or the device, in place.

        Takes a device, a dtype, both, or a tensor that has them, as `torch.nn.Module.to`.

        Raises:
            TypeError: the dtype is not a floating-point one.
        """
        others = [each for each in (*args, *kwargs.values()) if not isinstance(each, DType)]
        for each in (*args, *kwargs.values()):
            if isinstance(each, DType) and not each.is_floating_point:
                raise TypeError(
                    "nn.Module.to only accepts floating point or complex dtypes, but got desired "
                    f"dtype={each}"
                )
        device = [each for each in others if not isinstance(each, bool) and each is not None]
        for each in device:
            if isinstance(each, str):
                Device(each)  # refused where there is nothing to move, too

        def convert(tensor: Tensor) -> Tensor:
            if tensor.is_floating_point():
                return tensor.to(*args, **kwargs)
            places = [each.device if isinstance(each, Tensor) else each for each in device]
            return tensor.to(*places) if places else tensor

        return self._apply(convert)

    def _cast(self: Self, dtype: DType) -> Self:
        return self._apply(lambda each: each.to(dtype) if each.is_floating_point() else each)

    def type(self: Self, dst_type: DType) -> Self:
        """Make all parameters and buffers of this dtype."""
        return self._apply(lambda each: each.to(dst_type))

    def float(self: Self) -> Self:
        """Make all floating-point parameters and buffers float32."""
        return self._cast(float32)

    def double(self: Self) -> Self:
        """Make all floating-point parameters and buffers float64."""
        return self._cast(float64)

    def half(self: Self) -> Self:
        """Make all floating-point parameters and buffers float16."""
        return self._cast(float16)

    def bfloat16(self: Self) -> Self:
        """Not in scope: dltk has no such dtype."""
        raise NotImplementedError("bfloat16 is not in dltk's scope")

    def to_empty(self: Self, *, device: Any, recurse: bool = True) -> Self:
        """Bring everything to a device without its values."""
        return self._apply(lambda each: each.new_empty(each.shape).to(device))

    def cpu(self: Self) -> Self:
        """Bring all parameters and buffers to the CPU."""
        return self.to("cpu")

    def cuda(self: Self, device: Any = None) -> Self:
        """Bring all parameters and buffers to a GPU, the current one by default."""
        return self._apply(lambda each: each.cuda(device))

    def sim(self: Self, device: Any = None) -> Self:
        """Bring all parameters and buffers to a simulated accelerator, by default the current."""
        return self._apply(lambda each: each.sim(device))
