"""PaddlePaddle: define by run since version 2; a layer keeps its weight as (inputs, outputs)."""

import paddle
from paddle import nn


def formula(x1, x2):
    x1 = paddle.to_tensor(x1, stop_gradient=False)
    x2 = paddle.to_tensor(x2, stop_gradient=False)
    y = paddle.log(x1) + x1 * x2 - paddle.sin(x2)
    y.backward()
    return y, (x1.grad, x2.grad)


class Network(nn.Layer):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(64, 32)
        self.output = nn.Linear(32, 10)

    def forward(self, images):
        return self.output(nn.functional.relu(self.hidden(images)))


def train(data, report):
    model = Network()
    model.set_state_dict(
        {
            "hidden.weight": data.w1.T,
            "hidden.bias": data.b1,
            "output.weight": data.w2.T,
            "output.bias": data.b2,
        }
    )
    optimizer = paddle.optimizer.SGD(data.rate, parameters=model.parameters())
    loss_function = nn.CrossEntropyLoss()
    for images, labels in data.batches:
        loss = loss_function(model(paddle.to_tensor(images)), paddle.to_tensor(labels))
        loss.backward()
        optimizer.step()
        optimizer.clear_grad()
        report(loss.item())


def root(square):
    a = paddle.to_tensor(square, stop_gradient=False)
    y, turns = a, 0
    while abs(y * y - a) > 1e-3 * a:
        y = (y + a / y) / 2
        turns += 1
    y.backward()
    return y, a.grad, turns
