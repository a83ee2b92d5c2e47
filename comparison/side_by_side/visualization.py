"""Curves of a training run: an event file is written for TensorBoard, and read back."""

import os
from pathlib import Path

import numpy as np


def losses_of(inputs):
    """PyTorch's losses on the digits."""
    import torch
    from torch import nn

    given = np.load(inputs)
    size = int(given["batch"])
    images, labels = torch.from_numpy(given["images"]), torch.from_numpy(given["labels"])
    model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    names = ("w1", "b1", "w2", "b2")
    with torch.no_grad():
        for parameter, name in zip(model.parameters(), names, strict=True):
            parameter.copy_(torch.from_numpy(given[name]))
    optimizer = torch.optim.SGD(model.parameters(), lr=float(given["rate"]))
    for batch, classes in zip(images.split(size), labels.split(size), strict=True):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(batch), classes)
        loss.backward()
        optimizer.step()
        yield loss.item(), model


def tensorboard(inputs):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from torch.utils.tensorboard import SummaryWriter

    folder = Path("runs").absolute()
    written = []
    with SummaryWriter(folder) as writer:
        for step, (loss, model) in enumerate(losses_of(inputs)):
            writer.add_scalar("loss", loss, step)
            writer.add_histogram("first layer", model[0].weight, step)
            written.append(loss)

    (file,) = folder.iterdir()
    events = EventAccumulator(str(folder)).Reload()
    read = [event.value for event in events.Scalars("loss")]
    return {
        "scalars": events.Tags()["scalars"],
        "histograms": events.Tags()["histograms"],
        "steps read back": len(read),
        "first loss read back": read[0],
        "last loss read back": read[-1],
        "largest difference to what was written": float(np.abs(np.subtract(read, written)).max()),
        "bytes of the event file": os.path.getsize(file),
    }


def tensorboard_missing(inputs):
    """What torch.utils.tensorboard says where the package tensorboard is not installed."""
    try:
        import torch.utils.tensorboard
    except ImportError as error:
        return {"error": type(error).__name__, "message": str(error)}
    return {"error": None, "message": f"{torch.utils.tensorboard.__name__} is there"}


def visdom(inputs):
    """Start Visdom's server and give it half a minute to answer; keep a curve in a file instead."""
    import importlib.metadata
    import subprocess
    import sys
    import time
    import urllib.request

    from visdom import Visdom

    client = Visdom(offline=True, log_to_filename="curve.log")
    client.line(Y=[2.3, 1.9, 1.6], X=[0, 1, 2], win="loss")
    command = [sys.executable, "-m", "visdom.server", "-port", "8197"]
    with open("server.txt", "w+") as said:
        server = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
        answered = False
        until = time.monotonic() + 30
        while not answered and server.poll() is None and time.monotonic() < until:
            try:
                answered = urllib.request.urlopen("http://localhost:8197", timeout=2).status == 200
            except OSError:
                time.sleep(1)
        server.kill()
        said.seek(0)
        lines = [line.strip() for line in said if line.strip()]
    return {
        "version": importlib.metadata.version("visdom"),
        "the server answers": answered,
        "first it says": lines[0][:160] if lines else "",
        "last it says": lines[-1][:160] if lines else "",
        "bytes of the curve kept in a file": Path("curve.log").stat().st_size,
    }
