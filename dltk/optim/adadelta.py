"""Adadelta: the gradient times the ratio of two running root mean squares."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from dltk.core.tensor import Tensor
from dltk.optim.array_optimizer import (
    ArrayOptimizer,
    count_step,
    elements,
    filled_like,
    zero_steps,
)


class Adadelta(ArrayOptimizer):
    """Adadelta (M. Zeiler, 2012): steps in the parameter's own unit.

    Raises:
        ValueError: a negative argument, or `rho` outside of `[0, 1]`.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float | Tensor = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        capturable: bool = False,
        maximize: bool = False,
        differentiable: bool = False,
    ):
        if not 0.0 <= rho <= 1.0:
            raise ValueError(f"Invalid rho value: {rho}")
        super().__init__(
            params,
            {
                "lr": lr,
                "rho": rho,
                "eps": eps,
                "weight_decay": weight_decay,
                "maximize": maximize,
                "capturable": capturable,
                "foreach": foreach,
                "differentiable": differentiable,
            },
        )

    def fresh_state(self, param: Tensor, options: dict[str, Any]) -> dict[str, Any]:
        return {
            "step": zero_steps(),
            "square_avg": filled_like(param, 0),
            "acc_delta": filled_like(param, 0),
        }

    def update(self, param: Tensor, grad: np.ndarray, options: dict[str, Any]) -> None:
        state = self.remembered(param, options)
        count_step(state)
        raw = elements(param)
        square, moved = elements(state["square_avg"]), elements(state["acc_delta"])
        rho, eps = options["rho"], options["eps"]
        work = self.work_like(raw)
        np.square(grad, out=work)
        work *= 1 - rho
        square *= rho
        square += work
        np.add(moved, eps, out=work)
        work /= square + eps
        np.sqrt(work, out=work)
        work *= grad
        raw -= options["lr"] * work
        np.multiply(work, work, out=work)
        work *= 1 - rho
        moved *= rho
        moved += work
