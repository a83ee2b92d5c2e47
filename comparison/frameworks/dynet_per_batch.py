"""DyNet: a new graph for every batch, by renew_cg(); the batch is the last dimension."""

import dynet as dy
import numpy as np


def formula(x1, x2):
    dy.renew_cg()
    parameters = dy.ParameterCollection()
    p1 = parameters.add_parameters(1, init=np.array([x1]))
    p2 = parameters.add_parameters(1, init=np.array([x2]))
    y = dy.log(p1) + dy.cmult(p1, p2) - dy.sin(p2)
    value = y.scalar_value()
    y.backward()
    return value, (p1.grad_as_array()[0], p2.grad_as_array()[0])


class Network:
    def __init__(self, parameters, data):
        self.w1, self.b1, self.w2, self.b2 = (
            parameters.add_parameters(array.shape, init=array)
            for array in (data.w1, data.b1, data.w2, data.b2)
        )

    def __call__(self, images):
        hidden = dy.rectify(dy.affine_transform([self.b1, self.w1, images]))
        return dy.affine_transform([self.b2, self.w2, hidden])


def train(data, report):
    parameters = dy.ParameterCollection()
    model = Network(parameters, data)
    trainer = dy.SimpleSGDTrainer(parameters, data.rate)
    trainer.set_clip_threshold(-1)
    for images, labels in data.batches:
        dy.renew_cg()
        scores = model(dy.inputTensor(images.T, batched=True))
        losses = dy.pickneglogsoftmax_batch(scores, labels.tolist())
        loss = dy.mean_batches(losses)
        value = loss.scalar_value()
        loss.backward()
        trainer.update()
        report(value)


def root(square):
    dy.renew_cg()
    a = dy.ParameterCollection().add_parameters(1, init=np.array([square]))
    y, turns = a + 0, 0
    while abs((dy.square(y) - a).scalar_value()) > 1e-3 * square:
        y = (y + dy.cdiv(a, y)) / 2
        turns += 1
    value = y.scalar_value()
    y.backward()
    return value, a.grad_as_array()[0], turns
