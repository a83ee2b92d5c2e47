"""Lab 7: moving a module to another device, or into another dtype, in place."""


def move(module, convert):
    """Let `convert(tensor)` give every parameter, gradient and buffer its new elements.

    The module's parameters stay the same objects: an optimizer holds on to them, and two layers may
    share one. `parameter.data = ...` replaces a parameter's elements, without being recorded.

    Given: `module.modules()`, the module and all below it; of each, `_parameters` and `_buffers`,
    dictionaries by name in which `None` may stand. `convert` gives back the same tensor where there
    is nothing to do.
    """
    for each in module.modules():
        for parameter in each._parameters.values():
            if parameter is not None:
                parameter.data = convert(parameter.data)
                if parameter.grad is not None:
                    parameter.grad.data = convert(parameter.grad.data)
        for name, buffer in each._buffers.items():
            if buffer is not None:
                each._buffers[name] = convert(buffer)
