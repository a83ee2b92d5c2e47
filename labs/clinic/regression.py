"""A line through points: a model of one weight and one bias, trained."""


def regression(lib, x, y, steps=100, lr=0.1):
    """Fit y = slope x + intercept to points `x` and `y`, both (n), by gradient descent.

    Returns the loss before each step, and `slope` and `intercept` afterwards. Both columns have one
    shape, (n, 1): otherwise the difference of predictions and targets is a matrix of all pairs.
    """
    inputs, targets = x.reshape(-1, 1), y.reshape(-1, 1)
    model = lib.nn.Linear(1, 1).to(inputs.dtype)
    criterion = lib.nn.MSELoss()
    optimizer = lib.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        loss = criterion(model(inputs), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return {"loss": losses, "slope": model.weight.item(), "intercept": model.bias.item()}
