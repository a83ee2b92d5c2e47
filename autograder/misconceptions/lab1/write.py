"""Known-wrong and other right solutions of `lab1.write`."""

from autograder.misconceptions.spec import right, wrong


@wrong("lab1.write", blank="check_target")
def the_target_may_grow(shape, strides, dtype, result_shape, result_dtype):
    """the shape of the target is not compared with that of the result."""
    if result_dtype.category > dtype.category:
        raise RuntimeError("the result's category is higher")
    if any(stride == 0 and size > 1 for size, stride in zip(shape, strides, strict=False)):
        raise RuntimeError("elements share a cell")


@wrong("lab1.write", blank="check_target")
def floats_are_cut_to_integers(shape, strides, dtype, result_shape, result_dtype):
    """a float result is silently cut to the integers of the target."""
    if shape != result_shape:
        raise RuntimeError("the target would grow")
    if any(stride == 0 and size > 1 for size, stride in zip(shape, strides, strict=False)):
        raise RuntimeError("elements share a cell")


@wrong("lab1.write", blank="check_target")
def shared_cells_are_written_several_times(shape, strides, dtype, result_shape, result_dtype):
    """a cell that several elements share is written several times."""
    if shape != result_shape:
        raise RuntimeError("the target would grow")
    if result_dtype.category > dtype.category:
        raise RuntimeError("the result's category is higher")


@wrong("lab1.write", blank="check_target")
def every_stride_of_zero_is_refused(shape, strides, dtype, result_shape, result_dtype):
    """a stride of 0 is refused even along a dimension of size 1, where nothing is shared."""
    if shape != result_shape:
        raise RuntimeError("the target would grow")
    if result_dtype.category > dtype.category:
        raise RuntimeError("the result's category is higher")
    if 0 in strides:
        raise RuntimeError("elements share a cell")


@wrong("lab1.write", blank="check_target")
def the_dtypes_must_be_equal(shape, strides, dtype, result_shape, result_dtype):
    """the target must have the very dtype of the result, so float64 never goes into float32."""
    if shape != result_shape:
        raise RuntimeError("the target would grow")
    if result_dtype is not dtype:
        raise RuntimeError("the dtypes differ")
    if any(stride == 0 and size > 1 for size, stride in zip(shape, strides, strict=False)):
        raise RuntimeError("elements share a cell")


@wrong("lab1.write", blank="check_target")
def refused_with_a_value_error(shape, strides, dtype, result_shape, result_dtype):
    """a write that is not possible raises ValueError instead of RuntimeError."""
    if shape != result_shape:
        raise ValueError("the target would grow")
    if result_dtype.category > dtype.category:
        raise ValueError("the result's category is higher")
    if any(stride == 0 and size > 1 for size, stride in zip(shape, strides, strict=False)):
        raise ValueError("elements share a cell")


@wrong("lab1.write", blank="resizes")
def out_is_new_memory_every_time(shape, result_shape):
    """the result always goes into new memory, also where `out=` has the right shape."""
    if shape != result_shape and 0 not in shape:
        warnings.warn("out was resized", stacklevel=4)
    return True


@wrong("lab1.write", blank="resizes")
def out_is_never_resized(shape, result_shape):
    """`out=` of another shape is never resized."""
    return False


@wrong("lab1.write", blank="resizes")
def resized_without_a_warning(shape, result_shape):
    """`out=` of another shape is resized without a warning."""
    return shape != result_shape


@wrong("lab1.write", blank="resizes")
def an_empty_out_is_warned_about(shape, result_shape):
    """a warning is given even when `out=` held no element that could be lost."""
    if shape == result_shape:
        return False
    warnings.warn("out was resized", stacklevel=4)
    return True


def _compared_by_elements(shape, result_shape):
    if tuple(shape) == tuple(result_shape):
        return False
    elements = 1
    for size in shape:
        elements *= size
    if elements:
        warnings.warn(f"an output of shape {shape} is resized to {result_shape}", stacklevel=2)
    return True


@right("lab1.write", blank="check_target", also={"resizes": _compared_by_elements})
def reasons_are_collected(shape, strides, dtype, result_shape, result_dtype):
    """all reasons are collected, and the first of them is raised."""
    reasons = []
    if tuple(shape) != tuple(result_shape):
        reasons.append(f"a target of shape {shape} cannot hold {result_shape}")
    if dtype.category < result_dtype.category:
        reasons.append(f"{result_dtype.name} does not go into {dtype.name}")
    for size, stride in zip(shape, strides, strict=False):
        if size > 1 and stride == 0:
            reasons.append("several elements of the target lie in one cell")
    if reasons:
        raise RuntimeError(reasons[0])
