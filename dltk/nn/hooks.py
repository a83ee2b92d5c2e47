"""The hooks of a module, run around its `forward` and when gradients pass through it."""

from __future__ import annotations

import warnings
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, NamedTuple

from dltk.autograd.function import Function
from dltk.autograd.graph import RemovableHandle
from dltk.core.tensor import Tensor
from dltk.core.view import View

Hook = Callable[..., Any]


def add(hooks: OrderedDict, entry: Any, prepend: bool) -> RemovableHandle:
    """Put `entry` last, or first, into `hooks`; the handle takes it back."""
    handle = RemovableHandle(hooks, entry)
    if prepend:
        hooks.move_to_end(handle.id, last=False)
    return handle


def run_with_hooks(module: Any, args: tuple, kwargs: dict) -> Any:
    """`module.forward(*args, **kwargs)` with everything that was registered around it.

    Where something of it raises, the hooks that are to run always run before the error goes on.
    """
    called: set[int] = set()
    try:
        return _run(module, args, kwargs, called)
    except Exception:
        for number, entry in list(module._forward_hooks.items()):
            if entry.always_call and number not in called:
                _run_quietly(entry, module, args, kwargs)
        raise


def _run_quietly(entry: ForwardHook, module: Any, args: tuple, kwargs: dict) -> None:
    """Run a hook on the way of another error, which must not be lost to one of the hook."""
    try:
        entry.run(module, args, kwargs, None)
    except Exception as error:
        warnings.warn(
            f"a forward hook with always_call=True raised {type(error).__name__}: {error}; this is "
            "only a warning because another error was raised in forward",
            stacklevel=2,
        )


def _run(module: Any, args: tuple, kwargs: dict, called: set[int]) -> Any:
    for hook, with_kwargs in list(module._forward_pre_hooks.values()):
        if with_kwargs:
            changed = hook(module, args, kwargs)
            if changed is not None:
                if not (isinstance(changed, tuple) and len(changed) == 2):
                    raise RuntimeError(
                        "forward pre-hook must return None or a tuple of (new_args, new_kwargs), "
                        f"but got {changed}."
                    )
                args, kwargs = changed
        else:
            changed = hook(module, args)
            if changed is not None:
                args = changed if isinstance(changed, tuple) else (changed,)
    around = None
    if module._backward_hooks or module._backward_pre_hooks:
        around = BackwardHooks(module)
        args = around.enter(args)
    result = module.forward(*args, **kwargs)
    for number, entry in list(module._forward_hooks.items()):
        called.add(number)
        changed = entry.run(module, args, kwargs, result)
        if changed is not None:
            result = changed
    return result if around is None else around.leave(result)


class ForwardHook(NamedTuple):
    """A hook after `forward`, whether it gets keyword arguments, and whether it always runs."""

    hook: Hook
    with_kwargs: bool
    always_call: bool

    def run(self, module: Any, args: tuple, kwargs: dict, result: Any) -> Any:
        if self.with_kwargs:
            return self.hook(module, args, kwargs, result)
        return self.hook(module, args, result)


class BackwardHookFunction(Function):
    """The identity of several tensors, whose node sees all of their gradients at once."""

    @staticmethod
    def forward(ctx, *tensors):
        ctx.set_materialize_grads(False)
        ctx.mark_non_differentiable(*[each for each in tensors if not each.requires_grad])
        return tuple(each.detach() for each in tensors)

    @staticmethod
    def backward(ctx, *gradients):
        return gradients


