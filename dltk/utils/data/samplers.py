"""Lab 8: in which order samples are taken, and how they are grouped into batches.

A sampler is iterated over anew in each epoch. Given, in `dltk.utils.data.sampler`: `Sampler`, the
base; `draw_seed()`, a number drawn from the global stream; and checks of arguments.
"""

import itertools

from dltk.core.random_stream import Stream
from dltk.ops.draw import randint, randperm
from dltk.utils.data.sampler import Sampler, check_bool, check_positive, draw_seed


class SequentialSampler(Sampler):
    """The indices of `data_source` in order."""

    def __init__(self, data_source):
        self.data_source = data_source

    def __iter__(self):
        """An iterator over 0, 1, 2 and so on."""
        return iter(range(len(self.data_source)))

    def __len__(self):
        """How many indices an epoch has."""
        return len(self.data_source)


class RandomSampler(Sampler):
    """The indices of `data_source` in an order drawn anew for each epoch.

    `num_samples` of them, all if not given; with `replacement` each is drawn from all.

    Raises:
        TypeError: `replacement` is no bool.
        ValueError: `num_samples` is no positive integer.
    """

    def __init__(self, data_source, replacement=False, num_samples=None, generator=None):
        self.data_source = data_source
        self.replacement = replacement
        self._num_samples = num_samples
        self.generator = generator
        check_bool("replacement", replacement, TypeError)
        check_positive("num_samples", self.num_samples)

    @property
    def num_samples(self):
        """How many indices an epoch has."""
        return len(self.data_source) if self._num_samples is None else self._num_samples

    def __iter__(self):
        """Draw an order when the first index is asked for, from `generator` if there is one.

        Else the draws come from a `Stream(seed)` of its own, so that the global stream gives only
        the seed. `randperm(n, generator=stream)` and `randint(0, n, size, generator=stream)` draw
        tensors. Without replacement every index comes once before any comes again: one `randperm`
        for each whole round, and one for the rest, which is drawn even where the rest is empty.
        """
        size = len(self.data_source)
        stream = self.generator or Stream(draw_seed())
        if self.replacement:
            yield from randint(0, size, (self.num_samples,), generator=stream).tolist()
            return
        rounds, rest = divmod(self.num_samples, size)
        for _ in range(rounds):
            yield from randperm(size, generator=stream).tolist()
        yield from randperm(size, generator=stream).tolist()[:rest]

    def __len__(self):
        """As `num_samples`."""
        return self.num_samples


class BatchSampler(Sampler):
    """The indices of `sampler` in lists of `batch_size`; the last may be shorter, or is dropped.

    Raises:
        ValueError: `batch_size` is no positive integer, or `drop_last` no bool.
    """

    def __init__(self, sampler, batch_size, drop_last):
        check_positive("batch_size", batch_size)
        check_bool("drop_last", drop_last, ValueError)
        self.sampler = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last

    def __iter__(self):
        """One list after the other, as they are asked for: `sampler` may be endless."""
        indices = iter(self.sampler)
        while batch := list(itertools.islice(indices, self.batch_size)):
            if self.drop_last and len(batch) < self.batch_size:
                return
            yield batch

    def __len__(self):
        """How many lists there will be."""
        whole, rest = divmod(len(self.sampler), self.batch_size)
        return whole + (rest > 0 and not self.drop_last)
