"""Lab 8: many samples become one batch, whatever their structure, and batches an epoch.

Given, in `dltk.utils.data.samples`: `is_sequence(sample)`, true of tuples and lists, not of text;
`like(sample, parts)`, a dict or a list as a container of the type of `sample`;
`check_lengths(samples)`, which refuses sequences of unequal length; `is_numeric(sample)`, true of
NumPy's arrays and numbers, which `joined(samples)` makes into one tensor.
"""

from collections.abc import Mapping

from dltk.core.dtypes import float64
from dltk.core.tensor import Tensor
from dltk.ops.create import tensor
from dltk.ops.join import stack
from dltk.utils.data.samplers import RandomSampler, SequentialSampler
from dltk.utils.data.samples import check_lengths, is_numeric, is_sequence, joined, like, unknown


def collate(samples):
    """One sample whose every leaf is the batch of that leaf: of a list of pairs, two batches.

    Given: `samples`, a list of samples of one structure. Containers may be nested; a mapping's
    batch has the keys of the first sample.

    Raises:
        RuntimeError: sequences of unequal length, tensors of unequal shape.
        TypeError: leaves that are no tensors, numbers or text.
    """
    first = samples[0]
    if isinstance(first, Mapping):
        return like(first, {key: collate([each[key] for each in samples]) for key in first})
    if is_sequence(first):
        check_lengths(samples)
        return like(first, [collate(column) for column in zip(*samples, strict=True)])
    return collate_leaves(samples)


def collate_leaves(samples):
    """The batch of samples that are no containers.

    Tensors are stacked along a new first dimension, and what is numeric is joined. Python's floats
    become a tensor of float64, its integers one of int64, its truth values one of bool. Text stays
    as it is: a list, or what `samples` is.

    Raises:
        RuntimeError: tensors of unequal shape, as `stack` does.
        TypeError: `unknown(sample)`, for anything else.
    """
    first = samples[0]
    if isinstance(first, Tensor):
        return stack(samples)
    if is_numeric(first):
        return joined(samples)
    if isinstance(first, float):
        return tensor(samples, dtype=float64)
    if isinstance(first, int):
        return tensor(samples)
    if isinstance(first, str | bytes):
        return samples
    raise unknown(first)


def choose_sampler(dataset, shuffle, sampler, generator):
    """What gives a loader its order: `sampler`, else a random one if `shuffle`, else in sequence.

    Given: `generator`, from which a random sampler draws, or `None`.

    Raises:
        ValueError: both a `sampler` and `shuffle`.
    """
    if sampler is None and shuffle:
        return RandomSampler(dataset, generator=generator)
    if sampler is None:
        return SequentialSampler(dataset)
    if shuffle:
        raise ValueError("sampler option is mutually exclusive with shuffle")
    return sampler


def fetch(dataset, indices, collate_fn):
    """The samples of `dataset` at `indices`, made into a batch by `collate_fn`."""
    return collate_fn([dataset[index] for index in indices])


class Batches:
    """How a loader is looped over, again and again.

    Given: its attributes `dataset`, `collate_fn` and `batch_sampler`, which gives lists of indices.
    """

    def __iter__(self):
        """An iterator over the batches of one epoch, each made when it is asked for.

        Every call begins an epoch of its own, in the order of `iter(self.batch_sampler)`, which is
        asked for at once.
        """
        return map(
            lambda indices: fetch(self.dataset, indices, self.collate_fn), iter(self.batch_sampler)
        )

    def __len__(self):
        """How many batches an epoch has."""
        return len(self.batch_sampler)
