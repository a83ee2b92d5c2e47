"""Lab 1: what an in-place operation or `out=` may do to its target."""

import warnings

from dltk.core.dtypes import DType


def check_target(
    shape: tuple[int, ...],
    strides: tuple[int, ...],
    dtype: DType,
    result_shape: tuple[int, ...],
    result_dtype: DType,
) -> None:
    """Refuse an in-place write of a result into a target of `shape`, `strides` and `dtype`.

    Given: `result_shape` and `result_dtype`, what the operation gives when it is not in place.

    Raises:
        RuntimeError: the target would have to grow; the result's category is higher than the
            target's; or several elements of the target share one cell (stride 0, size above 1).
    """
    # BEGIN SOLUTION lab1.write
    if shape != result_shape:
        raise RuntimeError(
            f"output with shape {list(shape)} doesn't match the broadcast shape "
            f"{list(result_shape)}"
        )
    if result_dtype.category > dtype.category:
        raise RuntimeError(
            f"result type {result_dtype.name} can't be cast to the desired output type {dtype.name}"
        )
    if any(stride == 0 and size > 1 for size, stride in zip(shape, strides, strict=True)):
        raise RuntimeError(
            "unsupported operation: more than one element of the written-to tensor refers to a "
            "single memory location. Please clone() the tensor before performing the operation."
        )
    # END SOLUTION


def resizes(shape: tuple[int, ...], result_shape: tuple[int, ...]) -> bool:
    """Whether an `out=` tensor of `shape` must be resized to hold a result of `result_shape`.

    Warns (`UserWarning`) when a tensor that holds elements is resized.
    """
    # BEGIN SOLUTION lab1.write
    if shape == result_shape:
        return False
    if 0 not in shape:
        warnings.warn(
            f"An output with one or more elements was resized since it had shape {list(shape)}, "
            f"which does not match the required output shape {list(result_shape)}.",
            stacklevel=4,
        )
    return True
    # END SOLUTION
