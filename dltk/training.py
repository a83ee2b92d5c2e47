"""Lab 8: how good a model is, and the loop that makes it better."""

from dltk.autograd.grad_modes import no_grad


def evaluate(model, loader):
    """The share of samples whose largest score is that of their class, from 0 to 1.

    No graph is built, and every module is afterwards in the mode it was in. A loader without
    samples gives 0.
    """
    modes = [(module, module.training) for module in model.modules()]
    right = count = 0
    model.eval()
    try:
        with no_grad():
            for inputs, classes in loader:
                right += (model(inputs).argmax(1) == classes).sum().item()
                count += len(classes)
    finally:
        for module, mode in modes:
            module.training = mode
    return right / count if count else 0.0


def train_epoch(model, optimizer, loss_function, loader):
    """One step on each batch of `loader`, with the model in training.

    Given: `loader`, of pairs of inputs and targets; `loss_function(outputs, targets)`.

    Returns:
        The losses of the steps, numbers.
    """
    losses = []
    model.train()
    for inputs, targets in loader:
        optimizer.zero_grad()
        loss = loss_function(model(inputs), targets)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def snapshot(model):
    """The model's state as it is now: training goes on without changing it."""
    return {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}


def fit(model, optimizer, loss_function, loader, epochs, held_out=None, schedule=None):
    """Train for `epochs`, and leave the model in the state that was best on `held_out`.

    Args:
        held_out: a loader; the first of several best states counts. Without one the last stays.
        schedule: a learning-rate schedule, stepped once an epoch.

    Returns:
        The loss of each step, and the accuracy on `held_out` after each epoch.
    """
    losses, accuracies, best = [], [], None
    for _ in range(epochs):
        losses += train_epoch(model, optimizer, loss_function, loader)
        if schedule is not None:
            schedule.step()
        if held_out is not None:
            accuracies.append(evaluate(model, held_out))
            if best is None or accuracies[-1] > max(accuracies[:-1]):
                best = snapshot(model)
    if best is not None:
        model.load_state_dict(best)
    return losses, accuracies
