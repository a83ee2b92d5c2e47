"""One step of a recurrent network: the formulas, and the cells as modules."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from dltk.core.tensor import Tensor
from dltk.nn import init
from dltk.nn.affine import linear
from dltk.nn.module import Module
from dltk.nn.parameter import Parameter
from dltk.ops.create import empty
from dltk.ops.pointwise import relu, sigmoid, tanh

State = tuple[Tensor, ...]


def rnn_step(nonlinearity: Callable[[Any], Tensor]) -> Callable[..., State]:
    """h' = f(a + W h + b), where a (N, H) is what the input gives."""

    def step(from_input: Any, state: State, weight: Any, bias: Any, project: Any = None) -> State:
        (hidden,) = state
        return (nonlinearity(from_input + linear(hidden, weight, bias)),)

    return step


def lstm_step(from_input: Any, state: State, weight: Any, bias: Any, project: Any = None) -> State:
    """The state (h', c') after (h, c); `from_input` (N, 4 H) is what the input gives.

    i, f, g, o are the quarters of a + W h + b, all but g through a sigmoid and g through tanh:
    c' = f c + i g, h' = o tanh c', which `project` (P, H), if there is one, brings to P numbers.
    """
    hidden, cell = state
    i, f, g, o = (from_input + linear(hidden, weight, bias)).chunk(4, 1)
    cell = sigmoid(f) * cell + sigmoid(i) * tanh(g)
    hidden = sigmoid(o) * tanh(cell)
    return hidden if project is None else linear(hidden, project), cell


def gru_step(from_input: Any, state: State, weight: Any, bias: Any, project: Any = None) -> State:
    """h' = (h - n) z + n; r, z, n are the thirds of `from_input` (N, 3 H) and of W h + b.

    r and z are sigmoids of the sums of their thirds; n is tanh of its third of the input plus r
    times that of the state.
    """
    (hidden,) = state
    input_r, input_z, input_n = from_input.chunk(3, 1)
    hidden_r, hidden_z, hidden_n = linear(hidden, weight, bias).chunk(3, 1)
    r, z = sigmoid(input_r + hidden_r), sigmoid(input_z + hidden_z)
    n = tanh(input_n + r * hidden_n)
    return ((hidden - n) * z + n,)


def draw_uniformly(module: Module, hidden_size: int) -> None:
    """The initial values of all parameters: uniform on ±1/√H."""
    bound = 1 / math.sqrt(hidden_size) if hidden_size > 0 else 0
    for parameter in module.parameters():
        init.uniform_(parameter, -bound, bound)


class RNNCellBase(Module):
    """What the cells share: weights for the input and the state, and how many states there are."""

    states = 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool,
        num_chunks: int,
        device: Any = None,
        dtype: Any = None,
    ):
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias
        rows = num_chunks * hidden_size
        self.weight_ih = Parameter(empty(rows, input_size, device=device, dtype=dtype))
        self.weight_hh = Parameter(empty(rows, hidden_size, device=device, dtype=dtype))
        for name in ("bias_ih", "bias_hh"):
            self.register_parameter(
                name, Parameter(empty(rows, device=device, dtype=dtype)) if bias else None
            )
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the initial values: uniform on ±1/√H."""
        draw_uniformly(self, self.hidden_size)

    def step(self) -> Callable[..., State]:
        """The formula of this kind of cell."""
        raise NotImplementedError

    def run(self, input: Any, state: State | None) -> State:
        """The state after `input` (N, in) or (in), from `state` or from zeros.

        Raises:
            ValueError: the input or the state has neither one dimension nor two.
            RuntimeError: sizes do not fit.
        """
        self._check_dimensions(input, "input")
        for i, each in enumerate(state or ()):
            self._check_dimensions(each, f"hx[{i}]" if self.states > 1 else "hidden")
        batched = input.ndim == 2
        rows = input if batched else input.unsqueeze(0)
        if state is None:
            zeros = rows.new_zeros(rows.shape[0], self.hidden_size)
            state = (zeros,) * self.states
        elif not batched:
            state = tuple([each.unsqueeze(0) for each in state])
        self._check_sizes(rows, state)
        from_input = linear(rows, self.weight_ih, self.bias_ih)
        found = self.step()(from_input, state, self.weight_hh, self.bias_hh)
        return found if batched else tuple([each.squeeze(0) for each in found])

    def _check_dimensions(self, tensor: Any, name: str) -> None:
        if tensor.ndim not in (1, 2):
            raise ValueError(
                f"{self._get_name()}: Expected {name} to be 1D or 2D, got {tensor.ndim}D instead"
            )

    def _check_sizes(self, input: Any, state: State) -> None:
        if input.shape[1] != self.input_size:
            raise RuntimeError(
                f"input has inconsistent input_size: got {input.shape[1]} expected "
                f"{self.input_size}"
            )
        for i, each in enumerate(state):
            if input.shape[0] != each.shape[0]:
                raise RuntimeError(
                    f"Input batch size {input.shape[0]} doesn't match hidden{i} batch size "
                    f"{each.shape[0]}"
                )
            if each.ndim != 2 or each.shape[1] != self.hidden_size:
                raise RuntimeError(
                    f"hidden{i} has inconsistent hidden_size: got shape {tuple(each.shape)}, "
                    f"expected {self.hidden_size} columns"
                )

    def extra_repr(self) -> str:
        text = f"{self.input_size}, {self.hidden_size}"
        return text if self.bias is True else f"{text}, bias={self.bias}"


class RNNCell(RNNCellBase):
    """h' = tanh(W x + b + W' h + b'), or with ReLU. As `torch.nn.RNNCell`."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        device: Any = None,
        dtype: Any = None,
    ):
        super().__init__(input_size, hidden_size, bias, 1, device, dtype)
        self.nonlinearity = nonlinearity

    def step(self) -> Callable[..., State]:
        if self.nonlinearity not in ("tanh", "relu"):
            raise RuntimeError(f"Unknown nonlinearity: {self.nonlinearity}")
        return rnn_step(tanh if self.nonlinearity == "tanh" else relu)

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        """(N, in) and (N, H), or (in) and (H), give the next state; without `hx`, from zeros."""
        return self.run(input, None if hx is None else (hx,))[0]

    def extra_repr(self) -> str:
        text = super().extra_repr()
        return text if self.nonlinearity == "tanh" else f"{text}, nonlinearity={self.nonlinearity}"


class LSTMCell(RNNCellBase):
    """One step of a long short-term memory, see `lstm_step`. As `torch.nn.LSTMCell`."""

    states = 2

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ):
        super().__init__(input_size, hidden_size, bias, 4, device, dtype)

    def step(self) -> Callable[..., State]:
        return lstm_step

    def forward(self, input: Tensor, hx: State | None = None) -> State:
        """(N, in) and (h, c) give (h', c'), each (N, H); without `hx`, from zeros."""
        return self.run(input, hx)


class GRUCell(RNNCellBase):
    """One step of a gated recurrent unit, see `gru_step`. As `torch.nn.GRUCell`."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ):
        super().__init__(input_size, hidden_size, bias, 3, device, dtype)

    def step(self) -> Callable[..., State]:
        return gru_step

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        """(N, in) and (N, H), or (in) and (H), give the next state; without `hx`, from zeros."""
        return self.run(input, None if hx is None else (hx,))[0]
