"""Functions of one's own as users write them: with `jvp`, and with `setup_context`."""

from __future__ import annotations

from typing import Any

from dltk.autograd import function
from dltk.autograd.custom import Context
from dltk.autograd.forward_ad import below
from dltk.autograd.state import state
from dltk.core.tensor import Tensor


class Function(function.Function):
    """An operation with its own derivative, as `torch.autograd.Function`.

    A subclass has two static methods: `forward(ctx, *args)` computes, and keeps what it needs with
    `ctx.save_for_backward(...)`; `backward(ctx, *gradients)` gets one gradient for each output and
    returns one, or `None`, for each argument of `forward`. For forward mode it has a third:
    `jvp(ctx, *tangents)` gets one tangent, or `None`, for each argument and returns one, or
    `None`, for each output; what `ctx.save_for_forward(...)` kept is its `ctx.saved_tensors`.

    Where a subclass has a static method `setup_context(ctx, inputs, output)`, that keeps what is
    needed, and its `forward` gets no `ctx`.
    """

    def __call__(self, *args: Any) -> Any:
        raise RuntimeError(
            f"a Function is not called as an object; write {type(self).__name__}.apply(...), with "
            "static methods forward and backward"
        )

    @staticmethod
    def setup_context(ctx: Context, inputs: tuple, output: Any) -> None:
        raise NotImplementedError("setup_context is not implemented.")

    @staticmethod
    def jvp(ctx: Context, *tangents: Any) -> Any:
        raise NotImplementedError(
            "You must implement the jvp function for custom autograd.Function to use it with "
            "forward mode AD."
        )

    @classmethod
    def apply(cls, *args: Any) -> Any:
        """Run `forward`, and put one node for it into the graph; tangents go through `jvp`."""
        if cls.setup_context is not Function.setup_context:
            return _with_context(cls).apply(*args)
        levels = {level for each in args if _has_tangents(each) for level in each._tangents}
        if not levels or not state.levels:
            return super().apply(*args)
        if len(levels) > 1:
            raise NotImplementedError(
                f"{cls.__name__} with tangents of several levels is not in dltk's scope; write "
                "its forward with dltk's operations instead"
            )
        (level,) = levels
        return _apply_with_tangents(cls, args, level)


def _with_context(cls: Any) -> Any:
    """A Function whose `forward` does what `forward` and `setup_context` of `cls` do."""
    if "_made_with_context" in cls.__dict__:
        return cls._made_with_context

    def forward(ctx: Context, *args: Any) -> Any:
        output = cls.forward(*args)
        cls.setup_context(ctx, args, output)
        return output

    parts = {
        "forward": staticmethod(forward),
        "setup_context": staticmethod(Function.setup_context),
    }
    cls._made_with_context = type(cls.__name__, (cls,), parts)
    return cls._made_with_context


def _has_tangents(value: Any) -> bool:
    return isinstance(value, Tensor) and bool(value._tangents)


def _apply_with_tangents(cls: Any, args: tuple, level: int) -> Any:
    """`forward` without tangents; then theirs, computed by `jvp`, are given to the results."""
    contexts: list[Context] = []

    def forward(ctx: Context, *plain: Any) -> Any:
        contexts.append(ctx)
        return cls.forward(ctx, *plain)

    remembering = type(cls.__name__, (cls,), {"forward": staticmethod(forward)})
    plain = [below(each, level) if isinstance(each, Tensor) else each for each in args]
    results = function.Function.apply.__func__(remembering, *plain)  # type: ignore[attr-defined]
    (context,) = contexts
    if context._dirty:
        raise NotImplementedError(
            f"{cls.__name__} writes to an input that has a tangent, which is not in dltk's scope"
        )
    with context.in_forward_mode():
        tangents = cls.jvp(context, *[_tangent(each, level, context) for each in args])
    outputs = results if isinstance(results, tuple) else (results,)
    returned = tangents if isinstance(tangents, tuple) else (tangents,)
    if len(outputs) != len(returned):
        raise RuntimeError(
            "Function's jvp returned an invalid number of forward gradients "
            f"(expected {len(outputs)} but got {len(returned)})"
        )
    for output, tangent in zip(outputs, returned, strict=True):
        if tangent is not None:
            _give(output, tangent, level)
    return results


def _tangent(value: Any, level: int, context: Context) -> Tensor | None:
    if not isinstance(value, Tensor) or not value.dtype.is_floating_point:
        return None
    tangent = (value._tangents or {}).get(level)
    if tangent is None and context._materialize:
        return value.new_zeros(value.shape)
    return tangent


def _give(output: Tensor, tangent: Tensor, level: int) -> None:
    if tangent._raw.shape != output._raw.shape:
        raise RuntimeError(
            "Trying to set a forward gradient that has a different size than that of the original "
            f"Tensor, this is not supported. Tensor is of size {list(output.shape)} while the "
            f"given forward gradient is of size {list(tangent.shape)}."
        )
    output._tangents = {level: tangent}
