"""Sequences, step after step."""

from typing import Any

from programs.registry import program
from programs.synthetic import characters


@program()
def a_recurrent_cell_is_unrolled(lib: Any) -> dict[str, Any]:
    """A cell of changing length: cat, indexing, tanh and the gradient of what was kept."""
    lib.manual_seed(1)
    w = lib.randn(5, 5, requires_grad=True)
    norms, kept = [], []
    for length in (1, 3, 4, 2):
        h = lib.zeros(5)
        states = []
        for step in range(length):
            h = (w.t() @ (h + 0.1 * step)).tanh()
            h.retain_grad()
            states.append(h)
        picked = lib.cat(states).reshape(length, 5)[lib.tensor([0, -1])]
        penalty = picked.max(1).values.sum() + picked.amax() + picked.abs().mean()
        (gradient,) = lib.autograd.grad(penalty, w, retain_graph=True)
        norms.append(gradient.norm().item())
        penalty.backward()
        kept.append([h.grad for h in states])
    return {"gradient norm": norms, "kept grad": kept, "w.grad": w.grad}


@program()
def a_linear_recurrence_depends_on_its_length(lib: Any) -> dict[str, Any]:
    """h = W h + b repeated T times, T from the data, also none."""
    values, gradients = [], []
    for count in (0, 1, 3, 5):
        w = lib.tensor([[0.5, 0.0], [0.0, 2.0]], requires_grad=True)
        b = lib.ones(2, requires_grad=True)
        h = lib.ones(2, requires_grad=True)
        state = h
        while count > 0:
            state = w @ state + b
            count -= 1
        state.sum().backward()
        values.append(state)
        gradients.append([each.grad for each in (w, b, h)])
    return {"state": values, "gradient": gradients}


@program()
def a_gated_cell_is_written_from_gates(lib: Any) -> dict[str, Any]:
    """A GRU out of Linears remembers the first of its inputs; truncated backward by detach."""

    class Gated(lib.nn.Module):
        def __init__(self, inputs: int, hidden: int):
            super().__init__()
            self.hidden = hidden
            self.gates = lib.nn.Linear(inputs + hidden, 2 * hidden)
            self.candidate = lib.nn.Linear(inputs + hidden, hidden)

        def forward(self, x: Any, h: Any) -> Any:
            reset, update = self.gates(lib.cat([x, h], dim=-1)).sigmoid().chunk(2, dim=-1)
            candidate = self.candidate(lib.cat([x, reset * h], dim=-1)).tanh()
            return lib.lerp(candidate, h, update)

    lib.manual_seed(2)
    cell, out = Gated(2, 6), lib.nn.Linear(6, 2)
    optimizer = lib.optim.RMSprop([*cell.parameters(), *out.parameters()], lr=0.01)
    losses, gradients = [], []
    for step in range(10):
        x = lib.randn(3 + step % 4, 8, 2)
        h = lib.zeros(8, 6)
        for t, each in enumerate(x):
            if t == 2:
                h = h.detach()
            h = cell(each, h)
        loss = lib.nn.functional.mse_loss(out(h), x[-1])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        gradients.append(cell.gates.weight.grad.clone())
    return {"loss": losses, "gradient": gradients}


