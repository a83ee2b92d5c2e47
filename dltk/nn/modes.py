"""Lab 6: training and evaluation mode of a whole model, and training only a new part of it."""


def set_mode(module, mode):
    """Set `training` of `module` and, by their own `train`, of its children; return the module."""
    module.training = mode
    for child in module.children():
        child.train(mode)
    return module


def freeze(module):
    """Make `module` as constant as it can be: no parameter asks for gradients, and all of it is in
    evaluation, so that no running statistic moves; return the module."""
    for parameter in module.parameters():
        parameter.requires_grad_(False)
    return module.eval()


def replace_head(model, name, head):
    """Put `head` into `model` under `name`; all else is frozen, and the head in training.

    Returns:
        The parameters of the head, which are what an optimizer should get.
    """
    freeze(model)
    setattr(model, name, head)
    return list(head.train().parameters())
