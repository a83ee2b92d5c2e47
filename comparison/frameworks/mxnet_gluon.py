"""MXNet with Gluon: operations inside autograd.record() are recorded; hybridize() makes a graph."""

from mxnet import autograd, gluon, nd
from mxnet.gluon import nn


def formula(x1, x2):
    x1, x2 = nd.array([x1]), nd.array([x2])
    x1.attach_grad()
    x2.attach_grad()
    with autograd.record():
        y = nd.log(x1) + x1 * x2 - nd.sin(x2)
    y.backward()
    return y.asscalar(), (x1.grad.asscalar(), x2.grad.asscalar())


def train(data, report):
    model = nn.HybridSequential()
    model.add(nn.Dense(32, in_units=64, activation="relu"), nn.Dense(10, in_units=32))
    model.initialize()
    given = (data.w1, data.b1, data.w2, data.b2)
    for parameter, array in zip(model.collect_params().values(), given):
        parameter.set_data(nd.array(array))
    model.hybridize()
    trainer = gluon.Trainer(model.collect_params(), "sgd", {"learning_rate": data.rate})
    loss_function = gluon.loss.SoftmaxCrossEntropyLoss()
    for images, labels in data.batches:
        with autograd.record():
            losses = loss_function(model(nd.array(images)), nd.array(labels))
        # backward() adds up the gradients of all examples; step(n) divides by n.
        losses.backward()
        trainer.step(data.size)
        report(losses.mean().asscalar())


def root(square):
    a = nd.array([square])
    a.attach_grad()
    turns = 0
    with autograd.record():
        y = a.copy()
        while abs(y * y - a).asscalar() > 1e-3 * square:
            y = (y + a / y) / 2
            turns += 1
    y.backward()
    return y.asscalar(), a.grad.asscalar(), turns
