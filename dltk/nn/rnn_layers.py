"""Recurrent layers: the steps of `rnn_cells` along a sequence, in several layers, both ways."""

from __future__ import annotations

import warnings
from typing import Any

from dltk.core.tensor import Tensor
from dltk.nn import functional
from dltk.nn.affine import linear
from dltk.nn.module import Module
from dltk.nn.parameter import Parameter
from dltk.nn.rnn_cells import State, draw_uniformly
from dltk.nn.rnn_sequence import along
from dltk.ops.create import empty
from dltk.ops.join import cat, stack

GATES = {"LSTM": 4, "GRU": 3, "RNN_TANH": 1, "RNN_RELU": 1}


def _check_arguments(
    input_size: int, hidden_size: int, num_layers: int, proj_size: int, dropout: float
) -> None:
    if isinstance(dropout, bool) or not isinstance(dropout, int | float) or not 0 <= dropout <= 1:
        raise ValueError(f"dropout should be a number in range [0, 1], got {dropout!r}")
    if dropout > 0 and num_layers == 1:
        warnings.warn(
            "dropout comes after all but the last layer, so it expects num_layers greater than 1, "
            f"but got dropout={dropout} and num_layers=1",
            stacklevel=5,
        )
    for name, size in (("input_size", input_size), ("hidden_size", hidden_size)):
        if not isinstance(size, int):
            raise TypeError(f"{name} should be of type int, got: {type(size).__name__}")
        if size <= 0:
            raise ValueError(f"{name} must be greater than zero, got {size}")
    if num_layers <= 0:
        raise ValueError(f"num_layers must be greater than zero, got {num_layers}")
    if not 0 <= proj_size < hidden_size:
        raise ValueError(
            f"proj_size should be 0, for none, or less than hidden_size, got {proj_size}"
        )


class RNNBase(Module):
    """What the recurrent layers share: parameters named by layer and direction, and the walk.

    `mode` is "LSTM", "GRU", "RNN_TANH" or "RNN_RELU". As `torch.nn.RNNBase`.
    """

    states = 1

    def __init__(
        self,
        mode: str,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: Any = None,
        dtype: Any = None,
    ):
        super().__init__()
        _check_arguments(input_size, hidden_size, num_layers, proj_size, dropout)
        for name, flag in (("bias", bias), ("batch_first", batch_first)):
            if not isinstance(flag, bool):
                raise TypeError(f"{name} should be of type bool, got: {type(flag).__name__}")
        self.mode = mode
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = float(dropout)
        self.bidirectional = bidirectional
        self.proj_size = proj_size
        rows = GATES[mode] * hidden_size
        width = self._output_size * len(self._directions)
        for layer in range(num_layers):
            for direction in self._directions:
                shapes: dict[str, tuple[int, ...]] = {
                    "weight_ih": (rows, input_size if layer == 0 else width),
                    "weight_hh": (rows, self._output_size),
                }
                if bias:
                    shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
                if proj_size:
                    shapes["weight_hr"] = (proj_size, hidden_size)
                for name, shape in shapes.items():
                    parameter = Parameter(empty(shape, device=device, dtype=dtype))
                    setattr(self, f"{name}_l{layer}{direction}", parameter)
        self.reset_parameters()

    @property
    def _directions(self) -> tuple[str, ...]:
        """What the names of the parameters of each direction end with."""
        return ("", "_reverse") if self.bidirectional else ("",)

    @property
    def _output_size(self) -> int:
        return self.proj_size or self.hidden_size

    @property
    def all_weights(self) -> list[list[Parameter]]:
        """The parameters of each layer and direction."""
        return [
            [
                getattr(self, name + suffix)
                for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")
                if hasattr(self, name + suffix)
            ]
            for layer in range(self.num_layers)
            for suffix in [f"_l{layer}{direction}" for direction in self._directions]
        ]

    def reset_parameters(self) -> None:
        draw_uniformly(self, self.hidden_size)

    def flatten_parameters(self) -> None:
        """Nothing: it brings parameters together in memory for a GPU's library."""

    def run(self, input: Any, state: State | None) -> tuple[Tensor, State]:
        """The last layer's outputs along the sequence and the last states of all layers.

        input: (L, N, in), with `batch_first` (N, L, in), or (L, in).
        state: one tensor, for an LSTM two, of (layers · directions, N, H), or (…, H) where the
            input has no batch; `None` is zeros.

        Raises:
            ValueError: the input has neither two dimensions nor three, or another dtype.
            RuntimeError: sizes do not fit, or the sequence is empty.
        """
        if input.ndim not in (2, 3):
            raise ValueError(
                f"{type(self).__name__}: Expected input to be 2D or 3D, got {input.ndim}D instead"
            )
        batched = input.ndim == 3
        for each in state or ():
            if each.ndim != input.ndim:
                raise RuntimeError(
                    f"For {'batched 3-D' if batched else 'unbatched 2-D'} input, hx should also be "
                    f"{input.ndim}-D but got {each.ndim}-D tensor"
                )
        steps = input if batched else input.unsqueeze(1)
        if batched and self.batch_first:
            steps = steps.transpose(0, 1)
        if state is not None and not batched:
            state = tuple([each.unsqueeze(1) for each in state])
        self._check(steps, state)
        output, state = self._walk(steps, self._by_layer(steps, state))
        if not batched:
            return output.squeeze(1), tuple([each.squeeze(1) for each in state])
        return output.transpose(0, 1) if self.batch_first else output, state

    def _state_shapes(self, batch: int) -> list[tuple[int, int, int]]:
        count = self.num_layers * len(self._directions)
        return [(count, batch, self._output_size), (count, batch, self.hidden_size)][: self.states]

    def _check(self, steps: Any, state: State | None) -> None:
        own = getattr(self, "weight_ih_l0").dtype  # noqa: B009, named as the parameter is
        if steps.dtype is not own:
            raise ValueError(
                f"RNN input dtype ({steps.dtype}) does not match weight dtype ({own}). Convert "
                f"input: input.to({own}), or convert model: model.to({steps.dtype})"
            )
        length, batch, width = steps.shape
        if width != self.input_size:
            raise RuntimeError(
                f"input.size(-1) must be equal to input_size. Expected {self.input_size}, got "
                f"{width}"
            )
        for i, (each, shape) in enumerate(
            zip(state or (), self._state_shapes(batch), strict=False)
        ):
            if each.shape != shape:
                name = "hidden" if self.states == 1 else f"hidden[{i}]"
                raise RuntimeError(f"Expected {name} size {shape}, got {list(each.shape)}")
        if length == 0:
            raise RuntimeError("Expected sequence length to be larger than 0 in RNN")

    def _by_layer(self, steps: Any, state: State | None) -> list[State]:
        """The first state of each layer and direction."""
        if state is not None:
            return list(zip(*[each.unbind(0) for each in state], strict=True))
        shapes = self._state_shapes(steps.shape[1])
        return [tuple([steps.new_zeros(shape[1:]) for shape in shapes])] * shapes[0][0]

    def _walk(self, steps: Any, states: list[State]) -> tuple[Tensor, State]:
        last: list[State] = []
        for layer in range(self.num_layers):
            outputs = []
            for direction in self._directions:
                output, state = self._along(
                    steps, states[len(last)], f"_l{layer}{direction}", bool(direction)
                )
                outputs.append(output)
                last.append(state)
            steps = outputs[0] if len(outputs) == 1 else cat(outputs, -1)
            if self.dropout and self.training and layer < self.num_layers - 1:
                steps = functional.dropout(steps, self.dropout)
        return steps, tuple([stack(each) for each in zip(*last, strict=True)])

    def _along(
        self, steps: Any, state: State, suffix: str, backwards: bool
    ) -> tuple[Tensor, State]:
        """One layer in one direction: (L, N, in) gives (L, N, H) and the last state."""
        weight_ih, weight_hh, bias_ih, bias_hh, project = (
            getattr(self, name + suffix, None)
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")
        )
        # What the inputs give does not depend on the states: one product for the whole sequence.
        gates = linear(steps, weight_ih, bias_ih)
        return along(self.mode, backwards, gates, weight_hh, bias_hh, project, state)

    def extra_repr(self) -> str:
        text = f"{self.input_size}, {self.hidden_size}"
        usual = {
            "proj_size": 0,
            "num_layers": 1,
            "bias": True,
            "batch_first": False,
            "dropout": 0,
            "bidirectional": False,
        }
        given = {name: getattr(self, name) for name in usual}
        return text + "".join(f", {k}={v}" for k, v in given.items() if v != usual[k])


