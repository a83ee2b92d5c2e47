"""Lab 7: where a tensor is, where it should be, and which tensors may meet."""


def to(tensor, device, dtype, copy, convert):
    """`tensor` on `device` in `dtype`: itself if it is there and so already, else a copy.

    Given: `device` and `dtype`, where `None` means whatever the tensor has; `copy`, whether to make
    a copy in any case; `convert(tensor, device, dtype)`, which makes the copy and records it, so
    that the gradient finds its way back. `tensor` itself never changes.
    """
    if device is None:
        device = tensor.device
    if dtype is None:
        dtype = tensor.dtype
    if device == tensor.device and dtype is tensor.dtype and not copy:
        return tensor
    return convert(tensor, device, dtype)


def together(operands):
    """The device on which an operation on `operands` runs and where its result is.

    Given: `operands`, a list of things with a `device` and an `ndim`. All have to be on one device,
    but a CPU tensor without dimensions may meet tensors of any device. Nothing is moved to make
    them meet.

    Raises:
        RuntimeError: two of them are on different devices; the message names both.
    """
    found = None
    for each in operands:
        if each.device.type == "cpu" and each.ndim == 0:
            continue
        if found is not None and each.device != found:
            raise RuntimeError(
                "Expected all tensors to be on the same device, but found at least two devices, "
                f"{found} and {each.device}!"
            )
        found = each.device
    return operands[0].device if found is None else found
