"""What dltk has and torch lacks, in plain torch: the answers for `beyond_torch`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch

from autograder.oracle.namespace import namespace
from autograder.oracle.traces import forward_trace, reverse_trace


class MyLayer(torch.nn.Module):
    """√(x² + b) W."""

    def __init__(self, in_features: int, out_features: int, bias: bool = True):
        super().__init__()
        self.text = f"in_features={in_features}, out_features={out_features}, bias={bias}"
        bound = 1 / math.sqrt(in_features)
        self.weight = torch.nn.Parameter(
            torch.empty(in_features, out_features).uniform_(-bound, bound)
        )
        self.bias = (
            torch.nn.Parameter(torch.empty(in_features).uniform_(0, bound)) if bias else None
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        squares = x.square() if self.bias is None else x.square() + self.bias
        return squares.sqrt() @ self.weight

    def extra_repr(self) -> str:
        return self.text


def compose(transforms: list[Any]) -> Any:
    """One transform after the other."""

    def transform(picture: Any) -> Any:
        for each in transforms:
            picture = each(picture)
        return picture

    return transform


def to_tensor() -> Any:
    """Bytes H x W x C to floats C x H x W from 0 to 1."""
    return lambda picture: torch.from_numpy(np.moveaxis(picture, 2, 0) / 255).float()


def normalize(mean: list[float], std: list[float]) -> Any:
    """Each channel minus its mean, divided by its spread."""

    def transform(picture: torch.Tensor) -> torch.Tensor:
        channels = zip(picture, mean, std, strict=True)
        return torch.stack([(channel - m) / s for channel, m, s in channels])

    return transform


def evaluate(model: torch.nn.Module, loader: Any) -> float:
    """The share of samples that get their class."""
    training = model.training
    model.eval()
    right = [
        bool(model(x[None]).argmax() == y) for xs, ys in loader for x, y in zip(xs, ys, strict=True)
    ]
    model.train(training)
    return sum(right) / len(right)


def fit(
    model: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    criterion: Any,
    loader: Any,
    epochs: int,
    held_out: Any,
    schedule: Any,
) -> Any:
    """Train, and leave the model in the state that was best on `held_out`."""
    losses, states = [], []
    for _ in range(epochs):
        for inputs, targets in loader:
            optimizer.zero_grad()
            loss = criterion(model(inputs), targets)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        schedule.step()
        state = {name: tensor.clone() for name, tensor in model.state_dict().items()}
        states.append((evaluate(model, held_out), state))
    accuracies = [accuracy for accuracy, _ in states]
    model.load_state_dict(states[accuracies.index(max(accuracies))][1])
    return losses, accuracies


def freeze(module: torch.nn.Module) -> torch.nn.Module:
    """No gradients, no moving statistics."""
    return module.requires_grad_(False).eval()


def replace_head(model: torch.nn.Module, name: str, head: torch.nn.Module) -> list[Any]:
    """All but a new head is frozen."""
    model.requires_grad_(False)
    model.eval()
    model.register_module(name, head)
    return [*head.parameters()]


def torch_with_twins() -> Any:
    """torch, with these in the places where dltk has them."""
    return namespace(
        {
            "nn.MyLayer": MyLayer,
            "nn.modes.freeze": freeze,
            "nn.modes.replace_head": replace_head,
            "trace.forward_trace": forward_trace,
            "trace.reverse_trace": reverse_trace,
            "training.evaluate": evaluate,
            "training.fit": fit,
            "transforms.Compose": compose,
            "transforms.Lambda": lambda function: function,
            "transforms.Normalize": normalize,
            "transforms.ToTensor": to_tensor,
        }
    )
