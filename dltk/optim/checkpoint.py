"""Lab 5: an optimizer's state as a dict that outlives the parameter objects."""

from copy import deepcopy

from dltk.core.tensor import Tensor


def numbered(groups: list) -> dict:
    """The `id` of each parameter, with its number in the order of the groups."""
    numbers: dict[int, int] = {}
    for group in groups:
        for param in group["params"]:
            numbers.setdefault(id(param), len(numbers))
    return numbers


def state_dict(groups: list, state: dict) -> dict:
    """`{"state": …, "param_groups": …}` with numbers in place of the parameters.

    The groups are new dicts; the state's tensors are the live ones.
    """
    numbers = numbered(groups)
    return {
        "state": {numbers.get(id(param), param): kept for param, kept in state.items()},
        "param_groups": [
            {name: value for name, value in group.items() if name != "params"}
            | {"params": [numbers[id(param)] for param in group["params"]]}
            for group in groups
        ],
    }


def loaded_groups(groups: list, saved: dict) -> list:
    """A copy of the saved groups, with the parameters of `groups` in place of their numbers.

    Raises:
        ValueError: another number of groups, or a group of another size.
    """
    if len(groups) != len(saved["param_groups"]):
        raise ValueError("loaded state dict has a different number of parameter groups")
    loaded = deepcopy(saved["param_groups"])
    for group, new in zip(groups, loaded, strict=True):
        if len(group["params"]) != len(new["params"]):
            raise ValueError(
                "loaded state dict contains a parameter group that doesn't match the size of "
                "optimizer's group"
            )
        new["params"] = group["params"]
    return loaded


def loaded_state(groups: list, saved: dict) -> dict:
    """The saved state with parameters in place of their numbers.

    A tensor takes on its parameter's device and dtype; only `"step"` keeps its own.
    """
    params = {
        number: param
        for group, old in zip(groups, saved["param_groups"], strict=True)
        for number, param in zip(old["params"], group["params"], strict=True)
    }
    state = {}
    for number, kept in saved["state"].items():
        param = params.get(number, number)
        state[param] = {
            name: value.to(param.device, param.dtype)
            if isinstance(value, Tensor) and name != "step"
            else value
            for name, value in kept.items()
        }
    return state
