"""Autograd: NumPy whose functions leave a trace; grad() makes a function from a function."""

import autograd.numpy as np
from autograd import value_and_grad


def formula(x1, x2):
    def f(point):
        x1, x2 = point
        return np.log(x1) + x1 * x2 - np.sin(x2)

    value, slopes = value_and_grad(f)((x1, x2))
    return value, slopes


def log_softmax(scores):
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))


def loss_of(weights, images, labels):
    w1, b1, w2, b2 = weights
    hidden = np.maximum(np.dot(images, w1.T) + b1, 0)
    log_p = log_softmax(np.dot(hidden, w2.T) + b2)
    return -np.mean(log_p[np.arange(len(labels)), labels])


def train(data, report):
    weights = [data.w1, data.b1, data.w2, data.b2]
    loss_and_slopes = value_and_grad(loss_of)
    for images, labels in data.batches:
        loss, slopes = loss_and_slopes(weights, images, labels)
        weights = [weight - data.rate * slope for weight, slope in zip(weights, slopes)]
        report(loss)


def root(square):
    turns = 0

    def newton(a):
        nonlocal turns
        y = a
        # The trace is of what ran: Python decides how often.
        while np.abs(y * y - a) > 1e-3 * a:
            y = (y + a / y) / 2
            turns += 1
        return y

    value, slope = value_and_grad(newton)(square)
    return value, slope, turns
