"""Tensor's methods and operators: the functions of `dltk.ops`, attached by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dltk.autograd import passes, tensor_hooks
from dltk.autograd.graph import RemovableHandle
from dltk.autograd.state import state
from dltk.backends import registry
from dltk.backends.use import use
from dltk.core import dtypes, printing
from dltk.core.copying import deep_copy
from dltk.core.inplace import check_history, in_place
from dltk.core.method_names import FUNCTIONS, IN_PLACE
from dltk.core.operands import is_number
from dltk.core.storage import Storage
from dltk.core.tensor import Tensor
from dltk.ops import (
    assign,
    compare,
    convert,
    create,
    division,
    index,
    linalg,
    matrix,
    pointwise,
    powers,
    scope,
    shape,
)
from dltk.ops.out import without_out


def attach() -> None:
    """Give Tensor its methods, in-place twins and operators."""
    for module, names in FUNCTIONS.items():
        for name in names.split():
            setattr(Tensor, name, without_out(getattr(module, name)))
    for name in IN_PLACE.split():
        setattr(Tensor, name + "_", _twin(name))
    for name, function in (_METHODS | scope.ABSENT | scope.PLAIN).items():
        setattr(Tensor, name, function)
    for name, function in _OPERATORS.items():
        setattr(Tensor, f"__{name}__", _operator(function))
    for name in _AUGMENTED.split():
        setattr(Tensor, f"__i{name}__", _augmented(_OPERATORS[name]))
    for name, (primitive, floats_only) in pointwise.OPERATORS.items():
        dunder = f"__{name}__"
        operator = pointwise.quick(primitive, getattr(Tensor, dunder), floats_only)
        setattr(Tensor, dunder, operator)
    for name, function in _REFLECTED.items():
        setattr(Tensor, f"__r{name}__", _operator(function))


def _twin(name: str) -> Callable:
    function = getattr(Tensor, name)

    def method(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        return in_place(function, self, *args, **kwargs)

    method.__name__ = method.__qualname__ = name + "_"
    method.__doc__ = f"`{name}` in place: writes into this tensor's memory and returns it."
    return method


def _operator(function: Callable) -> Callable:
    def operate(self: Tensor, other: Any) -> Any:
        if not isinstance(other, Tensor) and not is_number(other):
            if isinstance(other, np.ndarray):
                other = convert.from_numpy(other)
            else:
                return NotImplemented
        return function(self, other)

    return operate


def _augmented(function: Callable) -> Callable:
    return lambda self, other: in_place(function, self, other)


_OPERATORS: dict[str, Callable] = {
    "add": pointwise.plus,
    "sub": pointwise.sub,
    "mul": pointwise.mul,
    "truediv": pointwise.true_div,
    "floordiv": division.floor_divide,
    "mod": division.remainder,
    "pow": powers.pow,
    "matmul": matrix.matmul,
    "eq": compare.eq,
    "ne": compare.ne,
    "lt": compare.lt,
    "le": compare.le,
    "gt": compare.gt,
    "ge": compare.ge,
    "and": compare.bitwise_and,
    "or": compare.bitwise_or,
    "xor": compare.bitwise_xor,
    "lshift": compare.bitwise_left_shift,
    "rshift": compare.bitwise_right_shift,
}
_AUGMENTED = "add sub mul truediv floordiv mod pow and or xor lshift rshift"
_REFLECTED: dict[str, Callable] = {
    "add": pointwise.add,
    "sub": pointwise.rsub,
    "mul": pointwise.mul,
    "truediv": lambda x, y: pointwise.mul(powers.reciprocal(x), y),
    "floordiv": lambda x, y: division.floor_divide(y, x),
    "mod": lambda x, y: division.remainder(y, x),
    "pow": lambda x, y: powers.pow(y, x),
    "matmul": lambda x, y: matrix.matmul(y, x),
    "and": compare.bitwise_and,
    "or": compare.bitwise_or,
    "xor": compare.bitwise_xor,
    "lshift": lambda x, y: compare.bitwise_left_shift(y, x),
    "rshift": lambda x, y: compare.bitwise_right_shift(y, x),
}


def _restrided(name: str) -> Callable:
    function = getattr(shape, name)

    def method(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        check_history(self, ())
        view = function(self, *args, **kwargs)
        self.__dict__.update(view.__dict__)
        self._alias().version += 1
        return self

    method.__name__ = method.__qualname__ = name + "_"
    method.__doc__ = f"`{name}` of this very tensor: its strides change, not its elements."
    return method


def requires_grad_(self: Tensor, requires_grad: bool = True) -> Tensor:
    """Ask for gradients of this leaf, or no longer."""
    return create.require_grad(self, requires_grad)


def detach_(self: Tensor) -> Tensor:
    """Forget this tensor's history."""
    if self._view is not None:
        raise RuntimeError("Can't detach views in-place. Use detach() instead.")
    self._node, self._requires_grad = None, False
    return self


