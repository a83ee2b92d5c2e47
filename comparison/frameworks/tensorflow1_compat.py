"""TensorFlow 1's way inside TensorFlow 2: build a graph of placeholders, then run a session."""

import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()


def formula(x1, x2):
    with tf.Graph().as_default(), tf.Session() as session:
        p1, p2 = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
        y = tf.log(p1) + p1 * p2 - tf.sin(p2)
        slopes = tf.gradients(y, [p1, p2])
        return session.run([y, slopes], feed_dict={p1: x1, p2: x2})


def train(data, report):
    with tf.Graph().as_default(), tf.Session() as session:
        images = tf.placeholder(tf.float32, [None, 64])
        labels = tf.placeholder(tf.int64, [None])
        with tf.variable_scope("network"):
            w1 = tf.get_variable("w1", initializer=data.w1.T)
            b1 = tf.get_variable("b1", initializer=data.b1)
            w2 = tf.get_variable("w2", initializer=data.w2.T)
            b2 = tf.get_variable("b2", initializer=data.b2)
        hidden = tf.nn.relu(tf.matmul(images, w1) + b1)
        scores = tf.matmul(hidden, w2) + b2
        loss = tf.losses.sparse_softmax_cross_entropy(labels, scores)
        step = tf.train.GradientDescentOptimizer(data.rate).minimize(loss)

        session.run(tf.global_variables_initializer())
        for batch, classes in data.batches:
            value, _ = session.run([loss, step], feed_dict={images: batch, labels: classes})
            report(value)


def root(square):
    with tf.Graph().as_default(), tf.Session() as session:
        a = tf.placeholder(tf.float32)

        def unfinished(y, turns):
            return tf.abs(y * y - a) > 1e-3 * a

        def turn(y, turns):
            return (y + a / y) / 2, turns + 1

        # A Python loop would see a symbol, not a number: the loop itself is a node of the graph.
        y, turns = tf.while_loop(unfinished, turn, [a, tf.constant(0)])
        (slope,) = tf.gradients(y, [a])
        return session.run([y, slope, turns], feed_dict={a: square})
