"""Two classes far from the border: a loss that still has a slope there."""


def saturation(lib, z, target, steps=5, lr=0.5):
    """Binary cross-entropy of scores `z` (n) for `target` (n), and some steps down its gradient.

    Returns each sample's loss and gradient at the start, and the mean loss of each step. The loss
    takes the scores themselves: a sigmoid of 200 is 1, and nothing comes back through it.
    """
    z = z.clone().requires_grad_()
    each = lib.nn.functional.binary_cross_entropy_with_logits(z, target, reduction="none")
    (gradient,) = lib.autograd.grad(each.sum(), z)
    optimizer = lib.optim.SGD([z], lr=lr)
    losses = []
    for _ in range(steps):
        loss = lib.nn.functional.binary_cross_entropy_with_logits(z, target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return {"each": each, "gradient": gradient, "loss": losses, "z": z}
