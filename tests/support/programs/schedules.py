"""Learning rates that change while a model trains."""

import copy
import io
from typing import Any

from programs.registry import program
from programs.synthetic import spiral


def _with_loss(lib: Any, model: Any, optimizer: Any, x: Any, y: Any) -> float:
    loss = lib.nn.functional.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


@program()
def every_schedule_changes_two_groups(lib: Any) -> dict[str, Any]:
    """The rates of ten epochs of each schedule, while the model trains."""
    schedules = lib.optim.lr_scheduler
    makers = {
        "step": lambda o: schedules.StepLR(o, step_size=3, gamma=0.5),
        "multistep": lambda o: schedules.MultiStepLR(o, milestones=[2, 5, 5, 7], gamma=0.1),
        "exponential": lambda o: schedules.ExponentialLR(o, gamma=0.9),
        "cosine": lambda o: schedules.CosineAnnealingLR(o, T_max=6, eta_min=1e-3),
        "linear": lambda o: schedules.LinearLR(o, start_factor=0.25, total_iters=4),
        "lambda": lambda o: schedules.LambdaLR(o, [lambda e: 0.95**e, lambda e: 1 / (1 + e)]),
    }
    lib.manual_seed(0)
    x, y = lib.randn(10, 3), lib.randn(10, 1)
    results: dict[str, Any] = {}
    for name, make in makers.items():
        lib.manual_seed(1)
        model = lib.nn.Linear(3, 1)
        optimizer = lib.optim.SGD(
            [{"params": [model.weight]}, {"params": [model.bias], "lr": 0.01}], lr=0.1
        )
        schedule = make(optimizer)
        rates, losses = [], []
        for epoch in range(10):
            losses.append(_with_loss(lib, model, optimizer, x, y))
            if epoch == 6:
                optimizer.param_groups[0]["lr"] = 0.03
            schedule.step()
            rates.append((schedule.get_last_lr(), [g["lr"] for g in optimizer.param_groups]))
        results[f"{name} rates"] = rates
        results[f"{name} loss"] = losses
    return results


@program("float32")
def one_cycle_drives_rate_and_momentum(lib: Any) -> dict[str, Any]:
    """OneCycleLR a batch at a time, with momentum against the rate, three phases and two."""
    lib.manual_seed(2)
    x, y = spiral(lib, 10)
    results = {}
    for name, arguments in {
        "cosine": {},
        "linear": {"anneal_strategy": "linear", "three_phase": True, "pct_start": 0.4},
    }.items():
        lib.manual_seed(3)
        model = lib.nn.Sequential(lib.nn.Linear(2, 8), lib.nn.Hardtanh(), lib.nn.Linear(8, 3))
        optimizer = lib.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
        schedule = lib.optim.lr_scheduler.OneCycleLR(
            optimizer, max_lr=0.4, epochs=4, steps_per_epoch=3, **arguments
        )
        steps = []
        for _ in range(4):
            for inputs, labels in zip(x.chunk(3), y.chunk(3), strict=True):
                loss = lib.nn.functional.cross_entropy(model(inputs), labels)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                group = optimizer.param_groups[0]
                steps.append((loss.item(), group["lr"], group["momentum"]))
                schedule.step()
        results[name] = steps
    return results


@program()
def training_stops_early_and_keeps_the_best(lib: Any) -> dict[str, Any]:
    """ReduceLROnPlateau on the validation loss, patience, a deep copy of the best state."""
    lib.manual_seed(4)
    x, y = lib.randn(24, 6), lib.randn(24, 1)
    train_x, valid_x = x[:12], x[12:]
    train_y, valid_y = y[:12], y[12:]
    model = lib.nn.Sequential(lib.nn.Linear(6, 24), lib.nn.Tanh(), lib.nn.Linear(24, 1))
    optimizer = lib.optim.Adam(model.parameters(), lr=0.03)
    schedule = lib.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, mode="min", factor=0.3, patience=2, threshold=1e-3, cooldown=1, min_lr=1e-4
    )
    best, best_state, waited = float("inf"), None, 0
    training, validation, rates = [], [], []
    for _ in range(40):
        model.train()
        training.append(_with_loss(lib, model, optimizer, train_x, train_y))
        model.eval()
        with lib.no_grad():
            loss = lib.nn.functional.mse_loss(model(valid_x), valid_y).item()
        schedule.step(loss)
        validation.append(loss)
        rates.append(optimizer.param_groups[0]["lr"])
        if loss < best:
            best, best_state, waited = loss, copy.deepcopy(model.state_dict()), 0
        else:
            waited += 1
        if waited == 8:
            break
    model.load_state_dict(best_state)
    again = lib.nn.functional.mse_loss(model(valid_x), valid_y).item()
    return {
        "training": training,
        "validation": validation,
        "rates": rates,
        "best": best,
        "again": again,
        "epochs": len(training),
        "state": dict(best_state),
    }


@program()
def a_warm_up_and_a_cosine_survive_a_restart(lib: Any) -> dict[str, Any]:
    """SequentialLR, saved in the middle with model and optimizer, goes on as if nothing was."""
    lib.manual_seed(5)
    x, y = lib.randn(10, 3), lib.randn(10, 1)

    def build() -> Any:
        lib.manual_seed(6)
        model = lib.nn.Linear(3, 1)
        optimizer = lib.optim.SGD(model.parameters(), lr=0.2, momentum=0.9)
        schedules = lib.optim.lr_scheduler
        schedule = schedules.SequentialLR(
            optimizer,
            [
                schedules.LinearLR(optimizer, start_factor=0.1, total_iters=3),
                schedules.CosineAnnealingLR(optimizer, T_max=8),
            ],
            milestones=[3],
        )
        return model, optimizer, schedule

    parts = build()
    losses, rates = [], []
    for epoch in range(10):
        if epoch == 5:
            file = io.BytesIO()
            lib.save([each.state_dict() for each in parts], file)
            file.seek(0)
            parts = build()
            for part, state in zip(parts, lib.load(file), strict=True):
                part.load_state_dict(state)
        model, optimizer, schedule = parts
        losses.append(_with_loss(lib, model, optimizer, x, y))
        schedule.step()
        rates.append(schedule.get_last_lr()[0])
    return {"loss": losses, "rates": rates, "weight": parts[0].weight}
