"""Lab 5: which parameters an optimizer steps, with which options, and how gradients are cleared."""

from dltk.core.tensor import Tensor


def check_learning_rate(lr) -> None:
    """Refuse a negative learning rate.

    Raises:
        ValueError: `lr` is below 0, or not a number.
    """
    if not lr >= 0:
        raise ValueError(f"Invalid learning rate: {lr}")


def as_groups(params) -> list:
    """The first argument of an optimizer as a list of groups, which are dicts with `"params"`.

    Given: `params`, an iterable (perhaps a generator, which can be walked only once) of parameters
    or of groups.

    Raises:
        ValueError: there are none.
    """
    groups = list(params)
    if not groups:
        raise ValueError("optimizer got an empty parameter list")
    return groups if isinstance(groups[0], dict) else [{"params": groups}]


def complete(group: dict, defaults: dict) -> None:
    """Make `group["params"]` a list and give the group each default that it does not set itself.

    A single tensor counts as a list of one.

    Raises:
        KeyError: the group has no `"params"`.
    """
    params = group["params"]
    group["params"] = [params] if isinstance(params, Tensor) else list(params)
    for name, default in defaults.items():
        group.setdefault(name, default)


def check_disjoint(group: dict, earlier: list) -> None:
    """Refuse a group with a parameter that one of the `earlier` groups has already.

    Raises:
        ValueError: a parameter is in two groups.
    """
    taken = {id(param) for other in earlier for param in other["params"]}
    if any(id(param) in taken for param in group["params"]):
        raise ValueError("some parameters appear in more than one parameter group")


def zero_grad(groups: list, set_to_none: bool) -> None:
    """Forget the gradients: `.grad` becomes `None`, or the same tensor is filled with zeros."""
    for group in groups:
        for param in group["params"]:
            if set_to_none:
                param.grad = None
            elif param.grad is not None:
                param.grad.detach_().zero_()
