"""CNTK: a Function is a graph over input variables; a Trainer moves its parameters."""

import cntk as C
import numpy as np


def formula(x1, x2):
    v1 = C.input_variable((1,), needs_gradient=True)
    v2 = C.input_variable((1,), needs_gradient=True)
    y = C.log(v1) + v1 * v2 - C.sin(v2)
    point = {v1: np.float32([[x1]]), v2: np.float32([[x2]])}
    value = y.eval(point)
    slopes = y.grad(point, wrt=[v1, v2])
    return value.item(), (slopes[v1].item(), slopes[v2].item())


def network(images, data):
    w1, b1 = C.parameter(init=data.w1.T.copy()), C.parameter(init=data.b1)
    w2, b2 = C.parameter(init=data.w2.T.copy()), C.parameter(init=data.b2)
    hidden = C.relu(C.times(images, w1) + b1)
    return C.times(hidden, w2) + b2


def train(data, report):
    images, wanted = C.input_variable(64), C.input_variable(10)
    scores = network(images, data)
    loss = C.cross_entropy_with_softmax(scores, wanted)
    rate = C.learning_parameter_schedule(data.rate, minibatch_size=data.size)
    trainer = C.Trainer(scores, loss, C.sgd(scores.parameters, rate))
    for batch, classes in data.batches:
        one_hot = np.eye(10, dtype=np.float32)[classes]
        trainer.train_minibatch({images: batch, wanted: one_hot})
        report(trainer.previous_minibatch_loss_average)


CANNOT = {
    "root": "A graph of CNTK loops over the items of a sequence, not until a condition holds."
}
