"""Lab 8: from the bytes of a picture to the numbers a model wants."""

import numpy as np

from dltk.core.dtypes import get_default_dtype, uint8
from dltk.core.tensor import Tensor
from dltk.ops.create import as_tensor


class Compose:
    """One transform after the other, the first one first."""

    def __init__(self, transforms):
        self.transforms = transforms

    def __call__(self, picture):
        for transform in self.transforms:
            picture = transform(picture)
        return picture


class Lambda:
    """Any function as a transform; `TypeError` if it is none."""

    def __init__(self, lambd):
        if not callable(lambd):
            raise TypeError(f"Argument lambd should be callable, got {type(lambd).__name__}")
        self.lambd = lambd

    def __call__(self, picture):
        return self.lambd(picture)


class ToTensor:
    """A picture of HxWxC or HxW as a tensor of CxHxW; bytes become floats from 0 to 1.

    Raises:
        TypeError: not an array or a picture that becomes one.
        ValueError: not 2 or 3 dimensions.
    """

    def __call__(self, picture):
        if isinstance(picture, Tensor) or not hasattr(picture, "__array__"):
            raise TypeError(f"a picture should be an ndarray, got {type(picture).__name__}")
        pixels = np.array(picture)
        if pixels.ndim not in (2, 3):
            raise ValueError(f"a picture has 2 or 3 dimensions, got {pixels.ndim}")
        if pixels.ndim == 2:
            pixels = pixels[:, :, None]
        channels_first = as_tensor(pixels).permute(2, 0, 1).contiguous()
        if channels_first.dtype is uint8:
            return channels_first.to(get_default_dtype()) / 255
        return channels_first


class Normalize:
    """Each channel of CxHxW minus its `mean`, divided by its `std`; the picture stays as it was.

    Raises:
        TypeError: not a tensor of floats.
        ValueError: fewer than 3 dimensions, or a `std` of 0.
    """

    def __init__(self, mean, std, inplace=False):
        self.mean, self.std, self.inplace = mean, std, inplace

    def __call__(self, picture):
        if not isinstance(picture, Tensor) or not picture.is_floating_point():
            raise TypeError("Normalize needs a tensor of floats; put ToTensor before it")
        if picture.ndim < 3:
            raise ValueError(f"expected a tensor of (..., C, H, W), got {tuple(picture.shape)}")
        mean, std = (
            as_tensor(each, dtype=picture.dtype).reshape(-1, 1, 1) for each in (self.mean, self.std)
        )
        if (std == 0).any():
            raise ValueError("std holds a 0, by which nothing can be divided")
        result = picture if self.inplace else picture.clone()
        return result.sub_(mean).div_(std)
