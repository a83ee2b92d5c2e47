"""Lab 8: in which order samples are taken, and how they are grouped into batches."""

import itertools

import numpy as np

from dltk.core.dtypes import float64
from dltk.core.random_stream import Stream
from dltk.ops.create import as_tensor, default_generator
from dltk.ops.draw import randint, randperm


class Sampler:
    """An order of indices: what a `DataLoader` iterates over anew in each epoch."""

    def __class_getitem__(cls, kind):
        return cls

    def __iter__(self):
        raise NotImplementedError("Subclasses of Sampler should implement __iter__.")


class SequentialSampler(Sampler):
    """The indices of `data_source` in order."""

    def __init__(self, data_source):
        self.data_source = data_source

    def __iter__(self):
        return iter(range(len(self.data_source)))

    def __len__(self):
        return len(self.data_source)


class RandomSampler(Sampler):
    """The indices of `data_source` in an order drawn anew for each epoch.

    `num_samples` of them, all if not given; with `replacement` each is drawn from all. Without a
    `generator` one draw of the global stream gives the seed of a stream of its own.

    Raises:
        TypeError: `replacement` is no bool.
        ValueError: `num_samples` is no positive integer.
    """

    def __init__(self, data_source, replacement=False, num_samples=None, generator=None):
        self.data_source = data_source
        self.replacement = replacement
        self._num_samples = num_samples
        self.generator = generator
        if not isinstance(replacement, bool):
            raise TypeError(
                f"replacement should be a boolean value, but got replacement={replacement}"
            )
        check_positive("num_samples", self.num_samples)

    @property
    def num_samples(self):
        return len(self.data_source) if self._num_samples is None else self._num_samples

    def __iter__(self):
        size = len(self.data_source)
        stream = self.generator or Stream(draw_seed())
        if self.replacement:
            yield from randint(0, size, (self.num_samples,), generator=stream).tolist()
            return
        rounds, rest = divmod(self.num_samples, size)
        for _ in range(rounds):
            yield from randperm(size, generator=stream).tolist()
        # Torch draws this order even where nothing of it is needed.
        yield from randperm(size, generator=stream).tolist()[:rest]

    def __len__(self):
        return self.num_samples


class SubsetRandomSampler(Sampler):
    """The given indices in random order."""

    def __init__(self, indices, generator=None):
        self.indices = indices
        self.generator = generator

    def __iter__(self):
        order = randperm(len(self.indices), generator=self.generator or default_generator)
        yield from (self.indices[place] for place in order.tolist())

    def __len__(self):
        return len(self.indices)


class WeightedRandomSampler(Sampler):
    """`num_samples` indices, each drawn with a probability in proportion to its weight.

    Raises:
        ValueError: `num_samples` is no positive integer, `replacement` no bool, or the weights
            are not one row.
        RuntimeError: on iteration, weights that are negative, infinite or all 0, or more samples
            without replacement than there are weights.
    """

    def __init__(self, weights, num_samples, replacement=True, generator=None):
        check_positive("num_samples", num_samples)
        if not isinstance(replacement, bool):
            raise ValueError(
                f"replacement should be a boolean value, but got replacement={replacement}"
            )
        self.weights = as_tensor(weights, dtype=float64, device="cpu")
        if self.weights.ndim != 1:
            raise ValueError(
                "weights should be a 1d sequence but given weights have shape "
                f"{tuple(self.weights.shape)}"
            )
        self.num_samples = num_samples
        self.replacement = replacement
        self.generator = generator

    def __iter__(self):
        stream = self.generator or default_generator
        weights = np.asarray(self.weights)
        check_weights(weights, self.num_samples, self.replacement)
        if self.replacement and self.num_samples > 1:
            borders = np.cumsum(weights)
            borders /= borders[-1]
            borders[-1] = 1
            drawn = np.searchsorted(borders, stream.rand((self.num_samples,), "float64"))
        else:
            # A race: the larger the weight, the sooner, on average, the index arrives.
            arrival = -np.log1p(-stream.rand(weights.shape, "float64"))
            speed = weights / arrival
            drawn = np.argsort(-speed, kind="stable")[: self.num_samples]
        yield from drawn.tolist()

    def __len__(self):
        return self.num_samples


class BatchSampler(Sampler):
    """The indices of `sampler` in lists of `batch_size`; the last may be shorter, or is dropped.

    Raises:
        ValueError: `batch_size` is no positive integer, or `drop_last` no bool.
    """

    def __init__(self, sampler, batch_size, drop_last):
        check_positive("batch_size", batch_size)
        if not isinstance(drop_last, bool):
            raise ValueError(f"drop_last should be a boolean value, but got drop_last={drop_last}")
        self.sampler = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last

    def __iter__(self):
        indices = iter(self.sampler)
        while batch := list(itertools.islice(indices, self.batch_size)):
            if self.drop_last and len(batch) < self.batch_size:
                return
            yield batch

    def __len__(self):
        whole, rest = divmod(len(self.sampler), self.batch_size)
        return whole + (rest > 0 and not self.drop_last)


def draw_seed(generator=None):
    """Given: a seed for another stream, 63 bits of `generator` or of the global stream."""
    return (generator or default_generator).random64() % (1 << 63)


def check_positive(name, value):
    """Given: `ValueError` unless `value` is an integer of at least 1."""
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise ValueError(f"{name} should be a positive integer value, but got {name}={value}")


def check_weights(weights, num_samples, replacement):
    """Given: `RuntimeError` for weights that are no probabilities, or for too many samples."""
    if not replacement and num_samples > len(weights):
        raise RuntimeError(
            f"cannot sample {num_samples} times from {len(weights)} weights without replacement"
        )
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise RuntimeError("the weights contain either `inf`, `nan` or an element < 0")
    if not weights.sum() > 0:
        raise RuntimeError("the sum of the weights must be > 0")
