"""The measurements of dltk beside torch: each in a process of its own, and what comes of them."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from measure import LIBRARIES
from workloads import (
    GROWTH_GOAL_BYTES,
    IMPORT_GOAL_SECONDS,
    PEAK_GOAL,
    PEAK_WORKLOAD,
    WORKLOADS,
)

ROOT = Path(__file__).resolve().parent.parent
MEASURE = Path(__file__).with_name("measure.py")
IMPORTED = ("numpy", *LIBRARIES)
NOT_COMPILED = "dltk, not compiled"
IMPORT_PROGRAM = (
    "import time; began = time.process_time(); import {}; print(time.process_time() - began)"
)

Progress = Callable[[str, int, int], None]
"""Told the name of what is measured, how much of it is done, and out of how much."""


def variables(threads: int) -> dict[str, str]:
    """What a measuring process runs with: this checkout's dltk, `threads`, and bytecode kept."""
    chosen = {**os.environ, "PYTHONPATH": str(ROOT)}
    chosen.pop("PYTHONDONTWRITEBYTECODE", None)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        chosen[name] = str(threads)
    return chosen


def alone(title: str, arguments: list[str], threads: int, progress: Progress) -> dict[str, Any]:
    """What `measure.py` gives in a process of its own: its result, or `{"failed": sentence}`."""
    process = subprocess.Popen(
        [sys.executable, str(MEASURE), *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env=variables(threads),
        cwd=ROOT,
    )
    assert process.stdout is not None
    with process, process.stdout as lines:
        for line in lines:
            told = json.loads(line)
            if "done" in told:
                progress(title, told["done"], told["of"])
            elif "result" in told:
                return told["result"]
            else:
                return {"failed": told["failed"]}
        process.wait()
    return {"failed": f"the process ended with status {process.returncode} and no result"}


def summary(samples: list[float]) -> dict[str, Any]:
    """The median, the quartiles and the samples themselves."""
    lower, upper = samples[0], samples[0]
    if len(samples) > 1:
        lower, _, upper = statistics.quantiles(samples, n=4, method="inclusive")
    return {
        "median": statistics.median(samples),
        "quartiles": [lower, upper],
        "samples": samples,
    }


def step_times(workload: str, rounds: int, threads: int, progress: Progress) -> dict[str, Any]:
    """Seconds of a training step on both libraries, and their ratio beside its goal."""
    chosen = WORKLOADS[workload]
    about = {"name": chosen.name, "what": chosen.what, "goal": chosen.goal}
    arguments = ["times", workload, "--rounds", str(rounds)]
    found = alone(f"step {workload}", arguments, threads, progress)
    if "failed" in found:
        return {**about, **found}
    samples = found.pop("samples")
    times = {name: summary(samples[name]) for name in LIBRARIES}
    ratios = [ours / theirs for theirs, ours in zip(*samples.values(), strict=True)]
    return {
        **about,
        **found,
        **times,
        "rounds": rounds,
        "ratio": times["dltk"]["median"] / times["torch"]["median"],
        "ratio_quartiles": summary(ratios)["quartiles"],
    }


def memory(progress: Progress) -> dict[str, Any]:
    """The peak memory of a training step on both libraries, and how much a loop of them grows."""
    peaks = _of_both("peak", progress)
    grown = _of_both("growth", progress)
    if "failed" not in peaks:
        peaks["ratio"] = peaks["dltk"]["bytes"] / peaks["torch"]["bytes"]
    return {
        "workload": PEAK_WORKLOAD,
        "peak": {**peaks, "goal": PEAK_GOAL},
        "growth": {**grown, "goal_bytes": GROWTH_GOAL_BYTES},
    }


def _of_both(what: str, progress: Progress) -> dict[str, Any]:
    found = {}
    for name in LIBRARIES:
        title = f"{what} of memory, {name}"
        found[name] = alone(title, [what, PEAK_WORKLOAD, name], 1, progress)
        progress(title, 1, 1)
        if "failed" in found[name]:
            return {"failed": f"{name}: {found[name]['failed']}"}
    return found


def import_times(runs: int, progress: Progress) -> dict[str, Any]:
    """CPU seconds of importing each module in a fresh interpreter, in turns.

    Bytecode is compiled, and once more for dltk it is not, as on the first import after a change.
    """
    samples: dict[str, list[float]] = {name: [] for name in (*IMPORTED, NOT_COMPILED)}
    with tempfile.TemporaryDirectory() as folder:
        bare = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "dltk", Path(folder) / "dltk", ignore=bare)
        source_only = {"PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}
        for number in range(runs + 1):
            # The first turn compiles the bytecode and fills the file cache.
            for name, each in samples.items():
                changed = source_only if name == NOT_COMPILED else {}
                module = name.split(",")[0]
                done = _import_alone(module, {**variables(1), **changed})
                if done.returncode != 0:
                    return {"failed": f"{name}: {done.stderr.strip().splitlines()[-1]}"}
                each.append(float(done.stdout))
            progress("import", number, runs)
    found: dict[str, Any] = {name: summary(each[1:]) for name, each in samples.items()}
    found["over_numpy"] = found["dltk"]["median"] - found["numpy"]["median"]
    found["goal"] = IMPORT_GOAL_SECONDS
    found["runs"] = runs
    return found


def _import_alone(module: str, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    # -P, so that the folder this runs in does not stand before the paths that are meant.
    command = [sys.executable, "-P", "-c", IMPORT_PROGRAM.format(module)]
    return subprocess.run(command, capture_output=True, text=True, env=variables)
