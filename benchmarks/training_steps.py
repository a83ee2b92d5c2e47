"""The measurements of dltk beside torch: each in a process of its own, and what comes of them."""

from __future__ import annotations

import contextlib
import functools
import json
import math
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
LOSS_TOLERANCE = 1e-3
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


class MeasurementError(Exception):
    """One sentence: why there is no figure."""


class Measuring:
    """A process of `measure.py`, for a `with` block."""

    def __init__(self, arguments: list[str], threads: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(MEASURE), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=variables(threads),
            cwd=ROOT,
        )

    def __enter__(self) -> Measuring:
        return self

    def __exit__(self, *exception: object) -> None:
        self.process.communicate()

    def result(self, told: Callable[[int, int], None] = lambda done, of: None) -> Any:
        """The next result; `told` hears how far it is.

        Raises:
            MeasurementError: there is none.
        """
        assert self.process.stdout is not None
        for line in self.process.stdout:
            told_line = json.loads(line)
            if "failed" in told_line:
                raise MeasurementError(told_line["failed"])
            if "result" in told_line:
                return told_line["result"]
            told(told_line["done"], told_line["of"])
        status = self.process.wait()
        raise MeasurementError(f"the process ended with status {status} and no result")

    def sample(self, library: str) -> float:
        """The seconds of a step on a library."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{library}\n")
        self.process.stdin.flush()
        return self.result()


def require_same_work(workload: str, losses: dict[str, list[list[float]]]) -> None:
    """Raises MeasurementError when the first steps on the libraries give different numbers."""
    for number, pair in enumerate(zip(*losses.values(), strict=True), start=1):
        for theirs, ours in zip(*pair, strict=True):
            if not math.isclose(theirs, ours, rel_tol=LOSS_TOLERANCE):
                raise MeasurementError(
                    f"step {number} of {workload} gives {theirs:.6g} on torch and {ours:.6g} on "
                    "dltk: they do not do the same work"
                )


def samples_in_turn(
    workload: str, rounds: int, threads: int, together: bool, told: Callable[[int, int], None]
) -> dict[str, Any]:
    """Seconds of a step on each library, which take turns, and what their first steps gave.

    Raises:
        MeasurementError: a library cannot make the step, or they do not compute the same.
    """
    with contextlib.ExitStack() as stack:

        def start(*names: str) -> Measuring:
            return stack.enter_context(Measuring(["times", workload, *names], threads))

        if together:
            measuring = dict.fromkeys(LIBRARIES, start(*LIBRARIES))
        else:
            measuring = {name: start(name) for name in LIBRARIES}
        found: dict[str, Any] = {"first_losses": {}, "steps_a_sample": {}}
        for process in dict.fromkeys(measuring.values()):
            first = process.result()
            found["clock"] = first["clock"]
            for name in ("first_losses", "steps_a_sample"):
                found[name].update(first[name])
        require_same_work(workload, found["first_losses"])
        samples: dict[str, list[float]] = {name: [] for name in LIBRARIES}
        for number in range(rounds):
            # Who goes first changes, so that neither always meets the other's caches.
            for name in LIBRARIES if number % 2 == 0 else LIBRARIES[::-1]:
                samples[name].append(measuring[name].sample(name))
            told(number + 1, rounds)
    return {**found, "samples": samples}


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
    """Seconds of a training step on both libraries, and their ratio beside its goal.

    First each library is in a process of its own, as its users have it; then, `in_one_process`,
    both in one, where torch has what dltk does to the memory of the C library too.
    """
    chosen = WORKLOADS[workload]
    found: dict[str, Any] = {
        "name": chosen.name,
        "what": chosen.what,
        "goal": chosen.goal,
        "rounds": rounds,
    }
    try:
        for together in (False, True):
            told = functools.partial(
                progress, f"step {workload}{' in one process' if together else ''}"
            )
            measured = samples_in_turn(workload, rounds, threads, together, told)
            measured |= compared(measured.pop("samples"))
            found |= {"in_one_process": measured} if together else measured
    except MeasurementError as error:
        found["failed"] = str(error)
    return found


def compared(samples: dict[str, list[float]]) -> dict[str, Any]:
    """The samples of each library summed up, and the ratio of their medians."""
    times = {name: summary(samples[name]) for name in LIBRARIES}
    ratios = [samples["dltk"][at] / samples["torch"][at] for at in range(len(samples["dltk"]))]
    return {
        **times,
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
        try:
            with Measuring([what, PEAK_WORKLOAD, name], 1) as measuring:
                found[name] = measuring.result(functools.partial(progress, title))
        except MeasurementError as error:
            return {"failed": f"{name}: {error}"}
        progress(title, 1, 1)
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
