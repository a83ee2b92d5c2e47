"""Caffe2: a net is a protobuf of operators that read and write named blobs of a workspace."""

import numpy as np
from caffe2.python import brew, core, model_helper, workspace

CANNOT = {
    "root": "A net is a fixed list of operators; its While operator loops and has no gradient."
}


def formula(x1, x2):
    net = core.Net("formula")
    logarithm = net.Log("x1", "logarithm")
    product = net.Mul(["x1", "x2"], "product")
    sine = net.Sin("x2", "sine")
    total = net.Add([logarithm, product], "total")
    y = net.Sub([total, sine], "y")
    slopes = net.AddGradientOperators([y])
    workspace.FeedBlob("x1", np.float32([x1]))
    workspace.FeedBlob("x2", np.float32([x2]))
    workspace.RunNetOnce(net)
    by_x1, by_x2 = (workspace.FetchBlob(slopes[name])[0] for name in ("x1", "x2"))
    return workspace.FetchBlob("y")[0], (by_x1, by_x2)


def network(data):
    model = model_helper.ModelHelper("network")
    hidden = brew.fc(model, "images", "hidden", dim_in=64, dim_out=32)
    brew.relu(model, hidden, hidden)
    scores = brew.fc(model, hidden, "scores", dim_in=32, dim_out=10)
    _, loss = model.net.SoftmaxWithLoss([scores, "labels"], ["probabilities", "loss"])
    slopes = model.AddGradientOperators([loss])
    brew.iter(model, "iteration")
    rate = model.net.LearningRate("iteration", "rate", base_lr=-data.rate, policy="fixed")
    one = model.param_init_net.ConstantFill([], "one", shape=[1], value=1.0)
    for weight in model.params:
        model.net.WeightedSum([weight, one, slopes[weight], rate], weight)
    return model


def train(data, report):
    model = network(data)
    workspace.RunNetOnce(model.param_init_net)
    for name, array in zip(
        ("hidden_w", "hidden_b", "scores_w", "scores_b"), (data.w1, data.b1, data.w2, data.b2)
    ):
        workspace.FeedBlob(name, array)
    workspace.FeedBlob("images", data.images[: data.size])
    workspace.FeedBlob("labels", data.labels[: data.size].astype(np.int32))
    workspace.CreateNet(model.net)
    for images, labels in data.batches:
        workspace.FeedBlob("images", images)
        workspace.FeedBlob("labels", labels.astype(np.int32))
        workspace.RunNet(model.net)
        report(workspace.FetchBlob("loss"))
