"""What the optimizers share whose updates read and write raw arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from dltk.autograd.grad_modes import enable_grad
from dltk.backends.registry import backend_of, placed_like
from dltk.backends.use import use
from dltk.core.dtypes import float64, get_default_dtype
from dltk.core.tensor import Tensor, from_array, wrap
from dltk.optim.groups import check_learning_rate
from dltk.optim.optimizer import Optimizer
from dltk.optim.sgd import effective_gradient, with_gradients


class ArrayOptimizer(Optimizer):
    """An optimizer whose update of a parameter reads and writes raw arrays."""

    def __init__(self, params: Iterable, defaults: dict[str, Any]):
        self._work = np.empty(0, np.uint8)
        check_defaults(defaults)
        super().__init__(params, defaults)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self._work = np.empty(0, np.uint8)
        for group in self.param_groups:
            for name, value in self.defaults.items():
                group.setdefault(name, value)
        for kept in self.state.values():
            if not isinstance(kept.get("step", None), Tensor | None):
                steps = zero_steps()
                steps += kept["step"]
                kept["step"] = steps

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        super().add_param_group(param_group)
        for name in ("capturable", "differentiable"):
            if param_group.get(name):
                self.param_groups.pop()
                raise NotImplementedError(f"{name}=True is not in dltk's scope")

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update each parameter that has a gradient.

        Args:
            closure: clears the gradients, computes the loss and its gradients, and returns it.
        """
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        for group in self.param_groups:
            options = {name: _plain(value) for name, value in group.items() if name != "params"}
            for param in with_gradients(group["params"]):
                if use.elsewhere:
                    # The update of one parameter is one operation on the device where it is.
                    backend_of(param._raw).run(self._updated, param, options)
                else:
                    self._updated(param, options)
        return loss

    def _updated(self, param: Tensor, options: dict[str, Any]) -> None:
        assert param.grad is not None
        grad = effective_gradient(
            param._raw, param.grad._raw, self.gradient_decay(options), options["maximize"]
        )
        self.update(param, grad, options)

    def gradient_decay(self, options: dict[str, Any]) -> float:
        """The weight decay that is part of the gradient."""
        return options["weight_decay"]

    def update(self, param: Tensor, grad: np.ndarray, options: dict[str, Any]) -> None:
        """Change the elements of `param`, and what is remembered of it, in place."""
        raise NotImplementedError

    def remembered(self, param: Tensor, options: dict[str, Any]) -> dict[str, Any]:
        """The state of `param`, made at its first step."""
        state = self.state[param]
        if not state:
            state.update(self.fresh_state(param, options))
        return state

    def fresh_state(self, param: Tensor, options: dict[str, Any]) -> dict[str, Any]:
        """What is remembered of a parameter that was never stepped."""
        raise NotImplementedError

    def work_like(self, param: np.ndarray) -> np.ndarray:
        """An array in the shape of `param` for results in between, used at every update."""
        if self._work.nbytes < param.nbytes:
            self._work = np.empty(param.nbytes, np.uint8)
        return self._work[: param.nbytes].view(param.dtype).reshape(param.shape)


NAMES = {"eps": "epsilon"}
NOT_NEGATIVE = ("eps", "momentum", "weight_decay", "alpha", "lr_decay", "initial_accumulator_value")


def check_defaults(defaults: dict[str, Any]) -> None:
    """Refuse what no optimizer accepts.

    Raises:
        ValueError: a negative number.
        RuntimeError: `fused` together with `foreach` or `differentiable`.
    """
    lr = defaults["lr"]
    if isinstance(lr, Tensor) and lr.numel() != 1:
        raise ValueError("Tensor lr must be 1-element")
    check_learning_rate(lr)
    for name in NOT_NEGATIVE:
        if name in defaults and not defaults[name] >= 0:
            raise ValueError(f"Invalid {NAMES.get(name, name)} value: {defaults[name]}")
    if defaults.get("fused"):
        if defaults["differentiable"]:
            raise RuntimeError("`fused` does not support `differentiable`")
        if defaults["foreach"]:
            raise RuntimeError("`fused` and `foreach` cannot be `True` together.")


def _plain(value: Any) -> Any:
    """A hyperparameter given as a tensor of one element, as a number."""
    if isinstance(value, tuple):
        return tuple(_plain(each) for each in value)
    return value.item() if isinstance(value, Tensor) else value


def elements(tensor: Tensor) -> np.ndarray:
    """The elements of `tensor` to be written to; autograd is told of the write."""
    tensor._alias().version += 1
    return tensor._raw


def filled_like(param: Tensor, value: float) -> Tensor:
    """A tensor to remember something in: `value` everywhere."""
    return remembered_as(np.full(param._raw.shape, value, param._raw.dtype), param)


def remembered_as(raw: np.ndarray, param: Tensor) -> Tensor:
    """A tensor around `raw`, where `param` is."""
    return wrap(placed_like(raw, param._raw))


def zero_steps() -> Tensor:
    """A count of steps, a tensor as torch's: of float64 where that is the default, else float32."""
    precise = get_default_dtype() is float64
    return from_array(np.zeros((), np.float64 if precise else np.float32))


def count_step(state: dict[str, Any]) -> int:
    """One step more; the number of steps with this one."""
    count = elements(state["step"])
    count += 1
    return int(count)
