"""Training steps on dltk and on torch: CPU time at one thread, memory, and import time.

    python benchmarks/training_steps.py [A B C D D2] [--rounds 9]

The two libraries take turns, so that what else the machine does falls on both; a ratio is that of
the medians. A workload that dltk has no layers for yet is named with what is missing.
"""

from __future__ import annotations

import gc
import importlib
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

# Before NumPy or torch is imported, which read them once.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

LIBRARIES = ("torch", "dltk")
SECONDS_A_SAMPLE = 0.05
MEBIBYTE = 2**20


def library(name: str) -> Any:
    """torch or dltk, at one thread."""
    lib = importlib.import_module(name)
    if name == "torch":
        lib.set_num_threads(1)
    return lib


def build(workload: str, lib: Any) -> Any:
    """The function that makes one step of `workload` on `lib`."""
    from workloads import WORKLOADS

    return WORKLOADS[workload](lib)


def seconds(step: Any, steps: int) -> float:
    """CPU seconds of one step, the mean of `steps`."""
    began = time.process_time()
    for _ in range(steps):
        step()
    return (time.process_time() - began) / steps


def interleaved(workload: str, rounds: int) -> dict[str, float]:
    """The median CPU seconds of a step for each library, which take turns.

    Raises:
        AttributeError, NotImplementedError: a library lacks something that the workload uses.
    """
    steps = {name: build(workload, library(name)) for name in LIBRARIES}
    counts = {}
    for name, step in steps.items():
        seconds(step, 3)
        counts[name] = max(1, round(SECONDS_A_SAMPLE / max(seconds(step, 3), 1e-6)))
    samples: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(rounds):
        for name, step in steps.items():
            gc.collect()
            samples[name].append(seconds(step, counts[name]))
    return {name: statistics.median(found) for name, found in samples.items()}


def resident_peak() -> int:
    """The most memory this process ever had resident, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # Unlike `ru_maxrss`, this starts anew with the program, not with the process it came from.
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def alone(*arguments: str) -> str:
    """What this program prints with `arguments`, in a process of its own."""
    command = [sys.executable, __file__, *arguments]
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    return finished.stdout.strip()


def import_seconds(name: str, repeat: int = 5) -> float:
    """The median CPU seconds of importing a module in a fresh interpreter."""
    program = f"import time; t = time.process_time(); import {name}; print(time.process_time() - t)"
    command = [sys.executable, "-c", program]
    return statistics.median(
        float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        for _ in range(repeat)
    )


def print_peak(workload: str, name: str) -> None:
    """Print by how many bytes three steps raise the peak memory over that of the imports."""
    lib = library(name)
    before = resident_peak()
    step = build(workload, lib)
    for _ in range(3):
        step()
    print(resident_peak() - before)


def rows(workloads: tuple[str, ...], rounds: int) -> Any:
    """For each workload the cells of its row."""
    for workload in workloads:
        try:
            times = interleaved(workload, rounds)
        except (AttributeError, ImportError, NotImplementedError) as error:
            yield workload, f"not run: {error}", "", "", "", ""
            continue
        peaks = [int(alone("--peak", name, workload)) / MEBIBYTE for name in LIBRARIES]
        yield (
            workload,
            *[f"{times[name] * 1e3:.2f}" for name in LIBRARIES],
            f"{times['dltk'] / times['torch']:.2f}",
            *[f"{peak:.1f}" for peak in peaks],
        )


@click.command(help=__doc__)
@click.argument("workloads", nargs=-1)
@click.option("--rounds", default=9, show_default=True, help="Samples of each library.")
@click.option("--peak", hidden=True, help="Print the peak memory of one library's steps.")
def main(workloads: tuple[str, ...], rounds: int, peak: str | None) -> None:
    from workloads import WORKLOADS

    unknown = [each for each in workloads if each not in WORKLOADS]
    if unknown:
        raise click.BadParameter(f"{unknown[0]} is not one of {', '.join(WORKLOADS)}")
    if peak:
        print_peak(workloads[0], peak)
        return
    console = Console()
    table = Table("step", "torch ms", "dltk ms", "dltk / torch", "torch MiB", "dltk MiB")
    for row in rows(workloads or tuple(WORKLOADS), rounds):
        table.add_row(*row)
    console.print(table)
    imports = {name: import_seconds(name) for name in ("numpy", *LIBRARIES)}
    console.print("import: " + ", ".join(f"{k} {v * 1e3:.0f} ms" for k, v in imports.items()))


if __name__ == "__main__":
    main()