def backward(
    self: Tensor,
    gradient: Tensor | None = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Any = None,
) -> None:
    """Add the gradients of this tensor to the `.grad` of the leaves. As `torch.Tensor.backward`."""
    seeds = None if gradient is None else (gradient,)
    passes.backward(self, seeds, retain_graph, create_graph, inputs=inputs)


def retain_grad(self: Tensor) -> None:
    """Keep the gradient of this tensor, which is no leaf, in its `.grad`."""
    if not self.requires_grad:
        raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
    tensor_hooks.retain(self)


def register_hook(self: Tensor, hook: Callable) -> RemovableHandle:
    """Call `hook(gradient)` when this tensor's gradient is known; it may return another one."""
    if not self.requires_grad:
        raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
    return tensor_hooks.add_hook(self, hook)


def register_post_accumulate_grad_hook(self: Tensor, hook: Callable) -> RemovableHandle:
    """Call `hook(tensor)` after a gradient was added to the `.grad` of this leaf."""
    return tensor_hooks.add_hook_after_accumulation(self, hook)


def new(name: str) -> Callable:
    function = getattr(create, name)

    def method(self: Tensor, *args: Any, dtype: Any = None, **kwargs: Any) -> Tensor:
        if use.elsewhere:
            kwargs["device"] = kwargs.get("device") or self.device
        return function(*args, dtype=dtype or self.dtype, **kwargs)

    method.__doc__ = f"`{name}` with the dtype of this tensor, on its device."
    return method


def _of_nn(name: str) -> Callable:
    def method(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        from dltk.nn import functional

        return getattr(functional, name)(self, *args, **kwargs)

    method.__doc__ = f"As `torch.nn.functional.{name}`."
    return method


def get_data(self: Tensor) -> Tensor:
    """The same memory with a version count of its own, so that autograd does not notice writes."""
    storage = self._alias()
    same = shape.detach(self)
    same._storage = Storage(storage.data)
    return same


def set_data(self: Tensor, other: Tensor) -> None:
    other._alias()
    self._raw, self.dtype, self._storage = other._raw, other.dtype, other._storage
    self._strides, self._offset = other._strides, other._offset


def represent(self: Tensor) -> str:
    """The tensor as torch prints it, with `dltk.` for `torch.`."""
    node = self.grad_fn
    raw, device = self._raw, None
    if use.elsewhere and self.device.type != "cpu":
        raw, device = registry.backend_of(raw).copy_out(raw), str(self.device)
    suffixes = printing.suffixes_for(
        self._raw.shape,
        self.dtype,
        default_dtype=dtypes.get_default_dtype(),
        implied=(dtypes.int64, dtypes.bool_),
        device=device,
        grad_fn=None if node is None else node.name().rsplit("::", 1)[-1],
        requires_grad=self.requires_grad,
        tangent=_shown_tangent(self),
    )
    return printing.tensor_str(np.asarray(raw), suffixes=suffixes)


def _shown_tangent(tensor: Tensor) -> Tensor | None:
    return (tensor._tangents or {}).get(state.levels[-1]) if state.levels else None


_METHODS: dict[str, Any] = {
    "transpose_": _restrided("transpose"),
    "swapaxes_": _restrided("transpose"),
    "swapdims_": _restrided("transpose"),
    "t_": _restrided("t"),
    "as_strided_": _restrided("as_strided"),
    "squeeze_": _restrided("squeeze"),
    "unsqueeze_": _restrided("unsqueeze"),
    "requires_grad_": requires_grad_,
    "detach_": detach_,
    "backward": backward,
    "retain_grad": retain_grad,
    "register_hook": register_hook,
    "register_post_accumulate_grad_hook": register_post_accumulate_grad_hook,
    "new_zeros": new("zeros"),
    "new_ones": new("ones"),
    "new_empty": new("empty"),
    "new_full": new("filled"),
    "new_tensor": new("tensor"),
    "data": property(get_data, set_data),
    "T": property(lambda self: shape.permute(self, *range(self.ndim - 1, -1, -1))),
    "mT": property(shape.matrix_transposed),
    "retains_grad": property(lambda self: self._retains_grad),
    "inverse": linalg.inv,
    "softmax": _of_nn("softmax"),
    "log_softmax": _of_nn("log_softmax"),
    "float": convert.float_,
    "int": convert.int_,
    "bool": convert.bool_,
    "get_device": lambda self: -1 if self.device.index is None else self.device.index,
    "is_cpu": property(lambda self: self.device.type == "cpu"),
    "is_cuda": property(lambda self: self.device.type == "cuda"),
    "is_sim": property(lambda self: self.device.type == "sim"),
    "__array__": convert.array,
    "__deepcopy__": deep_copy,
    "__getitem__": index.get_item,
    "__setitem__": assign.set_item,
    "__neg__": pointwise.neg,
    "__pos__": lambda self: self,
    "__abs__": pointwise.abs,
    "__invert__": compare.inverted,
    "__repr__": represent,
    "__str__": represent,
}
