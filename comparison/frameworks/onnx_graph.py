"""ONNX and onnxruntime: the program is a file of nodes; whoever wants a gradient writes its nodes.

ONNX carries trained networks: here even the gradient and the step of SGD are nodes of it.
"""

import numpy as np
import onnxruntime
from onnx import parser


def session(text):
    model = parser.parse_model('<ir_version: 9, opset_import: ["" : 17]>\n' + text)
    return onnxruntime.InferenceSession(model.SerializeToString())


def number(x):
    return np.array(x, np.float32)


FORMULA = """
formula (float x1, float x2) => (float y, float by_x1, float by_x2) {
    logarithm = Log(x1)  product = Mul(x1, x2)  sine = Sin(x2)
    sum = Add(logarithm, product)  y = Sub(sum, sine)
    inverse = Reciprocal(x1)  by_x1 = Add(inverse, x2)
    cosine = Cos(x2)  by_x2 = Sub(x1, cosine)
}"""

STEP = """
step (float[N,64] x, int64[N] labels, float[64,32] w1, float[32] b1, float[32,10] w2, float[10] b2,
      float rate, float size)
    => (float loss, float[64,32] w1_new, float[32] b1_new, float[32,10] w2_new, float[10] b2_new) {
    before = Gemm(x, w1, b1)  hidden = Relu(before)  scores = Gemm(hidden, w2, b2)
    loss, log_p = SoftmaxCrossEntropyLoss(scores, labels)
    ten = Constant<value_int = 10>()  off_on = Constant<value = float[2] {0.0, 1.0}>()
    p = Exp(log_p)  wanted = OneHot<axis = 1>(labels, ten, off_on)  error = Sub(p, wanted)
    d_scores = Div(error, size)  rows = Constant<value_ints = [0]>()
    d_w2 = Gemm<transA = 1>(hidden, d_scores)  d_b2 = ReduceSum<keepdims = 0>(d_scores, rows)
    d_hidden = Gemm<transB = 1>(d_scores, w2)
    sign = Sign(hidden)  d_before = Mul(d_hidden, sign)
    d_w1 = Gemm<transA = 1>(x, d_before)  d_b1 = ReduceSum<keepdims = 0>(d_before, rows)

    m_w1 = Mul(rate, d_w1)  w1_new = Sub(w1, m_w1)  m_b1 = Mul(rate, d_b1)  b1_new = Sub(b1, m_b1)
    m_w2 = Mul(rate, d_w2)  w2_new = Sub(w2, m_w2)  m_b2 = Mul(rate, d_b2)  b2_new = Sub(b2, m_b2)
}"""

ROOT = """
root (float a) => (float y, float slope, int64 turns) {
    one = Constant<value_float = 1.0>()  two = Constant<value_float = 2.0>()
    none = Constant<value_int = 0>()  next = Constant<value_int = 1>()
    near = Constant<value_float = 0.001>()  tolerance = Mul(near, a)  start = Equal(one, one)
    y, slope, turns = Loop("", start, a, one, none) <
        body = turn (int64 i, bool on, float y_in, float s_in, int64 n_in)
            => (bool more, float y_out, float s_out, int64 n_out) {
        quotient = Div(a, y_in)  sum = Add(y_in, quotient)  y_out = Div(sum, two)
        inverse = Div(one, y_in)  ratio = Div(quotient, y_in)  back = Mul(ratio, s_in)
        gained = Add(s_in, inverse)  s_sum = Sub(gained, back)  s_out = Div(s_sum, two)
        n_out = Add(n_in, next)
        square = Mul(y_out, y_out)  gap = Sub(square, a)  size = Abs(gap)
        more = Greater(size, tolerance)
    }>
}"""


def formula(x1, x2):
    y, by_x1, by_x2 = session(FORMULA).run(None, {"x1": number(x1), "x2": number(x2)})
    return y, (by_x1, by_x2)


def train(data, report):
    step = session(STEP)
    weights = {"w1": data.w1.T, "b1": data.b1, "w2": data.w2.T, "b2": data.b2}
    given = {"rate": number(data.rate), "size": number(data.size)}
    for images, labels in data.batches:
        loss, *moved = step.run(None, {"x": images, "labels": labels, **weights, **given})
        weights = dict(zip(weights, moved, strict=True))
        report(loss)


def root(square):
    return session(ROOT).run(None, {"a": number(square)})
