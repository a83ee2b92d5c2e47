"""The steps of a recurrent layer on arrays: a whole sequence forward, and back through time.

Each kernel has `forward(xp, gates, state, weight, bias)`: `gates` (L, N, …) is what the inputs
give, `state` a list of (N, H), and it returns the outputs (L, N, H), the last state, and what
`backward` needs. `backward(xp, g, g_state, state, outputs, weight, kept)` gets the adjoints of the
outputs and of the last state, and returns those of `gates`, of weight · h + bias, and of the first
state. The formulas are those of `rnn_cells`; a sigmoid is (1 + tanh(x / 2)) / 2.
"""

from typing import Any


def _before(xp: Any, first: Any, outputs: Any) -> Any:
    """The hidden state before each step."""
    return xp.concatenate((first[None], outputs[:-1]))


class Tanh:
    """h' = tanh(a + W h + b)."""

    @staticmethod
    def activate(xp, x):
        xp.tanh(x, out=x)

    @staticmethod
    def slope(xp, z):
        return 1 - z * z

    @classmethod
    def forward(cls, xp, gates, state, weight, bias):
        (hidden,) = state
        outputs = gates.copy() if bias is None else gates + bias
        for output in outputs:
            output += hidden @ weight.T
            cls.activate(xp, output)
            hidden = output
        return outputs, [hidden.copy()], None

    @classmethod
    def backward(cls, xp, g, g_state, state, outputs, weight, kept):
        (g_hidden,) = g_state
        pulled = cls.slope(xp, outputs)
        for step in range(len(outputs) - 1, -1, -1):
            pulled[step] *= g_hidden + g[step]
            g_hidden = pulled[step] @ weight
        return pulled, pulled, [g_hidden]


class Relu(Tanh):
    """h' = max(a + W h + b, 0)."""

    @staticmethod
    def activate(xp, x):
        xp.maximum(x, 0, out=x)

    @staticmethod
    def slope(xp, z):
        return (z > 0).astype(z.dtype)


class Lstm:
    """c' = f c + i g, h' = o tanh c', where i, f, g, o are quarters of the activated gates."""

    @staticmethod
    def forward(xp, gates, state, weight, bias):
        hidden, cell = state
        width = cell.shape[1]
        active = gates.copy() if bias is None else gates + bias
        scale = xp.full(4 * width, 0.5, gates.dtype)
        scale[2 * width : 3 * width] = 1
        shift = 1 - scale
        cells = xp.empty((len(gates) + 1, *cell.shape), gates.dtype)
        cells[0] = cell
        bent, outputs = xp.empty_like(cells[1:]), xp.empty_like(cells[1:])
        for step, x in enumerate(active):
            x += hidden @ weight.T
            x *= scale
            xp.tanh(x, out=x)
            x *= scale
            x += shift
            i, f, g, o = _parts(x, 4)
            xp.multiply(f, cells[step], out=cells[step + 1])
            cells[step + 1] += i * g
            xp.tanh(cells[step + 1], out=bent[step])
            hidden = xp.multiply(o, bent[step], out=outputs[step])
        return outputs, [hidden.copy(), cells[-1].copy()], (active, cells, bent)

    @staticmethod
    def backward(xp, g, g_state, state, outputs, weight, kept):
        (g_hidden, g_cell), (active, cells, bent) = g_state, kept
        i, f, candidate, o = _parts(active, 4)
        # All that does not depend on what comes from later steps: for all steps at once.
        pulled = active * (1 - active)
        slope_i, slope_f, slope_g, slope_o = _parts(pulled, 4)
        xp.multiply(slope_i, candidate, out=slope_i)
        xp.multiply(slope_f, cells[:-1], out=slope_f)
        xp.multiply(1 - candidate * candidate, i, out=slope_g)
        xp.multiply(slope_o, bent, out=slope_o)
        to_cell = o * (1 - bent * bent)
        width = bent.shape[2]
        for step in range(len(active) - 1, -1, -1):
            g_hidden = g_hidden + g[step]
            g_cell = g_cell + g_hidden * to_cell[step]
            rows = pulled[step].reshape(-1, 4, width)
            rows[:, :3] *= g_cell[:, None]
            rows[:, 3] *= g_hidden
            g_cell = g_cell * f[step]
            g_hidden = pulled[step] @ weight
        return pulled, pulled, [g_hidden, g_cell]


class Gru:
    """h' = (h - n) z + n, where r, z, n come from thirds of a and of W h + b."""

    @staticmethod
    def forward(xp, gates, state, weight, bias):
        (hidden,) = state
        width = hidden.shape[1]
        active, outputs = gates.copy(), xp.empty((*gates.shape[:2], width), gates.dtype)
        inner = xp.empty_like(outputs)
        for step, x in enumerate(active):
            from_hidden = hidden @ weight.T
            if bias is not None:
                from_hidden += bias
            r_and_z, n = x[:, : 2 * width], x[:, 2 * width :]
            r_and_z += from_hidden[:, : 2 * width]
            r_and_z *= 0.5
            xp.tanh(r_and_z, out=r_and_z)
            r_and_z *= 0.5
            r_and_z += 0.5
            inner[step] = from_hidden[:, 2 * width :]
            n += x[:, :width] * inner[step]
            xp.tanh(n, out=n)
            difference = hidden - n
            difference *= x[:, width : 2 * width]
            hidden = xp.add(difference, n, out=outputs[step])
        return outputs, [hidden.copy()], (active, inner)

    @staticmethod
    def backward(xp, g, g_state, state, outputs, weight, kept):
        (g_hidden,), (active, inner) = g_state, kept
        r, z, n = _parts(active, 3)
        slope_n = (1 - z) * (1 - n * n)
        slope_z = (_before(xp, state[0], outputs) - n) * (z * (1 - z))
        slope_r = inner * (r * (1 - r))
        pulled, to_hidden = xp.empty_like(active), xp.empty_like(active)
        pulled_r, pulled_z, pulled_n = _parts(pulled, 3)
        hidden_r, hidden_z, hidden_n = _parts(to_hidden, 3)
        for step in range(len(active) - 1, -1, -1):
            g_hidden = g_hidden + g[step]
            g_n = xp.multiply(g_hidden, slope_n[step], out=pulled_n[step])
            xp.multiply(g_hidden, slope_z[step], out=hidden_z[step])
            xp.multiply(g_n, slope_r[step], out=hidden_r[step])
            xp.multiply(g_n, r[step], out=hidden_n[step])
            g_hidden = g_hidden * z[step]
            g_hidden += to_hidden[step] @ weight
        pulled_r[...], pulled_z[...] = hidden_r, hidden_z
        return pulled, to_hidden, [g_hidden]


def _parts(x, count):
    """`x` cut along its last dimension into `count` views."""
    width = x.shape[-1] // count
    return [x[..., k * width : (k + 1) * width] for k in range(count)]


KERNELS: dict[str, Any] = {"LSTM": Lstm, "GRU": Gru, "RNN_TANH": Tanh, "RNN_RELU": Relu}
