"""Gradient descent without an optimizer: tensors, `backward` and an update by hand."""


def by_hand(lib, x, y, w, b, steps=5, lr=0.01):
    """Fit y = x w + b from `w` (n) and `b` (), which stay as they are.

    Returns the loss and both gradients before each step, and the new `w` and `b`. The update is
    neither recorded nor a new tensor, and every gradient starts from nothing.
    """
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    losses, gradients = [], []
    for _ in range(steps):
        loss = (x @ w + b - y).square().mean()
        loss.backward()
        losses.append(loss.item())
        gradients.append((w.grad.clone(), b.grad.clone()))
        with lib.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad = None
        b.grad = None
    leaves = w.is_leaf and b.is_leaf and w.requires_grad and b.requires_grad
    return {"loss": losses, "gradient": gradients, "w": w, "b": b, "leaves": leaves}
