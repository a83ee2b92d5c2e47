"""Lasagne: layers that build Theano expressions; the training step stays Theano's function()."""

import sys

import theano
import theano.tensor as T
from theano.tensor.signal import pool

# Theano 0.9 took this module away, and Lasagne 0.1, the last release, still imports from it.
pool.max_pool_2d = pool.pool_2d
sys.modules["theano.tensor.signal.downsample"] = pool

import lasagne
from lasagne.layers import DenseLayer, InputLayer, get_all_params, get_output
from lasagne.nonlinearities import rectify, softmax

theano.config.floatX = "float32"
CANNOT = {
    "formula": "Lasagne has layers and no formulas of its own: the expression would be Theano's.",
    "root": "A layer of Lasagne builds a fixed expression: the loop would be Theano's scan.",
}


def network(images, data):
    layer = InputLayer((None, 64), images)
    layer = DenseLayer(layer, 32, W=data.w1.T, b=data.b1, nonlinearity=rectify)
    return DenseLayer(layer, 10, W=data.w2.T, b=data.b2, nonlinearity=softmax)


def train(data, report):
    images, labels = T.matrix("images"), T.lvector("labels")
    output = network(images, data)
    p = get_output(output)
    loss = lasagne.objectives.categorical_crossentropy(p, labels).mean()
    weights = get_all_params(output, trainable=True)
    updates = lasagne.updates.sgd(loss, weights, learning_rate=data.rate)
    step = theano.function([images, labels], loss, updates=updates)
    for batch, classes in data.batches:
        report(step(batch, classes))
