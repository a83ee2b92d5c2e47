"""NumPy by hand: no framework. Whoever writes the program also derives every gradient."""

import numpy as np


def formula(x1, x2):
    value = np.log(x1) + x1 * x2 - np.sin(x2)
    by_x1 = 1 / x1 + x2
    by_x2 = x1 - np.cos(x2)
    return value, (by_x1, by_x2)


def log_softmax(scores):
    shifted = scores - scores.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def train(data, report):
    w1, b1, w2, b2 = (array.copy() for array in (data.w1, data.b1, data.w2, data.b2))
    for images, labels in data.batches:
        before = images @ w1.T + b1
        hidden = np.maximum(before, 0)
        log_p = log_softmax(hidden @ w2.T + b2)
        rows = np.arange(len(labels))
        loss = -log_p[rows, labels].mean()

        d_scores = np.exp(log_p)
        d_scores[rows, labels] -= 1
        d_scores /= len(labels)
        d_w2 = d_scores.T @ hidden
        d_b2 = d_scores.sum(axis=0)
        d_before = (d_scores @ w2) * (before > 0)
        d_w1 = d_before.T @ images
        d_b1 = d_before.sum(axis=0)

        for weight, slope in ((w1, d_w1), (b1, d_b1), (w2, d_w2), (b2, d_b2)):
            weight -= data.rate * slope
        report(loss)


def root(square):
    y, slope, turns = square, 1.0, 0
    while abs(y * y - square) > 1e-3 * square:
        # slope is dy/da, carried along: the product and quotient rules of the line below it.
        slope = (slope + 1 / y - square * slope / y**2) / 2
        y = (y + square / y) / 2
        turns += 1
    return y, slope, turns
