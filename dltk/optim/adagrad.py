"""Adagrad: the gradient divided by the root of the sum of all its squares so far."""

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


class Adagrad(ArrayOptimizer):
    """Adagrad (J. Duchi, E. Hazan and Y. Singer, 2011), with a decay of the learning rate.

    Raises:
        ValueError: a negative argument.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float | Tensor = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ):
        super().__init__(
            params,
            {
                "lr": lr,
                "lr_decay": lr_decay,
                "eps": eps,
                "weight_decay": weight_decay,
                "initial_accumulator_value": initial_accumulator_value,
                "foreach": foreach,
                "maximize": maximize,
                "differentiable": differentiable,
                "fused": fused,
            },
        )
        for group in self.param_groups:
            for param in group["params"]:
                self.remembered(param, group)

    def fresh_state(self, param: Tensor, options: dict[str, Any]) -> dict[str, Any]:
        start = self.defaults["initial_accumulator_value"]
        return {"step": zero_steps(), "sum": filled_like(param, start)}

    def update(self, param: Tensor, grad: np.ndarray, options: dict[str, Any]) -> None:
        state = self.remembered(param, options)
        before = count_step(state) - 1
        raw, total = elements(param), elements(state["sum"])
        work = self.work_like(raw)
        np.square(grad, out=work)
        total += work
        np.sqrt(total, out=work)
        work += options["eps"]
        np.divide(grad, work, out=work)
        work *= options["lr"] / (1 + before * options["lr_decay"])
        raw -= work
