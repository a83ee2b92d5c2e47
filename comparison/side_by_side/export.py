"""Networks that leave their framework: from PyTorch into ONNX, weights from dltk into PyTorch."""

import os

import numpy as np


def torch_to_onnx(inputs):
    import onnx
    import onnxruntime
    import torch
    from torch import nn

    given = np.load(inputs)
    images = torch.from_numpy(given["images"][:8])
    model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    torch.onnx.export(
        model,
        (images,),
        "digits.onnx",
        input_names=["images"],
        output_names=["scores"],
        dynamic_shapes=({0: torch.export.Dim("count")},),
        external_data=False,
        verbose=False,
    )
    session = onnxruntime.InferenceSession("digits.onnx")
    more = given["images"][:100]
    (scores,) = session.run(["scores"], {"images": more})
    with torch.no_grad():
        wanted = model(torch.from_numpy(more)).numpy()
    graph = onnx.load("digits.onnx").graph
    return {
        "nodes": [node.op_type for node in graph.node],
        "weights in the file": [weight.name for weight in graph.initializer],
        "bytes of the file": os.path.getsize("digits.onnx"),
        "largest difference of 100 images": float(np.abs(scores - wanted).max()),
    }


def dltk_to_torch(inputs):
    import torch

    import dltk

    def network(lib):
        nn = lib.nn
        return nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))

    mine = network(dltk)
    dltk.save(mine.state_dict(), "digits.pt")
    theirs = network(torch)
    names = theirs.load_state_dict(torch.load("digits.pt", weights_only=True))

    images = np.load(inputs)["images"][:100]
    with torch.no_grad():
        wanted = theirs(torch.from_numpy(images)).numpy()
    scores = mine(dltk.from_numpy(images)).detach().numpy()
    return {
        "names": list(theirs.state_dict()),
        "torch says": str(names),
        "bytes of the file": os.path.getsize("digits.pt"),
        "largest difference of 100 images": float(np.abs(scores - wanted).max()),
    }
