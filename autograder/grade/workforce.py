"""Running one function on many jobs in other processes, when some of those processes die."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from typing import Generic, TypeVar

J = TypeVar("J")
R = TypeVar("R")
_MOST_BY_DEFAULT = 8


@dataclass(frozen=True)
class Outcome(Generic[J, R]):
    """A job and its result, or one sentence about why there is none."""

    job: J
    result: R | None
    failure: str | None


def default_width() -> int:
    """As many processes as this process may use cores, up to eight."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(cores or 1, _MOST_BY_DEFAULT))


def in_processes(work: Callable[[J], R], jobs: Iterable[J], width: int) -> Iterator[Outcome[J, R]]:
    """Run jobs in a pool of `width` processes, yielding each as it is done.

    A process that dies breaks the whole pool and does not say which job it had: the jobs under way
    then run again, each in a pool of its own, and only one that kills its process again has failed.
    """
    remaining = iter(jobs)
    while True:
        suspects: list[J] = []
        with _pool(width) as pool:
            yield from _drain(pool, work, remaining, 2 * width, suspects)
        if not suspects:
            return
        for job in suspects:
            with _pool(1) as alone:
                yield from _drain(alone, work, iter([job]), 1, None)


def on_executor(
    executor: Executor, work: Callable[[J], R], jobs: Iterable[J], width: int
) -> Iterator[Outcome[J, R]]:
    """Run jobs on an executor somebody else made (threads, Dask), yielding each as it is done."""
    yield from _drain(executor, work, iter(jobs), 2 * width, None)


def _drain(
    executor: Executor,
    work: Callable[[J], R],
    jobs: Iterator[J],
    window: int,
    suspects: list[J] | None,
) -> Iterator[Outcome[J, R]]:
    """Keep `window` jobs under way. With `suspects`, stop when the executor breaks and list the
    jobs it had; without, those have failed."""
    under_way: dict[Future[R], J] = {}
    broken = False
    try:
        while True:
            while not broken and len(under_way) < window and (job := next(jobs, None)) is not None:
                try:
                    under_way[executor.submit(work, job)] = job
                except BrokenExecutor:
                    broken = suspects is not None
                    under_way[_broken_future()] = job
            if not under_way:
                return
            done, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in done:
                job = under_way.pop(future)
                outcome = _outcome(job, future)
                if outcome is None and suspects is not None:
                    broken = True
                    suspects.append(job)
                else:
                    yield outcome or Outcome(
                        job, None, "The process that graded this submission ended unexpectedly."
                    )
    except BaseException:
        for future in under_way:
            future.cancel()
        raise


def _outcome(job: J, future: "Future[R]") -> Outcome[J, R] | None:
    """What a finished future says; None where its process died."""
    problem = future.exception()
    if isinstance(problem, BrokenExecutor):
        return None
    if problem is not None and not isinstance(problem, Exception):
        raise problem
    if problem is not None:
        return Outcome(job, None, f"The grader itself failed: {type(problem).__name__}: {problem}")
    return Outcome(job, future.result(), None)


def _broken_future() -> "Future[R]":
    future: Future[R] = Future()
    future.set_exception(BrokenExecutor())
    return future


def _pool(width: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        width, multiprocessing.get_context("spawn"), initializer=_belong_to_the_parent
    )


def _belong_to_the_parent() -> None:
    """Leave interrupts to it, and end with it: a pool waits for ever for one that was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(
        target=_end_with, args=(multiprocessing.parent_process(),), daemon=True
    ).start()


def _end_with(parent: BaseProcess | None) -> None:
    if parent is not None:
        parent.join()
        os._exit(1)
