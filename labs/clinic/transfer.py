"""A trained net gets a new head; only the head learns."""


def transfer(lib, images, labels, new_images, new_labels, steps=6, lr=0.1):
    """Train a net on two classes of `images` (n, 1, 8, 8), then its new head on four others.

    Returns both losses step by step, which entries of the state moved in the second training, and
    the trained state. The new head stands in the model that is trained; what is frozen is frozen
    before the optimizer is made, running statistics included.
    """

    class Net(lib.nn.Module):
        def __init__(self, classes):
            super().__init__()
            self.conv = lib.nn.Conv2d(1, 4, 3, padding=1)
            self.bn = lib.nn.BatchNorm2d(4)
            self.pool = lib.nn.AdaptiveAvgPool2d(2)
            self.fc = lib.nn.Linear(16, classes)

        def forward(self, x):
            x = self.pool(lib.relu(self.bn(self.conv(x))))
            return self.fc(x.flatten(1))

    def train(parameters, inputs, targets):
        optimizer = lib.optim.SGD(parameters, lr=lr, momentum=0.9)
        losses = []
        for _ in range(steps):
            loss = lib.nn.functional.cross_entropy(net(inputs), targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return losses

    net = Net(2).to(images.dtype)
    first = train(net.parameters(), images, labels)
    net.requires_grad_(False)
    net.eval()
    net.fc = lib.nn.Linear(net.fc.in_features, 4).to(images.dtype)
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    second = train(net.fc.parameters(), new_images, new_labels)
    state = dict(net.state_dict())
    moved = [name for name, tensor in state.items() if not lib.equal(tensor, before[name])]
    return {"first": first, "second": second, "moved": moved, "state": state}
