"""The optimizers' common part: groups, state, hooks, and the walk over the parameters."""

from __future__ import annotations

import functools
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from dltk.autograd.graph import RemovableHandle
from dltk.core.tensor import Tensor
from dltk.optim import checkpoint, groups

step_pre_hooks: dict[int, Callable] = {}
step_post_hooks: dict[int, Callable] = {}


def register_optimizer_step_pre_hook(hook: Callable) -> RemovableHandle:
    """Call `hook(optimizer, args, kwargs)` before a step of any optimizer."""
    return RemovableHandle(step_pre_hooks, hook)


def register_optimizer_step_post_hook(hook: Callable) -> RemovableHandle:
    """Call `hook(optimizer, args, kwargs)` after a step of any optimizer."""
    return RemovableHandle(step_post_hooks, hook)


def _with_hooks(step: Callable) -> Callable:
    """`step` with the hooks around it; it tells the schedulers that it ran."""

    @functools.wraps(step)
    def hooked(self: Optimizer, *args, **kwargs):
        arguments = (self, *args)
        for hook in [*step_pre_hooks.values(), *self._hooks["step_pre"].values()]:
            changed = hook(self, arguments, kwargs)
            if changed is None:
                continue
            if not isinstance(changed, tuple) or len(changed) != 2:
                raise RuntimeError(
                    f"a step pre-hook must return None or a tuple (args, kwargs), got {changed}"
                )
            arguments, kwargs = changed
        if "_opt_called" in self.__dict__:
            self._opt_called = True
        result = step(*arguments, **kwargs)
        for hook in [*self._hooks["step_post"].values(), *step_post_hooks.values()]:
            hook(self, arguments, kwargs)
        return result

    return hooked


