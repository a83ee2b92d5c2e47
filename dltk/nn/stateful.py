"""What goes around a module's state: versions, hooks, and state that is no tensor."""

from __future__ import annotations

from collections import OrderedDict, namedtuple
from collections.abc import Callable, Iterator
from typing import Any

from dltk.autograd.graph import RemovableHandle
from dltk.core.tensor import Tensor
from dltk.nn import state

EXTRA = "_extra_state"


class IncompatibleKeys(namedtuple("IncompatibleKeys", "missing_keys unexpected_keys")):
    """The names that differed when a state was loaded."""

    __slots__ = ()

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return "_" + super().__repr__()

    __str__ = __repr__


class Stateful:
    """How a Module, which brings `named_modules`, gives its state out and takes one in."""

    named_modules: Callable[..., Iterator[tuple[str, Any]]]
    _version = 1
    # Made with the first hook of their kind: few modules have any.
    _state_dict_pre_hooks: OrderedDict | None = None
    _state_dict_hooks: OrderedDict | None = None
    _load_state_dict_pre_hooks: OrderedDict | None = None
    _load_state_dict_post_hooks: OrderedDict | None = None

    def state_dict(
        self, *, destination: dict | None = None, prefix: str = "", keep_vars: bool = False
    ) -> dict[str, Tensor]:
        """All parameters and persistent buffers by dotted name, on the module's own memory.

        keep_vars: give the parameters themselves, not tensors without a history.
        """
        result: Any = OrderedDict() if destination is None else destination
        if destination is None:
            result._metadata = OrderedDict()
        versions = getattr(result, "_metadata", {})
        modules = list(self.named_modules(prefix=prefix[:-1], remove_duplicate=False))
        for place, module in modules:
            versions[place] = {"version": module._version}
            for hook in _hooks(module, "_state_dict_pre_hooks"):
                hook(module, _below(place), keep_vars)
        for name, tensor in state.collect(self, prefix):
            result[name] = tensor if keep_vars else tensor.detach()
        _put_extra_states(result, modules)
        for place, module in _children_first(modules):
            for hook in _hooks(module, "_state_dict_hooks"):
                if hook(module, result, _below(place), versions.get(place)) is not None:
                    raise RuntimeError("state_dict post-hook must return None")
        return result

    def load_state_dict(
        self, state_dict: dict[str, Tensor], strict: bool = True, assign: bool = False
    ) -> IncompatibleKeys:
        """Write a state into this module's parameters and buffers, in place.

        Raises:
            TypeError: `state_dict` is no dictionary.
            RuntimeError: names (if `strict`) or shapes differ; the message names all of them.
        """
        if not hasattr(state_dict, "keys"):
            raise TypeError(
                f"Expected state_dict to be dict-like, got {type(state_dict).__name__}."
            )
        versions = getattr(state_dict, "_metadata", {})
        given: Any = OrderedDict(state_dict)
        modules = list(self.named_modules(remove_duplicate=False))
        missing: list[str] = []
        unexpected: list[str] = []
        problems: list[str] = []
        for place, module in modules:
            local = versions.get(place, {})
            module._complete_state(given, _below(place), local.get("version"))
            for hook in _hooks(module, "_load_state_dict_pre_hooks"):
                hook(module, given, _below(place), local, strict, missing, unexpected, problems)
        if problems:
            raise RuntimeError(
                f"Error(s) in loading state_dict for {type(self).__name__}:\n\t"
                + "\n\t".join(problems)
            )
        extras = _take_extra_states(given, modules, strict)
        more_missing, more_unexpected = state.load(self, given, strict, assign)
        for module, extra in extras:
            module.set_extra_state(extra)
        found = IncompatibleKeys(missing + more_missing, unexpected + more_unexpected)
        for _, module in _children_first(modules):
            for hook in _hooks(module, "_load_state_dict_post_hooks"):
                if hook(module, found) is not None:
                    raise RuntimeError(
                        "Hooks registered with register_load_state_dict_post_hook are not expected "
                        "to return new values; change the keys in place instead"
                    )
        return found

    def _complete_state(self, state_dict: dict, prefix: str, version: int | None) -> None:
        """Add to a state of an older `version`, or of none, what it lacks below `prefix`."""

    def get_extra_state(self) -> Any:
        """State beside tensors, for a subclass to define; it becomes part of the state dict."""
        raise RuntimeError(f"{type(self).__name__} does not define get_extra_state")

    def set_extra_state(self, state: Any) -> None:
        """Take back what `get_extra_state` gave, for a subclass to define."""
        raise RuntimeError(f"{type(self).__name__} does not define set_extra_state")

    def register_state_dict_pre_hook(self, hook: Callable) -> RemovableHandle:
        """Call `hook(module, prefix, keep_vars)` before a state dict is made."""
        return _register(self, "_state_dict_pre_hooks", hook)

    def register_state_dict_post_hook(self, hook: Callable) -> RemovableHandle:
        """Call `hook(module, state_dict, prefix, local_metadata)` on a state dict just made."""
        return _register(self, "_state_dict_hooks", hook)

    def register_load_state_dict_pre_hook(self, hook: Callable) -> RemovableHandle:
        """Call `hook(module, state_dict, prefix, local_metadata, strict, missing_keys,
        unexpected_keys, error_msgs)` before a state is loaded; it may change the state."""
        return _register(self, "_load_state_dict_pre_hooks", hook)

    def register_load_state_dict_post_hook(self, hook: Callable) -> RemovableHandle:
        """Call `hook(module, incompatible_keys)` after a state was loaded."""
        return _register(self, "_load_state_dict_post_hooks", hook)


def _register(module: Any, table: str, hook: Callable) -> RemovableHandle:
    if getattr(module, table) is None:
        object.__setattr__(module, table, OrderedDict())
    return RemovableHandle(getattr(module, table), hook)


def _hooks(module: Any, table: str) -> list[Callable]:
    hooks = getattr(module, table)
    return list(hooks.values()) if hooks else []


def _below(place: str) -> str:
    """The prefix of names below the module at `place`."""
    return f"{place}." if place else ""


def _children_first(modules: list[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Modules that come before what is below them, in the other order."""
    unfinished: list[tuple[str, Any]] = []
    for place, module in modules:
        while unfinished and not place.startswith(_below(unfinished[-1][0])):
            yield unfinished.pop()
        unfinished.append((place, module))
    yield from reversed(unfinished)


def _has_extra_state(module: Any) -> bool:
    return type(module).get_extra_state is not Stateful.get_extra_state


def _put_extra_states(result: Any, modules: list[tuple[str, Any]]) -> None:
    """Add the state beside tensors, each behind the tensors of its module."""
    if not any(_has_extra_state(module) for _, module in modules):
        return
    for place, module in modules:
        names = [name for name, _ in state.own_state(module)]
        for name in names:
            result[_below(place) + name] = result.pop(_below(place) + name)
        if _has_extra_state(module):
            result[_below(place) + EXTRA] = module.get_extra_state()


def _take_extra_states(
    given: dict, modules: list[tuple[str, Any]], strict: bool
) -> list[tuple[Any, Any]]:
    """Take the state beside tensors out of `given`: modules and what each of them gets."""
    found = []
    for place, module in modules:
        name = _below(place) + EXTRA
        if not _has_extra_state(module):
            continue
        if name in given:
            found.append((module, given.pop(name)))
        elif strict:
            raise RuntimeError(
                f"Error(s) in loading state_dict for {type(module).__name__}:\n\t"
                f'Missing key(s) in state_dict: "{name}". '
            )
    return found
