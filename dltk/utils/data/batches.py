"""Lab 8: many samples become one batch, whatever their structure.

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
