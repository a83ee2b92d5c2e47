"""Batches of a dataset, epoch after epoch."""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from dltk.core.random_stream import Stream
from dltk.utils.data.batches import Batches, choose_sampler, collate, fetch
from dltk.utils.data.dataset import IterableDataset
from dltk.utils.data.sampler import draw_seed
from dltk.utils.data.samplers import BatchSampler
from dltk.utils.data.samples import convert
from dltk.utils.data.workers import Workers, check_context


class Endless:
    """The order of a dataset without indices: no matter which, for ever."""

    def __iter__(self) -> Iterator[None]:
        return itertools.repeat(None)


FIXED = ("batch_size", "batch_sampler", "sampler", "drop_last", "dataset", "persistent_workers")


class DataLoader(Batches):
    """Iterates over `dataset` in batches, as `torch.utils.data.DataLoader`.

    `batch_size=None` gives the samples one by one. `pin_memory` is accepted and has no effect on
    a host without an accelerator. `timeout`, in seconds, is how long to wait for a worker.

    Raises:
        ValueError: arguments that exclude each other, a negative number, or an unknown name of a
            `multiprocessing_context`.
        TypeError: a `multiprocessing_context` that is no context.
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int | None = 1,
        shuffle: bool | None = None,
        sampler: Any = None,
        batch_sampler: Any = None,
        num_workers: int = 0,
        collate_fn: Callable | None = None,
        pin_memory: bool = False,
        drop_last: bool = False,
        timeout: float = 0,
        worker_init_fn: Callable | None = None,
        multiprocessing_context: Any = None,
        generator: Stream | None = None,
        *,
        prefetch_factor: int | None = None,
        persistent_workers: bool = False,
        pin_memory_device: str = "",
        in_order: bool = True,
    ):
        self._check_workers(
            num_workers, timeout, prefetch_factor, persistent_workers, multiprocessing_context
        )
        self._iterable = isinstance(dataset, IterableDataset)
        has_sampler = sampler is not None
        if self._iterable:
            for name, value in (("sampler", sampler), ("batch_sampler", batch_sampler)):
                if value is not None:
                    raise ValueError(
                        f"DataLoader with IterableDataset: expected unspecified {name} option, "
                        f"but got {name}={value}"
                    )
            if shuffle:
                raise ValueError(
                    "DataLoader with IterableDataset: expected unspecified shuffle option, "
                    f"but got shuffle={shuffle}"
                )
        sampler = (
            Endless() if self._iterable else choose_sampler(dataset, shuffle, sampler, generator)
        )
        if batch_sampler is not None:
            if batch_size != 1 or shuffle or has_sampler or drop_last:
                raise ValueError(
                    "batch_sampler option is mutually exclusive with batch_size, shuffle, "
                    "sampler, and drop_last"
                )
            batch_size = None
        elif batch_size is None and drop_last:
            raise ValueError(
                "batch_size=None option disables auto-batching and is mutually exclusive with "
                "drop_last"
            )
        if batch_size is not None and batch_sampler is None:
            batch_sampler = BatchSampler(sampler, batch_size, drop_last)
        self.dataset, self.batch_size, self.drop_last = dataset, batch_size, drop_last
        self.sampler, self.batch_sampler, self.generator = sampler, batch_sampler, generator
        self.collate_fn = collate_fn or (convert if batch_sampler is None else collate)
        self.num_workers, self.timeout, self.in_order = num_workers, timeout, in_order
        self.prefetch_factor = 2 if num_workers and prefetch_factor is None else prefetch_factor
        self.persistent_workers, self.worker_init_fn = persistent_workers, worker_init_fn
        self.multiprocessing_context = multiprocessing_context
        self.pin_memory, self.pin_memory_device = pin_memory, pin_memory_device
        self._workers: Workers | None = None
        self._complete = True

    def __setattr__(self, name: str, value: Any) -> None:
        if name in FIXED and "_complete" in self.__dict__:
            raise ValueError(
                f"{name} attribute should not be set after {type(self).__name__} is initialized"
            )
        super().__setattr__(name, value)

    @staticmethod
    def _check_workers(
        num_workers: int, timeout: float, prefetch_factor: int | None, persistent: bool, ctx: Any
    ) -> None:
        if num_workers < 0:
            raise ValueError(
                "num_workers option should be non-negative; use num_workers=0 to disable "
                "multiprocessing."
            )
        if timeout < 0:
            raise ValueError("timeout option should be non-negative")
        if num_workers == 0 and prefetch_factor is not None:
            raise ValueError(
                "prefetch_factor option could only be specified in multiprocessing. Let "
                "num_workers > 0 to enable multiprocessing, otherwise set prefetch_factor to None."
            )
        if prefetch_factor is not None and prefetch_factor < 0:
            raise ValueError("prefetch_factor option should be non-negative")
        if persistent and num_workers == 0:
            raise ValueError("persistent_workers option needs num_workers > 0")
        if ctx is not None and num_workers == 0:
            raise ValueError(
                "multiprocessing_context can only be used with multi-process loading "
                f"(num_workers > 0), but got num_workers={num_workers}"
            )
        check_context(ctx)

    def __iter__(self) -> Iterator[Any]:
        if self._plain:
            batches = super().__iter__()
        else:
            order = iter(self.sampler if self.batch_sampler is None else self.batch_sampler)
        if self.pin_memory:
            warnings.warn(
                "'pin_memory' argument is set as true but no accelerator is found, then device "
                "pinned memory won't be used.",
                stacklevel=2,
            )
        if not self.num_workers:
            if self.timeout:
                raise AssertionError(
                    f"timeout={self.timeout} needs num_workers > 0: without workers there is "
                    "nothing to wait for"
                )
            draw_seed(self.generator)
            return batches if self._plain else map(Fetcher(self), order)
        if self.persistent_workers and self._workers is not None:
            return self._workers.epoch(order)
        seed = draw_seed(self.generator)
        workers = Workers(self, Fetcher, seed)
        if self.persistent_workers:
            self._workers = workers
        return workers.epoch(order)

    @property
    def _plain(self) -> bool:
        """Whether an epoch has nothing special: no workers, samples by index and in batches."""
        special = self.num_workers or self._iterable or self.batch_sampler is None
        return not special and not hasattr(self.dataset, "__getitems__")

    def __len__(self) -> int:
        if self.batch_sampler is not None and not self._iterable:
            return super().__len__()
        if not self._iterable:
            return len(self.sampler)
        count = len(self.dataset)
        if self.batch_size is None:
            return count
        batches = count / self.batch_size
        return math.floor(batches) if self.drop_last else math.ceil(batches)


class Fetcher:
    """Turns indices into a batch; for a stream, the next samples into one."""

    def __init__(self, loader: DataLoader):
        self.dataset, self.collate_fn = loader.dataset, loader.collate_fn
        self.batched, self.drop_last = loader.batch_sampler is not None, loader.drop_last
        self.stream = iter(loader.dataset) if loader._iterable else None

    def __call__(self, indices: Any) -> Any:
        """The batch at `indices`; `StopIteration` where a stream has ended."""
        if self.stream is not None:
            return self._from_stream(indices)
        if not self.batched:
            return self.collate_fn(self.dataset[indices])
        if callable(getattr(self.dataset, "__getitems__", None)):
            return self.collate_fn(self.dataset.__getitems__(indices))
        return fetch(self.dataset, indices, self.collate_fn)

    def _from_stream(self, places: Any) -> Any:
        assert self.stream is not None
        if not self.batched:
            return self.collate_fn(next(self.stream))
        samples = list(itertools.islice(self.stream, len(places)))
        if not samples or (self.drop_last and len(samples) < len(places)):
            raise StopIteration
        return self.collate_fn(samples)
