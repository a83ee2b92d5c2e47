"""PyTorch's DistributedDataParallel: two processes with half a batch each, against one with all.

Run as a program, this file is one of the two: `distribution.py RANK INPUTS FOLDER`.
"""

import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

PROCESSES = 2


def network(given):
    model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    names = ("w1", "b1", "w2", "b2")
    with torch.no_grad():
        for parameter, name in zip(model.parameters(), names, strict=True):
            parameter.copy_(torch.from_numpy(given[name]))
    return model


def train(model, given, part):
    """The losses of SGD on `part` (rank, of how many) of every batch."""
    rank, parts = part
    size = int(given["batch"])
    images, labels = torch.from_numpy(given["images"]), torch.from_numpy(given["labels"])
    optimizer = torch.optim.SGD(model.parameters(), lr=float(given["rate"]))
    losses = []
    for batch, classes in zip(images.split(size), labels.split(size), strict=True):
        optimizer.zero_grad()
        mine, wanted = batch.chunk(parts)[rank], classes.chunk(parts)[rank]
        loss = nn.functional.cross_entropy(model(mine), wanted)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def one_of_two(rank, inputs, folder):
    meeting = (Path(folder) / "meeting").absolute().as_uri()
    dist.init_process_group("gloo", init_method=meeting, rank=rank, world_size=PROCESSES)
    given = np.load(inputs)
    model = DistributedDataParallel(network(given))
    losses = train(model, given, (rank, PROCESSES))
    weights = {name: value.numpy() for name, value in model.module.state_dict().items()}
    np.savez(Path(folder) / f"rank{rank}.npz", losses=losses, **weights)
    dist.destroy_process_group()


def data_parallel(inputs):
    command = [sys.executable, __file__]
    ranks = [subprocess.Popen([*command, str(rank), inputs, "."]) for rank in range(PROCESSES)]
    if any(process.wait(300) for process in ranks):
        raise RuntimeError("a process of the group failed")

    given = np.load(inputs)
    alone = network(given)
    losses = train(alone, given, (0, 1))
    first, second = (np.load(f"rank{rank}.npz") for rank in range(PROCESSES))
    weights = {name: value.detach().numpy() for name, value in alone.state_dict().items()}
    halves = (first["losses"] + second["losses"]) / PROCESSES
    return {
        "steps": len(losses),
        "largest difference of weights, two processes": max(
            float(np.abs(first[name] - second[name]).max()) for name in weights
        ),
        "largest difference of weights, two against one": max(
            float(np.abs(first[name] - weights[name]).max()) for name in weights
        ),
        "largest difference of losses, mean of two against one": float(
            np.abs(halves - losses).max()
        ),
        "last loss, process 0": float(first["losses"][-1]),
        "last loss, process 1": float(second["losses"][-1]),
        "last loss, one process": losses[-1],
    }


if __name__ == "__main__":
    one_of_two(int(sys.argv[1]), sys.argv[2], sys.argv[3])