class BackwardHooks:
    """One call of a module, of which the gradients at both ends are shown to the hooks."""

    def __init__(self, module: Any):
        self.module = module
        self.pre_hooks = list(module._backward_pre_hooks.values())
        self.hooks = list(module._backward_hooks.values())
        self.count = 0
        self.inputs: list[Tensor] = []
        self.places: list[int] | None = None
        self.output_count = 0
        self.output_places: list[int] = []
        self.at_output: tuple | None = None

    def enter(self, args: tuple) -> tuple:
        """The arguments, behind a node that calls the hooks with the gradients of both ends."""
        self.count = len(args)
        found, places, node = _behind_node(args)
        if node is not None:
            self.places = places
            self.inputs = [args[place].detach() for place in places]
            node.register_hook(self._reached_input)
        return found

    def leave(self, result: Any) -> Any:
        """The result, in front of a node that notes its gradients for the hooks."""
        outputs = result if isinstance(result, tuple) else (result,)
        self.output_count = len(outputs)
        found, self.output_places, node = _behind_node(outputs)
        if node is not None:
            node.register_prehook(self._reached_output)
        return found if isinstance(result, tuple) else found[0]

    def _reached_output(self, gradients: tuple) -> tuple | None:
        shown = _spread(gradients, self.output_places, self.output_count)
        for hook in self.pre_hooks:
            changed = hook(self.module, shown)
            if changed is not None:
                shown = changed if isinstance(changed, tuple) else (changed,)
        self.at_output = shown
        if self.places is None:
            for hook in self.hooks:
                if hook(self.module, (None,) * self.count, shown) is not None:
                    raise RuntimeError(
                        "backward hook for Modules where no input requires gradient should always "
                        "return None or None for all gradients."
                    )
        return tuple([shown[place] for place in self.output_places]) if self.pre_hooks else None

    def _reached_input(self, gradients: tuple, _: tuple) -> tuple | None:
        assert self.places is not None
        if self.at_output is None:
            # No output is a tensor, or none of them got a gradient.
            return None
        filled = [
            tensor.new_zeros(tensor.shape) if gradient is None else gradient
            for tensor, gradient in zip(self.inputs, gradients, strict=True)
        ]
        shown = _spread(tuple(filled), self.places, self.count)
        for hook in self.hooks:
            changed = hook(self.module, shown, self.at_output)
            if changed is not None:
                shown = changed if isinstance(changed, tuple) else (changed,)
                if len(shown) != self.count:
                    raise RuntimeError(
                        "Backward hook returned an invalid number of grad_input, "
                        f"got {len(shown)}, but expected {self.count}"
                    )
        return tuple([shown[place] for place in self.places])


def _behind_node(values: tuple) -> tuple[tuple, list[int], Any]:
    """`values` with their tensors passed through one node, the tensors' places, and the node."""
    places = [i for i, each in enumerate(values) if isinstance(each, Tensor)]
    if not any(values[i].requires_grad for i in places):
        return values, places, None
    passed = BackwardHookFunction.apply(*[values[i] for i in places])
    node = next((each.grad_fn for each in passed if each.grad_fn is not None), None)
    replaced = list(values)
    for place, each in zip(places, passed, strict=True):
        if each.grad_fn is not None:
            # Written to in place it would lose its node, so that is refused as for parts of one.
            each._view = View(values[place], each._alias().version, False, one_of_many=True)
        replaced[place] = each
    return tuple(replaced), places, node


def _spread(gradients: tuple, places: list[int], count: int) -> tuple:
    """The gradients at the places of their tensors, `None` where something else stood."""
    result: list[Any] = [None] * count
    for place, gradient in zip(places, gradients, strict=True):
        result[place] = gradient
    return tuple(result)


class Hooked:
    """How hooks are put on a Module, which holds them by the number of their handle."""

    _forward_pre_hooks: OrderedDict
    _forward_hooks: OrderedDict
    _backward_pre_hooks: OrderedDict
    _backward_hooks: OrderedDict

    def register_forward_pre_hook(
        self, hook: Hook, *, prepend: bool = False, with_kwargs: bool = False
    ) -> RemovableHandle:
        """Call `hook(module, args)` before `forward`; it may return other arguments."""
        return add(self._forward_pre_hooks, (hook, with_kwargs), prepend)

    def register_forward_hook(
        self,
        hook: Hook,
        *,
        prepend: bool = False,
        with_kwargs: bool = False,
        always_call: bool = False,
    ) -> RemovableHandle:
        """Call `hook(module, args, output)` after `forward`; it may return another output.

        always_call: run it too, with no output, where `forward` or a hook raised.
        """
        return add(self._forward_hooks, ForwardHook(hook, with_kwargs, always_call), prepend)

    def register_backward_hook(self, hook: Hook) -> RemovableHandle:
        """Not in scope: torch's older form, which `register_full_backward_hook` replaces."""
        raise NotImplementedError(
            "register_backward_hook is not in dltk's scope: use register_full_backward_hook"
        )

    def register_full_backward_pre_hook(self, hook: Hook, prepend: bool = False) -> RemovableHandle:
        """Call `hook(module, grad_output)` when the output's gradients are known."""
        return add(self._backward_pre_hooks, hook, prepend)

    def register_full_backward_hook(self, hook: Hook, prepend: bool = False) -> RemovableHandle:
        """Call `hook(module, grad_input, grad_output)` when the input's gradients are known."""
        return add(self._backward_hooks, hook, prepend)