def _without_projection(options: dict[str, Any]) -> dict[str, Any]:
    if "proj_size" in options:
        raise ValueError("proj_size argument is only supported for LSTM, not RNN or GRU")
    return options


class RNN(RNNBase):
    """h' = tanh(W x + b + W' h + b') along a sequence, or with ReLU. As `torch.nn.RNN`."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        *args: Any,
        **options: Any,
    ):
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(
                f"Unknown nonlinearity '{nonlinearity}'. Select from 'tanh' or 'relu'."
            )
        mode = f"RNN_{nonlinearity.upper()}"
        super().__init__(
            mode, input_size, hidden_size, num_layers, *args, **_without_projection(options)
        )
        self.nonlinearity = nonlinearity

    def forward(self, input: Tensor, hx: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """The outputs of the last layer and the last states, see `RNNBase.run`."""
        output, (hidden,) = self.run(input, None if hx is None else (hx,))
        return output, hidden


class LSTM(RNNBase):
    """A long short-term memory along a sequence, see `lstm_step`. As `torch.nn.LSTM`."""

    states = 2

    def __init__(self, *args: Any, **options: Any):
        super().__init__("LSTM", *args, **options)

    def forward(self, input: Tensor, hx: State | None = None) -> tuple[Tensor, State]:
        """The outputs of the last layer and the last states (h, c), see `RNNBase.run`."""
        if isinstance(hx, Tensor):
            raise IndexError(
                "LSTM: hx must be a pair of tensors (h, c), got one tensor of shape "
                f"{list(hx.shape)}"
            )
        return self.run(input, hx)


class GRU(RNNBase):
    """A gated recurrent unit along a sequence, see `gru_step`. As `torch.nn.GRU`."""

    def __init__(self, *args: Any, **options: Any):
        super().__init__("GRU", *args, **_without_projection(options))

    def forward(self, input: Tensor, hx: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """The outputs of the last layer and the last states, see `RNNBase.run`."""
        output, (hidden,) = self.run(input, None if hx is None else (hx,))
        return output, hidden
