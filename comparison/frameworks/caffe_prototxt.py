"""Caffe: a network is a text file of layers, its weights a second file; no program is written.

OpenCV still reads both files. It only predicts: Caffe's solver, which trained, is not in it.
"""

import cv2
import numpy as np

PROTOTXT = b"""
name: "digits"
input: "images"
input_dim: 64 input_dim: 64 input_dim: 1 input_dim: 1
layer { name: "hidden" type: "InnerProduct" bottom: "images" top: "hidden"
        inner_product_param { num_output: 32 } }
layer { name: "relu" type: "ReLU" bottom: "hidden" top: "hidden" }
layer { name: "scores" type: "InnerProduct" bottom: "hidden" top: "scores"
        inner_product_param { num_output: 10 } }
layer { name: "prob" type: "Softmax" bottom: "scores" top: "prob" }
"""
CANNOT = {
    "formula": "Caffe has layers and no formulas: Log and Eltwise are among them, a sine is not.",
    "root": "A prototxt is a fixed list of layers.",
    "train": "OpenCV only predicts: there is a first loss, and no solver that would take a step.",
}


def field(number, payload):
    """A length-delimited field of protobuf, in which a caffemodel is written."""
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def varint(n):
    return bytes([n]) if n < 128 else bytes([n & 127 | 128]) + varint(n >> 7)


def blob(array):
    shape = field(1, b"".join(varint(n) for n in array.shape))
    return field(7, shape) + field(5, array.astype("<f4").tobytes())


def layer(name, *arrays):
    texts = field(1, name) + field(2, b"InnerProduct")
    return field(100, texts + b"".join(field(7, blob(array)) for array in arrays))


def train(data, report):
    weights = layer(b"hidden", data.w1, data.b1) + layer(b"scores", data.w2, data.b2)
    files = (np.frombuffer(content, np.uint8) for content in (PROTOTXT, weights))
    net = cv2.dnn.readNetFromCaffe(*files)
    images, labels = data.batches[0]
    net.setInput(images[:, :, None, None])
    p = net.forward()
    report(-np.log(p[np.arange(len(labels)), labels]).mean())
