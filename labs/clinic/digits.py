"""Handwritten digits: a net, its training, and its accuracy on what it has not seen."""


def digits(lib, images, labels, held_out, held_out_labels, epochs=3, lr=0.1):
    """Train on `images` (n, height, width, channels) of `labels` (n), a batch of 16 at a time.

    Returns each epoch's mean loss and its accuracy on the held-out images, whether the model was in
    training during each, and the state afterwards. The loss takes scores, not probabilities; a
    picture with its channels in front is flattened by `flatten`, since `view` cannot.
    """
    device = images.device

    def channels_first(batch):
        return batch.permute(0, 3, 1, 2)

    size = images[0].numel()
    model = lib.nn.Sequential(
        lib.nn.Flatten(),
        lib.nn.Linear(size, 16),
        lib.nn.BatchNorm1d(16),
        lib.nn.ReLU(),
        lib.nn.Linear(16, 4),
    ).to(device)
    criterion = lib.nn.CrossEntropyLoss()
    optimizer = lib.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    data = lib.utils.data.TensorDataset(images, labels)
    loader = lib.utils.data.DataLoader(data, batch_size=16, shuffle=True)
    losses, accuracies, modes = [], [], []
    for _ in range(epochs):
        model.train()
        total = 0.0
        for inputs, targets in loader:
            loss = criterion(model(channels_first(inputs.to(device))), targets.to(device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(targets)
        modes.append(model.training)
        model.eval()
        with lib.no_grad():
            scores = model(channels_first(held_out.to(device)))
        right = (scores.argmax(dim=1) == held_out_labels.to(device)).sum().item()
        losses.append(total / len(labels))
        accuracies.append(right / len(held_out_labels))
    state = dict(model.state_dict())
    return {"loss": losses, "accuracy": accuracies, "training": modes, "state": state}
