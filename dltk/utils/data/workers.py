"""Processes that fetch batches while the model trains."""

from __future__ import annotations

import multiprocessing
import pickle
import queue
import random
import signal
import time
import traceback
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from multiprocessing.reduction import ForkingPickler
from typing import Any

import numpy as np

from dltk.ops.create import manual_seed

# In seconds: how often a waiting worker asks whether it is still wanted, the loader whether its
# workers are still alive.
CHECK_INTERVAL = 5.0
WAKE_INTERVAL = 0.2


@dataclass(frozen=True)
class WorkerInfo:
    """What a dataset can know about the process it is read in."""

    id: int
    num_workers: int
    seed: int
    dataset: Any


class _Current:
    info: WorkerInfo | None = None


def get_worker_info() -> WorkerInfo | None:
    """`id`, `num_workers`, `seed` and `dataset` of this worker; `None` outside of workers."""
    return _Current.info


@dataclass(frozen=True)
class Failure:
    """An exception of a worker, on its way to the main process."""

    kind: type[BaseException]
    text: str

    def reraise(self) -> None:
        if self.kind is KeyError:
            raise KeyError(self.text)
        try:
            error = self.kind(self.text)
        except TypeError:
            error = RuntimeError(self.text)
        raise error


class Ended:
    """A worker's answer where its stream has no more samples."""


class Begin:
    """Asks a worker that stays to begin a new epoch."""


def work(
    worker: int, loader: Any, make_fetcher: Callable, base_seed: int, tasks: Any, results: Any
) -> None:
    """The life of a worker: answer each `(place, indices)` with `(place, batch)` until `None`."""
    seed = base_seed + worker
    random.seed(seed)
    manual_seed(seed)
    entropy = [worker, base_seed % (1 << 32), base_seed >> 32, 0]
    np.random.seed(np.random.SeedSequence(entropy).generate_state(4))
    _Current.info = WorkerInfo(worker, loader.num_workers, seed, loader.dataset)
    fetch = broken = None
    try:
        if loader.worker_init_fn is not None:
            loader.worker_init_fn(worker)
    except Exception as error:
        broken = failure(error, worker)
    while (task := next_task(tasks)) is not None:
        place, indices = task
        if indices is Begin:
            fetch = None
            continue
        answer: Any
        try:
            fetch = fetch or make_fetcher(loader)
            answer = broken or fetch(indices)
        except StopIteration:
            answer = Ended
        except Exception as error:
            answer = failure(error, worker)
        results.put(packed(place, answer, worker))
    results.cancel_join_thread()


def packed(place: Any, answer: Any, worker: int) -> bytes:
    """An answer as bytes; where it cannot be sent, the reason.

    A queue pickles in a thread of its own, where an error would leave the loader waiting.
    """
    try:
        return bytes(ForkingPickler.dumps((place, answer)))
    except Exception as error:
        if isinstance(answer, Failure):
            return bytes(ForkingPickler.dumps((place, Failure(RuntimeError, answer.text))))
        return packed(place, failure(error, worker), worker)


def next_task(tasks: Any) -> Any:
    """The next task; `None` too when the main process is gone."""
    while True:
        try:
            return tasks.get(timeout=CHECK_INTERVAL)
        except queue.Empty:
            parent = multiprocessing.parent_process()
            if parent is None or not parent.is_alive():
                return None


def failure(error: Exception, worker: int) -> Failure:
    where = f"Caught {type(error).__name__} in DataLoader worker process {worker}."
    lines = "".join(traceback.format_exception(error))
    return Failure(type(error), f"{where}\nOriginal {lines}")


