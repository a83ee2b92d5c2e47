"""TensorFlow 2 with tf.function: Python runs once to make a graph, then the graph runs."""

import tensorflow as tf


@tf.function
def formula(x1, x2):
    x1, x2 = tf.convert_to_tensor(x1), tf.convert_to_tensor(x2)
    with tf.GradientTape() as tape:
        tape.watch([x1, x2])
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

    @tf.function
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


@tf.function
def newton(a):
    y, turns = a, 0
    # Autograph rewrites this Python loop into a tf.while_loop, since its condition is a tensor.
    while tf.abs(y * y - a) > 1e-3 * a:
        y = (y + a / y) / 2
        turns += 1
    return y, turns


def root(square):
    a = tf.Variable(square)
    with tf.GradientTape() as tape:
        y, turns = newton(tf.convert_to_tensor(a))
    return y, tape.gradient(y, a), turns
