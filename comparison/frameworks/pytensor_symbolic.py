"""PyTensor, Theano's heir: symbols first, then function() compiles what leads to the outputs."""

import numpy as np
import pytensor
import pytensor.tensor as pt
from pytensor.scan import until

pytensor.config.floatX = "float32"
pytensor.config.mode = "FAST_COMPILE"


def formula(x1, x2):
    s1, s2 = pt.scalars("x1", "x2")
    y = pt.log(s1) + s1 * s2 - pt.sin(s2)
    f = pytensor.function([s1, s2], [y, *pt.grad(y, [s1, s2])])
    value, *slopes = f(x1, x2)
    return value, slopes


def train(data, report):
    images, labels = pt.matrix("images"), pt.lvector("labels")
    w1 = pytensor.shared(data.w1.T, "w1")
    b1 = pytensor.shared(data.b1, "b1")
    w2 = pytensor.shared(data.w2.T, "w2")
    b2 = pytensor.shared(data.b2, "b2")

    hidden = pt.maximum(pt.dot(images, w1) + b1, 0)
    log_p = pt.special.log_softmax(pt.dot(hidden, w2) + b2, axis=1)
    loss = -log_p[pt.arange(labels.shape[0]), labels].mean()

    weights = [w1, b1, w2, b2]
    slopes = pt.grad(loss, weights)
    rate = np.float32(data.rate)
    updates = [(w, w - rate * slope) for w, slope in zip(weights, slopes, strict=True)]
    step = pytensor.function([images, labels], loss, updates=updates)
    for batch, classes in data.batches:
        report(step(batch, classes))


def root(square):
    a = pt.scalar("a")

    def turn(y, a):
        following = (y + a / y) / 2
        done = until(pt.abs(following**2 - a) <= 1e-3 * a)
        return following, done

    # The loop is one node, scan, which keeps the value of every turn and stops by `until`.
    ys = pytensor.scan(turn, outputs_info=[a], non_sequences=[a], n_steps=50, return_updates=False)
    y = ys[-1]
    return pytensor.function([a], [y, pt.grad(y, a), ys.shape[0]])(square)
