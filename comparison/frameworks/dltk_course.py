"""dltk, the framework of this course: PyTorch's names, and every line of it can be read."""

import dltk
from dltk import nn


def formula(x1, x2):
    x1 = dltk.tensor(x1, requires_grad=True)
    x2 = dltk.tensor(x2, requires_grad=True)
    y = dltk.log(x1) + x1 * x2 - dltk.sin(x2)
    y.backward()
    return y, (x1.grad, x2.grad)


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(64, 32)
        self.output = nn.Linear(32, 10)

    def forward(self, images):
        return self.output(dltk.relu(self.hidden(images)))


def train(data, report):
    model = Network()
    given = {
        "hidden.weight": data.w1,
        "hidden.bias": data.b1,
        "output.weight": data.w2,
        "output.bias": data.b2,
    }
    model.load_state_dict({name: dltk.from_numpy(array) for name, array in given.items()})
    optimizer = dltk.optim.SGD(model.parameters(), lr=data.rate)
    loss_function = nn.CrossEntropyLoss()
    for images, labels in data.batches:
        optimizer.zero_grad()
        loss = loss_function(model(dltk.from_numpy(images)), dltk.from_numpy(labels))
        loss.backward()
        optimizer.step()
        report(loss.item())


def root(square):
    a = dltk.tensor(square, requires_grad=True)
    y, turns = a, 0
    while abs(y * y - a) > 1e-3 * a:
        y = (y + a / y) / 2
        turns += 1
    y.backward()
    return y, a.grad, turns
