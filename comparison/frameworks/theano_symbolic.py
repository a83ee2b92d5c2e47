"""Theano: symbols first; function() simplifies the graph, writes C++ for it and compiles that."""

import numpy as np
import theano
import theano.tensor as T

theano.config.floatX = "float32"


def formula(x1, x2):
    s1, s2 = T.scalars("x1", "x2")
    y = T.log(s1) + s1 * s2 - T.sin(s2)
    f = theano.function([s1, s2], [y] + T.grad(y, [s1, s2]))
    value, by_x1, by_x2 = f(x1, x2)
    return value, (by_x1, by_x2)


def train(data, report):
    images, labels = T.matrix("images"), T.lvector("labels")
    w1 = theano.shared(data.w1.T, "w1")
    b1 = theano.shared(data.b1, "b1")
    w2 = theano.shared(data.w2.T, "w2")
    b2 = theano.shared(data.b2, "b2")

    hidden = T.nnet.relu(T.dot(images, w1) + b1)
    p = T.nnet.softmax(T.dot(hidden, w2) + b2)
    loss = T.nnet.categorical_crossentropy(p, labels).mean()

    weights = [w1, b1, w2, b2]
    slopes = T.grad(loss, weights)
    rate = np.float32(data.rate)
    updates = [(weight, weight - rate * slope) for weight, slope in zip(weights, slopes)]
    step = theano.function([images, labels], loss, updates=updates)
    for batch, classes in data.batches:
        report(step(batch, classes))


def root(square):
    a = T.scalar("a")

    def turn(y, a):
        following = (y + a / y) / 2
        done = theano.scan_module.until(T.le(abs(following**2 - a), np.float32(1e-3) * a))
        return following, done

    # The loop is one node, scan, which keeps the value of every turn and stops by `until`.
    ys, _ = theano.scan(turn, outputs_info=[a], non_sequences=[a], n_steps=50)
    return theano.function([a], [ys[-1], T.grad(ys[-1], a), ys.shape[0]])(square)