@program("float32")
def a_character_model_writes_text(lib: Any) -> dict[str, Any]:
    """RNNCell over changing lengths, cross-entropy a character, then sampling from it."""
    lib.manual_seed(3)
    text, alphabet = characters(lib)
    count = len(alphabet)
    cell, out = lib.nn.RNNCell(count, 16), lib.nn.Linear(16, count)
    optimizer = lib.optim.Adam([*cell.parameters(), *out.parameters()], lr=0.02)
    one_hot = lib.nn.functional.one_hot(text, count).to(lib.float32)
    losses, start = [], 0
    for length in (3, 7, 5, 9, 4, 8, 6, 10):
        h = lib.zeros(1, 16)
        loss = lib.zeros(())
        for place in range(start, start + length):
            h = cell(one_hot[place].unsqueeze(0), h)
            loss = loss + lib.nn.functional.cross_entropy(out(h), text[place + 1].unsqueeze(0))
        start += length
        loss = loss / length
        optimizer.zero_grad()
        loss.backward()
        lib.nn.utils.clip_grad_norm_(cell.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    written = []
    with lib.no_grad():
        h, letter = lib.zeros(1, 16), text[0]
        for _ in range(12):
            h = cell(one_hot[letter].reshape(1, -1) * 0 + one_hot[letter], h)
            letter = out(h).argmax()
            written.append(alphabet[letter.item()])
    return {"loss": losses, "text": "".join(written), "cell": str(cell)}


@program("float32")
def sequences_are_classified_by_their_last_state(lib: Any) -> dict[str, Any]:
    """LSTM, two layers, both directions, batch first; the sign of a sum."""
    lib.manual_seed(4)
    x = lib.randn(12, 6, 3)
    y = (x.sum((1, 2)) > 0).long()
    lstm = lib.nn.LSTM(3, 5, num_layers=2, batch_first=True, bidirectional=True)
    head = lib.nn.Linear(10, 2)
    optimizer = lib.optim.Adam([*lstm.parameters(), *head.parameters()], lr=0.02)
    losses = []
    for _ in range(6):
        states, (h, c) = lstm(x)
        loss = lib.nn.functional.cross_entropy(head(lib.cat([h[-2], h[-1]], dim=1)), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return {
        "loss": losses,
        "states": states,
        "cells": c,
        "names": [name for name, _ in lstm.named_parameters()],
        "gradient": [p.grad for p in lstm.parameters()],
        "text": str(lstm),
    }


@program()
def cells_and_layers_agree(lib: Any) -> dict[str, Any]:
    """LSTMCell, GRUCell and RNNCell step by step are LSTM, GRU and RNN at once."""
    lib.manual_seed(5)
    x = lib.randn(4, 2, 3)
    results: dict[str, Any] = {}
    for name in ("LSTM", "GRU", "RNN"):
        layer = getattr(lib.nn, name)(3, 4)
        cell = getattr(lib.nn, f"{name}Cell")(3, 4)
        for parameter, source in zip(cell.parameters(), layer.parameters(), strict=True):
            parameter.data.copy_(source)
        states, last = layer(x)
        h = (lib.zeros(2, 4), lib.zeros(2, 4)) if name == "LSTM" else lib.zeros(2, 4)
        one_by_one = []
        for each in x:
            h = cell(each, h)
            one_by_one.append(h[0] if name == "LSTM" else h)
        (states.square().sum()).backward()
        lib.stack(one_by_one).square().sum().backward()
        results[name] = one_by_one
        results[f"{name} last"] = last
        results[f"{name} same"] = lib.allclose(states, lib.stack(one_by_one))
        results[f"{name} gradient"] = [p.grad for p in (*layer.parameters(), *cell.parameters())]
    return results


@program("float32")
def a_series_is_forecast(lib: Any) -> dict[str, Any]:
    """GRU over a sine, teacher forced, then fed its own output; states carried over batches."""
    lib.manual_seed(6)
    series = (lib.arange(60) * 0.4).sin().reshape(3, 20).t().unsqueeze(-1)
    gru, out = lib.nn.GRU(1, 8), lib.nn.Linear(8, 1)
    optimizer = lib.optim.AdamW([*gru.parameters(), *out.parameters()], lr=0.02)
    losses = []
    for _ in range(3):
        h = None
        for piece in range(0, 18, 6):
            states, h = gru(series[piece : piece + 6], h)
            loss = lib.nn.functional.mse_loss(out(states), series[piece + 1 : piece + 7])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            h = h.detach()
            losses.append(loss.item())
    with lib.no_grad():
        value, h = series[:1], None
        forecast = []
        for _ in range(5):
            states, h = gru(value, h)
            value = out(states)
            forecast.append(value.flatten())
    return {"loss": losses, "forecast": forecast}
