"""Chainer, which coined define by run: the graph hangs on the result of the forward pass."""

import chainer
import chainer.functions as F
import chainer.links as L
import numpy as np


def formula(x1, x2):
    x1 = chainer.Variable(np.float32([x1]))
    x2 = chainer.Variable(np.float32([x2]))
    y = F.log(x1) + x1 * x2 - F.sin(x2)
    y.backward()
    return y.item(), (x1.grad.item(), x2.grad.item())


class Network(chainer.Chain):
    def __init__(self, data):
        super().__init__()
        with self.init_scope():
            self.hidden = L.Linear(64, 32, initialW=data.w1, initial_bias=data.b1)
            self.output = L.Linear(32, 10, initialW=data.w2, initial_bias=data.b2)

    def forward(self, images):
        return self.output(F.relu(self.hidden(images)))


def train(data, report):
    model = Network(data)
    optimizer = chainer.optimizers.SGD(lr=data.rate)
    optimizer.setup(model)
    for images, labels in data.batches:
        loss = F.softmax_cross_entropy(model(images), labels.astype(np.int32))
        model.cleargrads()
        loss.backward()
        optimizer.update()
        report(loss.item())


def root(square):
    a = chainer.Variable(np.float32([square]))
    y, turns = a, 0
    while abs((y * y - a).item()) > 1e-3 * square:
        y = (y + a / y) / 2
        turns += 1
    y.backward()
    return y.item(), a.grad.item(), turns
