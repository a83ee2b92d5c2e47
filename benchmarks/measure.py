"""One measurement in a process of its own: what `training_steps.py` starts.

    python benchmarks/measure.py times B torch dltk
    python benchmarks/measure.py peak B dltk
    python benchmarks/measure.py growth B dltk

It prints lines of JSON: `{"failed": "sentence"}`, how far it is, `{"done": 3, "of": 15}`, or
`{"result": …}`. For times, the result tells what the first steps computed; then it reads names of
libraries, a line each, and answers with the seconds of a step, until its input ends.

The number of threads is that of `OMP_NUM_THREADS`, which NumPy and torch read when imported.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from workloads import GROWTH_STEPS, WORKLOADS, Step

LIBRARIES = ("torch", "dltk")
SECONDS_A_SAMPLE = 0.05
STEPS_COMPARED = 3
GROWTH_SAMPLES = 50
STATUS, CLEAR_REFS = Path("/proc/self/status"), Path("/proc/self/clear_refs")


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


def times(workload: str, names: list[str]) -> None:
    """Time a step on each library in turn, as often and in the order that is asked for.

    At one thread it is CPU time, which another program on the machine changes least. At more it is
    wall time: threads that wait for work use CPU time without doing anything.
    """
    clock = time.process_time if os.environ.get("OMP_NUM_THREADS") == "1" else time.perf_counter

    def seconds(step: Step, count: int) -> float:
        began = clock()
        for _ in range(count):
            step()
        return (clock() - began) / count

    steps = {name: build(workload, name) for name in names}
    losses, counts = {}, {}
    for name, step in steps.items():
        losses[name] = [[float(each.detach()) for each in step()] for _ in range(STEPS_COMPARED)]
        seconds(step, 3)
        counts[name] = max(1, round(SECONDS_A_SAMPLE / max(seconds(step, 3), 1e-6)))
    report(result={"clock": clock.__name__, "first_losses": losses, "steps_a_sample": counts})
    for line in sys.stdin:
        gc.collect()
        name = line.strip()
        report(result=seconds(steps[name], counts[name]))


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
    arguments.add_argument("libraries", choices=LIBRARIES, nargs="+")
    given = arguments.parse_args()
    try:
        if given.what == "times":
            times(given.workload, given.libraries)
        else:
            measured = {"peak": peak, "growth": growth}[given.what]
            report(result=measured(given.workload, *given.libraries))
    except Exception as error:
        # The starter shows the sentence beside the workload and goes on with the next.
        report(failed=f"{type(error).__name__}: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
