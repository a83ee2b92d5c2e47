"""Rates that fall at milestones: two groups, momentum, a schedule by the epoch."""


def schedule(lib, batches, targets, epochs=6, milestones=(2, 4)):
    """Train a small net on `batches` (batch, n, in) and `targets` (batch, n, out).

    Returns both groups' rates during each epoch, every loss, and the first layer's momentum at the
    end. The optimizer is made once; the schedule steps once an epoch, after the optimizer.
    """
    net = lib.nn.Sequential(
        lib.nn.Linear(batches.shape[-1], 8), lib.nn.Tanh(), lib.nn.Linear(8, targets.shape[-1])
    ).to(batches.dtype)
    optimizer = lib.optim.SGD(
        [{"params": net[0].parameters()}, {"params": net[2].parameters(), "lr": 0.02}],
        lr=0.1,
        momentum=0.9,
    )
    scheduler = lib.optim.lr_scheduler.MultiStepLR(
        optimizer, milestones=list(milestones), gamma=0.1
    )
    rates, losses = [], []
    for _ in range(epochs):
        rates.append([group["lr"] for group in optimizer.param_groups])
        for inputs, wanted in zip(batches, targets, strict=True):
            loss = lib.nn.functional.mse_loss(net(inputs), wanted)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        scheduler.step()
    momentum = optimizer.state[net[0].weight]["momentum_buffer"]
    return {"rates": rates, "loss": losses, "momentum": momentum}
