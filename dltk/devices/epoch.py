"""Lab 7: one epoch of training on any device."""


def train_epoch(model, loader, loss_function, optimizer, device):
    """Train `model`, which is on `device`, on each batch of `loader` once.

    Given: `loader` yields pairs of inputs and targets in the CPU's memory. Each batch goes to the
    device once. Nothing comes back but one number at the end: asking for a loss waits until the
    device has computed it, and while it waits nothing new is given to it.

    Returns:
        The mean loss of a sample, a Python number. `loss_function` gives the mean of a batch.
    """
    model.train()
    total, count = 0, 0
    for inputs, targets in loader:
        inputs, targets = inputs.to(device), targets.to(device)
        optimizer.zero_grad()
        loss = loss_function(model(inputs), targets)
        loss.backward()
        optimizer.step()
        total = total + loss.detach() * len(inputs)
        count += len(inputs)
    return (total / count).item()
