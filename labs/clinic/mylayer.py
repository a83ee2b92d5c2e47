"""A layer that no library has, y = √(x² + b) W, and its training."""

import math


def mylayer(lib, x, y, bias=True, steps=10, lr=0.05):
    """Train the layer from `x` (n, in) to `y` (n, out), with or without `bias`.

    Returns the loss before each step, the state afterwards, and what the layer makes of zeros. All
    of it is finite: parameters begin as drawn numbers, and no number under the root is negative.
    """

    class MyLayer(lib.nn.Module):
        def __init__(self, in_features, out_features, bias):
            super().__init__()
            bound = 1 / math.sqrt(in_features)
            weight = lib.empty(in_features, out_features, dtype=x.dtype)
            self.weight = lib.nn.Parameter(lib.nn.init.uniform_(weight, -bound, bound))
            if bias:
                self.bias = lib.nn.Parameter(lib.full((in_features,), bound, dtype=x.dtype))
            else:
                self.register_parameter("bias", None)

        def forward(self, input):
            if self.bias is None:
                return input.abs() @ self.weight
            return (input**2 + self.bias).sqrt() @ self.weight

    layer = MyLayer(x.shape[1], y.shape[1], bias)
    optimizer = lib.optim.SGD(layer.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        loss = lib.nn.functional.mse_loss(layer(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if layer.bias is not None:
            with lib.no_grad():
                layer.bias.clamp_(min=1e-6)
        losses.append(loss.item())
    return {"loss": losses, "state": dict(layer.state_dict()), "zeros": layer(lib.zeros_like(x))}
