"""The one-cycle schedule: up to a large rate and far down again, the momentum the other way."""

from __future__ import annotations

import math
from typing import Any

from dltk.optim.optimizer import Optimizer
from dltk.optim.scheduler import LRScheduler, check_optimizer


class OneCycleLR(LRScheduler):
    """One cycle over all steps (L. Smith and N. Topin, Super-Convergence, 2018).

    The rate starts at `max_lr / div_factor`, is `max_lr` after the fraction `pct_start` of the
    steps, and ends at its start divided by `final_div_factor`. Step it after every batch.

    Raises:
        ValueError: neither `total_steps` nor `epochs` and `steps_per_epoch`, one of them not a
            positive integer, `pct_start` no float in `[0, 1]`, an unknown strategy, a list not as
            long as the groups, no momentum to cycle, or more steps than were announced.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float | list[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float | list[float] = 0.85,
        max_momentum: float | list[float] = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
        last_epoch: int = -1,
    ):
        check_optimizer(optimizer)
        self.total_steps = _total_steps(total_steps, epochs, steps_per_epoch)
        if not isinstance(pct_start, float) or not 0 <= pct_start <= 1:
            raise ValueError(f"Expected float between 0 and 1 pct_start, but got {pct_start}")
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(
                f"anneal_strategy must be one of 'cos' or 'linear', instead got {anneal_strategy}"
            )
        self._schedule_phases = _phases(self.total_steps, pct_start, three_phase)
        self._anneal_func_type = anneal_strategy
        groups = optimizer.param_groups
        max_lrs = _for_each_group("max_lr", groups, max_lr)
        if last_epoch == -1:
            for group, largest in zip(groups, max_lrs, strict=True):
                group["initial_lr"] = largest / div_factor
                group["max_lr"] = largest
                group["min_lr"] = group["initial_lr"] / final_div_factor
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            if not {"momentum", "betas"} & set(optimizer.defaults):
                raise ValueError(
                    "optimizer must support momentum or beta1 with `cycle_momentum` option enabled"
                )
            self.use_beta1 = "betas" in optimizer.defaults
            largest_momentums = _for_each_group("max_momentum", groups, max_momentum)
            base_momentums = _for_each_group("base_momentum", groups, base_momentum)
            if last_epoch == -1:
                for group, largest, base in zip(
                    groups, largest_momentums, base_momentums, strict=True
                ):
                    self._set_momentum(group, largest)
                    group["max_momentum"] = largest
                    group["base_momentum"] = base
        super().__init__(optimizer, last_epoch)

    def _set_momentum(self, group: dict[str, Any], momentum: float) -> None:
        if self.use_beta1:
            group["betas"] = (momentum, *group["betas"][1:])
        else:
            group["momentum"] = momentum

    def get_lr(self) -> list:
        self._rates()
        step = self.last_epoch
        if step > self.total_steps:
            raise ValueError(
                f"Tried to step {step} times. The specified number of total steps is "
                f"{self.total_steps}"
            )
        start = 0.0
        for phase in self._schedule_phases:
            if step <= phase["end_step"] or phase is self._schedule_phases[-1]:
                break
            start = phase["end_step"]
        fraction = (step - start) / (phase["end_step"] - start)
        rates = []
        for group in self.optimizer.param_groups:
            rates.append(self._between(group, phase, "lr", fraction))
            if self.cycle_momentum:
                self._set_momentum(group, self._between(group, phase, "momentum", fraction))
        return rates

    def _between(
        self, group: dict[str, Any], phase: dict[str, Any], what: str, fraction: float
    ) -> float:
        """The rate or momentum after `fraction` of the phase."""
        start, end = group[phase[f"start_{what}"]], group[phase[f"end_{what}"]]
        if self._anneal_func_type == "linear":
            return (end - start) * fraction + start
        return end + (start - end) / 2.0 * (math.cos(math.pi * fraction) + 1)


def _total_steps(total_steps: int | None, epochs: int | None, steps_per_epoch: int | None) -> int:
    if total_steps is not None:
        _check_positive("total_steps", total_steps)
        return total_steps
    if epochs is None or steps_per_epoch is None:
        raise ValueError("You must define either total_steps OR (epochs AND steps_per_epoch)")
    _check_positive("epochs", epochs)
    _check_positive("steps_per_epoch", steps_per_epoch)
    return epochs * steps_per_epoch


def _check_positive(name: str, value: Any) -> None:
    if not isinstance(value, int) or value <= 0:
        raise ValueError(f"Expected positive integer {name}, but got {value}")


def _phases(total_steps: int, pct_start: float, three_phase: bool) -> list[dict[str, Any]]:
    """When each phase ends, and between which options of a group it leads."""
    rise = float(pct_start * total_steps)
    if three_phase:
        rows = [
            (rise - 1, "initial_lr", "max_lr", "max_momentum", "base_momentum"),
            (2 * rise - 2, "max_lr", "initial_lr", "base_momentum", "max_momentum"),
            (total_steps - 1, "initial_lr", "min_lr", "max_momentum", "max_momentum"),
        ]
    else:
        rows = [
            (rise - 1, "initial_lr", "max_lr", "max_momentum", "base_momentum"),
            (total_steps - 1, "max_lr", "min_lr", "base_momentum", "max_momentum"),
        ]
    names = ("end_step", "start_lr", "end_lr", "start_momentum", "end_momentum")
    return [dict(zip(names, row, strict=True)) for row in rows]


def _for_each_group(name: str, groups: list[dict[str, Any]], value: Any) -> list:
    if not isinstance(value, list | tuple):
        return [value] * len(groups)
    if len(value) != len(groups):
        raise ValueError(
            f"{name} must have the same length as optimizer.param_groups. {name} has {len(value)} "
            f"values, param_groups has {len(groups)}."
        )
    return list(value)