class Optimizer:
    """Base of all optimizers.

    Attributes:
        defaults: the options of a group that does not set its own.
        param_groups: dicts with a list `"params"` and the options of these parameters.
        state: for each parameter that was stepped, what the optimizer remembers of it, by name.

    Args:
        params: parameters, pairs of a name and a parameter, or groups of them.
        defaults: options by name.
    """

    _opt_called: bool
    _replaced_step: Callable | None

    def __init__(self, params: Iterable, defaults: dict[str, Any]):
        self.defaults = defaults
        self._hooks: dict[str, dict[int, Callable]] = defaultdict(dict)
        if isinstance(params, Tensor):
            raise TypeError(
                "params argument given to the optimizer should be an iterable of Tensors or "
                f"dicts, but got {type(params).__name__}"
            )
        self.state: dict[Any, dict[str, Any]] = defaultdict(dict)
        self.param_groups: list[dict[str, Any]] = []
        for group in groups.as_groups(params):
            self.add_param_group(group)

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "step" in cls.__dict__:
            cls.step = _with_hooks(cls.step)

    def __getstate__(self) -> dict[str, Any]:
        return {name: self.__dict__[name] for name in ("defaults", "state", "param_groups")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.__dict__.setdefault("_hooks", defaultdict(dict))

    def __repr__(self) -> str:
        lines = [f"{type(self).__name__} ("]
        for number, group in enumerate(self.param_groups):
            lines.append(f"Parameter Group {number}")
            lines += [f"    {name}: {group[name]}" for name in sorted(group) if name != "params"]
            lines.append("")
        return "\n".join(lines[:-1]) + "\n)"

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Take in another group, for instance layers that were frozen until now.

        Raises:
            TypeError: not a dict, or not parameters in a fixed order.
            KeyError: no `"params"`.
            ValueError: a tensor that is not a leaf, or one that is in another group.
        """
        if not isinstance(param_group, dict):
            raise TypeError(f"param_group must be a dict, but got {type(param_group)}")
        if isinstance(param_group["params"], set):
            raise TypeError(
                "optimizer parameters need to be organized in ordered collections, but the "
                "ordering of tensors in sets will change between runs. Please use a list instead."
            )
        given = set(param_group)
        groups.complete(param_group, self.defaults)
        self._take_names(param_group)
        # The names stand before the options that the defaults added, as in torch.
        for option in [each for each in self.defaults if each not in given]:
            param_group[option] = param_group.pop(option)
        params = param_group["params"]
        for param in params:
            if not isinstance(param, Tensor):
                raise TypeError(
                    "optimizer can only optimize Tensors, but one of the params is "
                    f"{type(param).__name__}"
                )
            if not (param.is_leaf or param.retains_grad):
                raise ValueError("can't optimize a non-leaf Tensor")
        if len({id(param) for param in params}) < len(params):
            warnings.warn(
                "optimizer contains a parameter group with duplicate parameters; each is stepped "
                "as often as it is listed",
                stacklevel=3,
            )
        groups.check_disjoint(param_group, self.param_groups)
        self.param_groups.append(param_group)

    def _take_names(self, group: dict[str, Any]) -> None:
        """Split pairs of a name and a parameter; all groups have names or none has."""
        pairs = [each for each in group["params"] if isinstance(each, tuple)]
        if pairs and len(pairs) < len(group["params"]):
            raise ValueError(
                "all optimizer params should be with/without names. Some param names are missing"
            )
        if pairs:
            group["param_names"] = [name for name, _ in pairs]
            group["params"] = [param for _, param in pairs]
        for other in self.param_groups:
            if ("param_names" in other) != ("param_names" in group):
                with_or_without = "with" if "param_names" in group else "without"
                raise ValueError(
                    "all optimizer param groups should be with/without names. cannot add param "
                    f"group {with_or_without} names to the optimizer"
                )

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Set the gradients of all parameters to `None`, or fill them with zeros."""
        groups.zero_grad(self.param_groups, set_to_none)

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update the parameters once; `closure` computes the loss again, which is returned."""
        raise NotImplementedError

    def state_dict(self) -> dict[str, Any]:
        """State and groups with numbers in place of the parameters."""
        for hook in self._hooks["state_dict_pre"].values():
            hook(self)
        result = checkpoint.state_dict(self.param_groups, self.state)
        for hook in self._hooks["state_dict_post"].values():
            changed = hook(self, result)
            result = result if changed is None else changed
        return result

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from a state that `state_dict` gave, with the parameters in the same order.

        Raises:
            ValueError: another number of groups, or a group of another size.
        """
        saved = dict(state_dict)
        for hook in self._hooks["load_state_dict_pre"].values():
            changed = hook(self, saved)
            saved = saved if changed is None else changed
        loaded = checkpoint.loaded_groups(self.param_groups, saved)
        for old, new in zip(self.param_groups, loaded, strict=True):
            if "param_names" in old:
                new.setdefault("param_names", old["param_names"])
        state: dict[Any, dict[str, Any]] = defaultdict(dict)
        state.update(checkpoint.loaded_state(self.param_groups, saved))
        self.__setstate__({"state": state, "param_groups": loaded})
        for hook in self._hooks["load_state_dict_post"].values():
            hook(self)

    def _register(self, kind: str, hook: Callable, prepend: bool = False) -> RemovableHandle:
        hooks = self._hooks[kind]
        handle = RemovableHandle(hooks, hook)
        if prepend:
            others = {key: hooks.pop(key) for key in list(hooks) if key != handle.id}
            hooks.update(others)
        return handle

    def register_step_pre_hook(self, hook: Callable) -> RemovableHandle:
        """Call `hook(optimizer, args, kwargs)` before each step; it may return both changed."""
        return self._register("step_pre", hook)

    def register_step_post_hook(self, hook: Callable) -> RemovableHandle:
        """Call `hook(optimizer, args, kwargs)` after each step."""
        return self._register("step_post", hook)

    def register_state_dict_pre_hook(self, hook: Callable, prepend: bool = False):
        """Call `hook(optimizer)` before `state_dict`."""
        return self._register("state_dict_pre", hook, prepend)

    def register_state_dict_post_hook(self, hook: Callable, prepend: bool = False):
        """Call `hook(optimizer, state_dict)` after `state_dict`; it may return another."""
        return self._register("state_dict_post", hook, prepend)

    def register_load_state_dict_pre_hook(self, hook: Callable, prepend: bool = False):
        """Call `hook(optimizer, state_dict)` before a state is loaded; it may return another."""
        return self._register("load_state_dict_pre", hook, prepend)

    def register_load_state_dict_post_hook(self, hook: Callable, prepend: bool = False):
        """Call `hook(optimizer)` after a state was loaded."""
        return self._register("load_state_dict_post", hook, prepend)
