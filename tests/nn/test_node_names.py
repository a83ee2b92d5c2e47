"""What `grad_fn` is called, and prints as, after an activation or a loss."""

import pytest
from comparing import both

RUNS = {
    "relu": lambda nn, x: nn.relu(x),
    "leaky_relu": lambda nn, x: nn.leaky_relu(x),
    "elu": lambda nn, x: nn.elu(x),
    "gelu": lambda nn, x: nn.gelu(x),
    "silu": lambda nn, x: nn.silu(x),
    "softplus": lambda nn, x: nn.softplus(x),
    "hardtanh": lambda nn, x: nn.hardtanh(x),
    "sigmoid": lambda nn, x: nn.sigmoid(x),
    "softmax": lambda nn, x: nn.softmax(x, 1),
    "log_softmax": lambda nn, x: nn.log_softmax(x, 1),
    "mse_loss": lambda nn, x: nn.mse_loss(x, x.detach()),
    "l1_loss": lambda nn, x: nn.l1_loss(x, x.detach()),
    "smooth_l1_loss": lambda nn, x: nn.smooth_l1_loss(x, x.detach()),
    "huber_loss": lambda nn, x: nn.huber_loss(x, x.detach()),
    "cross_entropy": lambda nn, x: nn.cross_entropy(x, x.detach().argmax(1)),
    "kl_div": lambda nn, x: nn.kl_div(x, x.detach(), reduction="sum"),
    "binary_cross_entropy": lambda nn, x: nn.binary_cross_entropy(x.sigmoid(), x.detach()),
    "with_logits": lambda nn, x: nn.binary_cross_entropy_with_logits(x, x.detach()),
}


@pytest.mark.parametrize("name", RUNS)
def test_the_node_has_torchs_name(name):
    def run(lib):
        x = lib.full((2, 3), 0.5, requires_grad=True) * 1
        result = RUNS[name](lib.nn.functional, x)
        return result.grad_fn.name(), repr(result).partition("grad_fn")[2]

    want, got = both(run)
    assert got == want
