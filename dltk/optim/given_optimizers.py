"""SGD, RMSprop, Adam and AdamW: torch's arguments and state around the updates of lab 5."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from dltk.core.tensor import Tensor
from dltk.optim.adam import adam, decay
from dltk.optim.array_optimizer import (
    ArrayOptimizer,
    count_step,
    elements,
    filled_like,
    remembered_as,
    zero_steps,
)
from dltk.optim.rmsprop import rmsprop
from dltk.optim.sgd import descend, momentum_direction


class SGD(ArrayOptimizer):
    """Gradient descent, with momentum and weight decay.

    Raises:
        ValueError: a negative `lr`, `momentum` or `weight_decay`; `nesterov` without momentum or
            with dampening.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float | Tensor = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        differentiable: bool = False,
        fused: bool | None = None,
    ):
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")
        super().__init__(
            params,
            {
                "lr": lr,
                "momentum": momentum,
                "dampening": dampening,
                "weight_decay": weight_decay,
                "nesterov": nesterov,
                "maximize": maximize,
                "foreach": foreach,
                "differentiable": differentiable,
                "fused": fused,
            },
        )

    def update(self, param: Tensor, grad: np.ndarray, options: dict[str, Any]) -> None:
        raw = elements(param)
        work = self.work_like(raw)
        direction = grad
        if options["momentum"] != 0:
            state = self.state[param]
            kept = state.get("momentum_buffer")
            direction, buffer = momentum_direction(
                grad,
                None if kept is None else elements(kept),
                options["momentum"],
                options["dampening"],
                options["nesterov"],
                work,
            )
            if kept is None:
                state["momentum_buffer"] = remembered_as(buffer, param)
        descend(raw, direction, options["lr"], work)


class RMSprop(ArrayOptimizer):
    """Gradient descent with the gradient divided by a running root mean square of itself.

    Raises:
        ValueError: a negative argument.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float | Tensor = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ):
        super().__init__(
            params,
            {
                "lr": lr,
                "momentum": momentum,
                "alpha": alpha,
                "eps": eps,
                "centered": centered,
                "weight_decay": weight_decay,
                "capturable": capturable,
                "foreach": foreach,
                "maximize": maximize,
                "differentiable": differentiable,
            },
        )

    def fresh_state(self, param: Tensor, options: dict[str, Any]) -> dict[str, Any]:
        state = {"step": zero_steps(), "square_avg": filled_like(param, 0)}
        if options["momentum"] > 0:
            state["momentum_buffer"] = filled_like(param, 0)
        if options["centered"]:
            state["grad_avg"] = filled_like(param, 0)
        return state

    def update(self, param: Tensor, grad: np.ndarray, options: dict[str, Any]) -> None:
        state = self.remembered(param, options)
        count_step(state)
        raw = elements(param)
        rmsprop(
            raw,
            grad,
            elements(state["square_avg"]),
            elements(state["grad_avg"]) if options["centered"] else None,
            elements(state["momentum_buffer"]) if options["momentum"] > 0 else None,
            options,
            self.work_like(raw),
        )


class Adam(ArrayOptimizer):
    """Momentum divided by a root mean square, both corrected for their start at 0.

    Raises:
        ValueError: a negative argument, or a beta outside of `[0, 1)`.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float | Tensor = 1e-3,
        betas: tuple[float | Tensor, float | Tensor] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
        decoupled_weight_decay: bool = False,
    ):
        for number in range(2):
            if not 0.0 <= float(betas[number]) < 1.0:
                raise ValueError(f"Invalid beta parameter at index {number}: {betas[number]}")
        if not any(all(isinstance(beta, kind) for beta in betas) for kind in (float, Tensor)):
            raise ValueError("betas must be either both floats or both Tensors")
        if foreach and not capturable and any(isinstance(each, Tensor) for each in (lr, *betas)):
            raise ValueError(
                "lr or betas as a Tensor are not supported for capturable=False and foreach=True"
            )
        super().__init__(
            params,
            {
                "lr": lr,
                "betas": tuple(betas),
                "eps": eps,
                "weight_decay": weight_decay,
                "amsgrad": amsgrad,
                "maximize": maximize,
                "foreach": foreach,
                "capturable": capturable,
                "differentiable": differentiable,
                "fused": fused,
                "decoupled_weight_decay": decoupled_weight_decay,
            },
        )

    def gradient_decay(self, options: dict[str, Any]) -> float:
        return 0 if options["decoupled_weight_decay"] else options["weight_decay"]

    def fresh_state(self, param: Tensor, options: dict[str, Any]) -> dict[str, Any]:
        state = {
            "step": zero_steps(),
            "exp_avg": filled_like(param, 0),
            "exp_avg_sq": filled_like(param, 0),
        }
        if options["amsgrad"]:
            state["max_exp_avg_sq"] = filled_like(param, 0)
        return state

    def update(self, param: Tensor, grad: np.ndarray, options: dict[str, Any]) -> None:
        state = self.remembered(param, options)
        raw = elements(param)
        if options["decoupled_weight_decay"] and options["weight_decay"] != 0:
            decay(raw, options["lr"], options["weight_decay"])
        adam(
            raw,
            grad,
            elements(state["exp_avg"]),
            elements(state["exp_avg_sq"]),
            elements(state["max_exp_avg_sq"]) if options["amsgrad"] else None,
            count_step(state),
            options,
            self.work_like(raw),
        )


class AdamW(Adam):
    """Adam whose weight decay shrinks the parameters and stays out of the averages.

    Raises:
        ValueError: a negative argument, or a beta outside of `[0, 1)`.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float | Tensor = 1e-3,
        betas: tuple[float | Tensor, float | Tensor] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ):
        super().__init__(
            params,
            lr,
            betas,
            eps,
            weight_decay,
            amsgrad,
            maximize=maximize,
            foreach=foreach,
            capturable=capturable,
            differentiable=differentiable,
            fused=fused,
            decoupled_weight_decay=True,
        )

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        for group in self.param_groups:
            group["decoupled_weight_decay"] = True
