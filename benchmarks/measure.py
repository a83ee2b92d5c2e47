"""One measurement in a process of its own: what `training_steps.py` starts.

    python benchmarks/measure.py times B --rounds 15
    python benchmarks/measure.py peak B dltk
    python benchmarks/measure.py growth B dltk

It prints a line of JSON for each round, `{"done": 3, "of": 15}`, and then one with the result. The
number of threads is that of `OMP_NUM_THREADS`, which NumPy and torch read when they are imported.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import math
import os
import sys
import time
from pathlib import Path
from typing import Any

from workloads import GROWTH_STEPS, WORKLOADS, Step

LIBRARIES = ("torch", "dltk")
SECONDS_A_SAMPLE = 0.05
STEPS_COMPARED = 3
LOSS_TOLERANCE = 1e-3
GROWTH_SAMPLES = 50
STATUS, CLEAR_REFS = Path("/proc/self/status"), Path("/proc/self/clear_refs")


class DifferentWorkError(Exception):
    """The two libraries compute different numbers, so that their times do not compare."""


def library(name: str) -> Any:
    """torch or dltk, at the number of threads that was asked for, with its seed set."""
    lib = importlib.import_module(name)
    if name == "torch":
        lib.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    lib.manual_seed(0)
    return lib


def build(workload: str, name: str, size: int | None = None) -> Step:
    """The function that makes one step of `workload` on the library `name`."""
    chosen = WORKLOADS[workload]
    return chosen.make(library(name), chosen.size if size is None else size)


def report(**line: Any) -> None:
    print(json.dumps(line), flush=True)


def require_same_work(workload: str, steps: dict[str, Step]) -> list[list[float]]:
    """What the first steps give on torch.

    Raises:
        DifferentWorkError: dltk gives something else.
    """
    found: dict[str, list[list[float]]] = {}
    for name, step in steps.items():
        found[name] = [[float(value.detach()) for value in step()] for _ in range(STEPS_COMPARED)]
    for number, pair in enumerate(zip(*found.values(), strict=True), start=1):
        for theirs, ours in zip(*pair, strict=True):
            if not math.isclose(theirs, ours, rel_tol=LOSS_TOLERANCE):
                raise DifferentWorkError(
                    f"step {number} of {workload} gives {theirs:.6g} on torch and {ours:.6g} on "
                    "dltk: they do not do the same work"
                )
    return found["torch"]


def times(workload: str, rounds: int) -> dict[str, Any]:
    """Seconds of a step on each library, in `rounds` samples for which the libraries take turns.

    At one thread it is CPU time, which another program on the machine changes least. At more it is
    wall time: threads that wait for work use CPU time without doing anything.
    """
    clock = time.process_time if os.environ.get("OMP_NUM_THREADS") == "1" else time.perf_counter

    def seconds(step: Step, count: int) -> float:
        began = clock()
        for _ in range(count):
            step()
        return (clock() - began) / count

    steps = {name: build(workload, name) for name in LIBRARIES}
    losses = require_same_work(workload, steps)
    counts = {}
    for name, step in steps.items():
        seconds(step, 3)
        counts[name] = max(1, round(SECONDS_A_SAMPLE / max(seconds(step, 3), 1e-6)))
    samples: dict[str, list[float]] = {name: [] for name in steps}
    for number in range(rounds):
        # Who goes first changes, so that neither always runs in the other's caches.
        for name in LIBRARIES if number % 2 == 0 else LIBRARIES[::-1]:
            gc.collect()
            samples[name].append(seconds(steps[name], counts[name]))
        report(done=number + 1, of=rounds)
    return {
        "clock": clock.__name__,
        "samples": samples,
        "steps_a_sample": counts,
        "first_losses": losses,
    }


def require_proc() -> None:
    """Raises OSError where the system does not tell a process's memory as Linux does."""
    if not CLEAR_REFS.exists():
        raise OSError(f"memory is measured with Linux's /proc, which {sys.platform} has not")


def resident(field: str) -> int:
    """Bytes of memory: `VmRSS` for those resident now, `VmHWM` for the most there were."""
    line = next(each for each in STATUS.read_text().splitlines() if each.startswith(field))
    return int(line.split()[1]) * 1024


def peak(workload: str, name: str) -> dict[str, Any]:
    """Bytes by which model, optimizer and steps raise the most memory that was ever resident.

    The libraries' own code is loaded before, by steps on one example.
    """
    require_proc()
    small = build(workload, name, size=min(2, WORKLOADS[workload].size))
    for _ in range(2):
        small()
    del small
    gc.collect()
    before = resident("VmRSS")
    CLEAR_REFS.write_text("5")
    step = build(workload, name)
    for _ in range(STEPS_COMPARED):
        step()
    return {"bytes": resident("VmHWM") - before, "whole_process": resident("VmHWM")}


def growth(workload: str, name: str) -> dict[str, Any]:
    """Bytes by which a loop's resident memory is more at its end than after its first tenth."""
    require_proc()
    step = build(workload, name)
    every = GROWTH_STEPS // GROWTH_SAMPLES
    found = []
    for number in range(1, GROWTH_STEPS + 1):
        step()
        if number % every == 0:
            found.append(resident("VmRSS"))
            report(done=number, of=GROWTH_STEPS)
    tenth = GROWTH_SAMPLES // 10
    settled, last = found[tenth : 2 * tenth], found[-tenth:]
    return {"bytes": max(last) - max(settled), "steps": GROWTH_STEPS, "resident": found}


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("what", choices=("times", "peak", "growth"))
    arguments.add_argument("workload", choices=WORKLOADS)
    arguments.add_argument("library", choices=LIBRARIES, nargs="?", default="dltk")
    arguments.add_argument("--rounds", type=int, default=15)
    given = arguments.parse_args()
    try:
        if given.what == "times":
            result = times(given.workload, given.rounds)
        else:
            result = {"peak": peak, "growth": growth}[given.what](given.workload, given.library)
    except Exception as error:
        # The starter shows the sentence beside the workload and goes on with the next.
        report(failed=f"{type(error).__name__}: {error}")
        return 1
    report(result=result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
