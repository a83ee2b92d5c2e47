"""Lab 8: from the bytes of a picture to the numbers a model wants.

Given, in `dltk.pictures`: `pixels_of(picture)` is a copy of the picture as an array of HxWxC, and
`check_normalizable(picture, std)` refuses what cannot be normalized.
"""

from dltk.core.dtypes import get_default_dtype, uint8
from dltk.ops.create import as_tensor
from dltk.pictures import Lambda, check_normalizable, pixels_of

__all__ = ["Compose", "Lambda", "Normalize", "ToTensor"]


class Compose:
    """One transform after the other, the first one first."""

    def __init__(self, transforms):
        self.transforms = transforms

    def __call__(self, picture):
        """The picture after all transforms."""
        for transform in self.transforms:
            picture = transform(picture)
        return picture


class ToTensor:
    """A picture of HxWxC or HxW as a tensor of CxHxW; bytes become floats from 0 to 1.

    Raises:
        TypeError: not an array or a picture that becomes one.
        ValueError: not 2 or 3 dimensions.
    """

    def __call__(self, picture):
        """A contiguous tensor; bytes in the default dtype, anything else in its own dtype."""
        channels_first = as_tensor(pixels_of(picture)).permute(2, 0, 1).contiguous()
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
        """A new tensor, or `picture` itself with `inplace`; `mean` and `std` are sequences of C."""
        check_normalizable(picture, as_tensor(self.std))
        mean = as_tensor(self.mean, dtype=picture.dtype).reshape(-1, 1, 1)
        std = as_tensor(self.std, dtype=picture.dtype).reshape(-1, 1, 1)
        result = picture if self.inplace else picture.clone()
        return result.sub_(mean).div_(std)
