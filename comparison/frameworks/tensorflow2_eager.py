"""TensorFlow 2, eager: operations run at once; a tape that one opens remembers them."""

import tensorflow as tf


def formula(x1, x2):
    x1, x2 = tf.Variable(x1), tf.Variable(x2)
    with tf.GradientTape() as tape:
        y = tf.math.log(x1) + x1 * x2 - tf.sin(x2)
    return y, tape.gradient(y, [x1, x2])


class Network(tf.Module):
    """Weights stand as (inputs, outputs), so that a layer is `x @ w + b`."""

    def __init__(self, data):
        super().__init__()
        self.w1, self.b1 = tf.Variable(data.w1.T), tf.Variable(data.b1)
        self.w2, self.b2 = tf.Variable(data.w2.T), tf.Variable(data.b2)

    def __call__(self, images):
        hidden = tf.nn.relu(images @ self.w1 + self.b1)
        return hidden @ self.w2 + self.b2


def train(data, report):
    model = Network(data)

    def step(images, labels):
        with tf.GradientTape() as tape:
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, model(images))
            loss = tf.reduce_mean(losses)
        slopes = tape.gradient(loss, model.trainable_variables)
        for variable, slope in zip(model.trainable_variables, slopes, strict=True):
            variable.assign_sub(data.rate * slope)
        return loss

    for images, labels in data.batches:
        report(step(tf.constant(images), tf.constant(labels)))


def root(square):
    a = tf.Variable(square)
    turns = 0
    with tf.GradientTape() as tape:
        y = tf.identity(a)
        while abs(y * y - a) > 1e-3 * a:
            y = (y + a / y) / 2
            turns += 1
    return y, tape.gradient(y, a), turns
