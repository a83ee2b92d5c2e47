"""Run one framework's file and write down what it computed and how long that took.

    python one_framework.py FILE INPUTS OUTPUTS
    python one_framework.py FILE OUTPUTS           only import it

It runs under the framework's own Python, the oldest of which is 3.6, and needs NumPy alone.
The file says what it can do by the functions it has: `formula`, `train`, `root`. For one that is
missing, its dictionary `CANNOT` says why.
"""

import importlib.util
import json
import os
import sys
import time


def clock():
    """Seconds of the processor, this process's and its compilers': other programs do not count."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


class Data:
    """The digits in batches, the first weights as (outputs, inputs), and the learning rate."""

    def __init__(self, arrays):
        self.w1, self.b1, self.w2, self.b2 = (arrays[k] for k in ("w1", "b1", "w2", "b2"))
        self.rate = float(arrays["rate"])
        size = int(arrays["batch"])
        self.images, self.labels = arrays["images"], arrays["labels"]
        self.size = size
        self.batches = [
            (self.images[start : start + size], self.labels[start : start + size])
            for start in range(0, len(self.images), size)
        ]


class Steps:
    """Receives the loss of each step; the time between two is the time of a step."""

    def __init__(self):
        self.losses = []
        self.times = [clock()]

    def __call__(self, loss):
        self.times.append(clock())
        self.losses.append(float(loss))

    def seconds(self):
        return [after - before for before, after in zip(self.times, self.times[1:])]  # noqa: B905


def imported(path):
    """The module in the file, and how long its imports took; no package is loaded before."""
    spec = importlib.util.spec_from_file_location("framework_file", path)
    module = importlib.util.module_from_spec(spec)
    began = clock()
    spec.loader.exec_module(module)
    return module, clock() - began


def formula(module, point):
    value, slopes = module.formula(*point)
    return {"value": float(value), "gradient": [float(slope) for slope in slopes]}


def train(module, data):
    steps = Steps()
    module.train(data, steps)
    return {"losses": steps.losses, "step_seconds": steps.seconds()}


def roots(module, squares):
    found = []
    for square in squares:
        value, slope, turns = module.root(square)
        found.append(
            {"of": square, "value": float(value), "slope": float(slope), "turns": int(turns)}
        )
    return found


def measured(path, inputs):
    module, seconds = imported(path)
    import numpy

    with numpy.load(inputs) as file:
        arrays = {name: file[name] for name in file.files}
    done = {"import_seconds": seconds, "cannot": dict(getattr(module, "CANNOT", {}))}
    if hasattr(module, "formula"):
        done["formula"] = formula(module, [float(x) for x in arrays["point"]])
    if hasattr(module, "train"):
        done["training"] = train(module, Data(arrays))
    if hasattr(module, "root"):
        done["loop"] = roots(module, [float(square) for square in arrays["squares"]])
    return done


def main(path, *places):
    inputs, outputs = places if len(places) == 2 else (None, *places)
    done = measured(path, inputs) if inputs else {"import_seconds": imported(path)[1]}
    with open(outputs + ".part", "w") as file:
        json.dump(done, file)
    os.rename(outputs + ".part", outputs)


if __name__ == "__main__":
    main(*sys.argv[1:])