class Workers:
    """The worker processes of a loader: started once, ended with the epoch or with the loader."""

    def __init__(self, loader: Any, make_fetcher: Callable, base_seed: int):
        context = loader.multiprocessing_context
        if context is None or isinstance(context, str):
            context = multiprocessing.get_context(context)
        self.timeout, self.in_order = loader.timeout, loader.in_order
        self.ahead = loader.prefetch_factor
        if self.ahead <= 0:
            raise AssertionError("prefetch_factor must be greater than 0 for worker processes")
        self.stays = loader.persistent_workers
        self.results = context.Queue()
        self.tasks = [context.Queue() for _ in range(loader.num_workers)]
        self.processes = [
            context.Process(
                target=work,
                args=(number, loader, make_fetcher, base_seed, tasks, self.results),
                daemon=True,
            )
            for number, tasks in enumerate(self.tasks)
        ]
        for process in self.processes:
            process.start()
            # The process object would keep the loader, and with it these workers, alive.
            process._args = ()
        self.close = weakref.finalize(self, end, self.processes, self.tasks)
        self.epochs = 0

    def epoch(self, order: Iterator[Any]) -> Iterator[Any]:
        """The batches of one epoch; the workers begin at once."""
        self.epochs += 1
        for tasks in self.tasks:
            tasks.put((None, Begin))
        return _Epoch(self, order).batches()

    def receive(self) -> Any:
        """The next answer of any worker.

        Raises:
            RuntimeError: none came in time, or a worker has died.
        """
        deadline = time.monotonic() + self.timeout if self.timeout else None
        while True:
            left = WAKE_INTERVAL if deadline is None else deadline - time.monotonic()
            try:
                return pickle.loads(self.results.get(timeout=max(min(left, WAKE_INTERVAL), 0.001)))
            except queue.Empty:
                dead = [each for each in self.processes if not each.is_alive()]
                if dead:
                    raise RuntimeError(
                        f"DataLoader worker (pid(s) {', '.join(str(p.pid) for p in dead)}) exited "
                        f"unexpectedly: {', '.join(map(ending, dead))}"
                    ) from None
                if deadline is not None and time.monotonic() >= deadline:
                    raise RuntimeError(
                        f"DataLoader timed out after {self.timeout} seconds"
                    ) from None


def ending(process: Any) -> str:
    """How a process ended, in words."""
    code = process.exitcode
    if code >= 0:
        return f"exit status {code}"
    return f"killed by signal {-code} ({signal.Signals(-code).name})"


def check_context(context: Any) -> None:
    """Refuse what is no way to start processes.

    Raises:
        ValueError: an unknown name.
        TypeError: neither a name nor a context.
    """
    if isinstance(context, str) and context not in multiprocessing.get_all_start_methods():
        raise ValueError(
            "multiprocessing_context option should specify a valid start method in "
            f"{multiprocessing.get_all_start_methods()}, but got "
            f"multiprocessing_context={context!r}"
        )
    if not isinstance(context, str | BaseContext | None):
        raise TypeError(
            "multiprocessing_context option should be a valid context object or a string "
            f"specifying the start method, but got multiprocessing_context={context}"
        )


class _Epoch:
    """Which batches of an epoch are asked for, by whom they are made, and which have come."""

    def __init__(self, workers: Workers, order: Iterator[Any]):
        self.workers, self.order = workers, order
        self.turn = 0
        self.asked = 0
        self.maker: dict[int, int] = {}
        self.idle: set[int] = set()
        self.number = workers.epochs

    def ask(self) -> None:
        """Give the next indices to the next worker whose stream has not ended."""
        count = len(self.workers.tasks)
        active = [(self.turn + i) % count for i in range(count)]
        worker = next((w for w in active if w not in self.idle), None)
        if worker is None:
            return
        try:
            indices = next(self.order)
        except StopIteration:
            return
        self.workers.tasks[worker].put(((self.number, self.asked), indices))
        self.maker[self.asked] = worker
        self.asked += 1
        self.turn = (worker + 1) % count

    def batches(self) -> Iterator[Any]:
        try:
            for _ in range(self.workers.ahead * len(self.workers.tasks)):
                self.ask()
            come: dict[int, Any] = {}
            wanted = 0
            while self.maker:
                while wanted not in come:
                    (number, place), answer = self.workers.receive()
                    # What an epoch that was left early had asked for comes late.
                    if number == self.number:
                        come[place] = answer
                        if not self.workers.in_order:
                            wanted = place
                answer, worker = come.pop(wanted), self.maker.pop(wanted)
                wanted += 1
                if answer is Ended:
                    self.idle.add(worker)
                self.ask()
                if isinstance(answer, Failure):
                    answer.reraise()
                if answer is not Ended:
                    yield answer
        finally:
            if not self.workers.stays:
                self.workers.close()


def end(processes: list, tasks: list) -> None:
    """Let the workers finish, and stop those that do not."""
    for each in tasks:
        each.put(None)
        each.close()
    for process in processes:
        process.join(timeout=CHECK_INTERVAL)
        if process.is_alive():
            process.terminate()
            process.join()
    for each in tasks:
        each.cancel_join_thread()
