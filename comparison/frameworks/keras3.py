"""Keras 3: layers, compile() and fit(), the same program on PyTorch, JAX or TensorFlow.

KERAS_BACKEND, set before the import, chooses which of them computes.
"""

import keras
import numpy as np
from keras import layers, ops

CANNOT = {"root": "A Keras model is a fixed stack of layers; its depth does not wait for a number."}


class Formula(layers.Layer):
    def build(self, shape):
        self.x1 = self.add_weight(shape=(), name="x1")
        self.x2 = self.add_weight(shape=(), name="x2")

    def call(self, nothing):
        return nothing + ops.log(self.x1) + self.x1 * self.x2 - ops.sin(self.x2)


def formula(x1, x2):
    """Keras has no gradient to ask for: a step of SGD with rate 1 subtracts it from the weights."""
    model = keras.Sequential([keras.Input((1,)), Formula()])
    model.set_weights([np.float32(x1), np.float32(x2)])
    model.compile(optimizer=keras.optimizers.SGD(1.0), loss=lambda wanted, y: ops.mean(y))
    nothing = np.zeros((1, 1), "float32")
    value = model.predict(nothing, verbose=0)[0, 0]
    model.fit(nothing, nothing, verbose=0)
    after1, after2 = model.get_weights()
    return value, (x1 - after1, x2 - after2)


class Report(keras.callbacks.Callback):
    """fit() shows the mean loss of an epoch so far; an epoch of one batch shows that batch's."""

    def __init__(self, report):
        super().__init__()
        self.report = report

    def on_epoch_end(self, epoch, logs=None):
        self.report(logs["loss"])


def train(data, report):
    model = keras.Sequential(
        [keras.Input((64,)), layers.Dense(32, activation="relu"), layers.Dense(10)]
    )
    model.set_weights([data.w1.T, data.b1, data.w2.T, data.b2])
    model.compile(
        optimizer=keras.optimizers.SGD(data.rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    for images, labels in data.batches:
        model.fit(images, labels, batch_size=data.size, verbose=0, callbacks=[Report(report)])
