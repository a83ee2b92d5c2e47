"""Lab 8: many samples become one batch, whatever their structure."""

from collections.abc import Mapping, Sequence

import numpy as np

from dltk.core.dtypes import float64
from dltk.core.tensor import Tensor
from dltk.ops.create import as_tensor, tensor
from dltk.ops.join import stack


def collate(samples):
    """One sample whose every leaf is the batch of that leaf, as torch's `default_collate`.

    Tensors and arrays are stacked, floats become float64 and integers int64, text stays a list.
    Mappings stay what they are, sequences become lists.

    Raises:
        RuntimeError: tensors of unequal shape, or sequences of unequal length.
        TypeError: something else.
    """
    first = samples[0]
    if isinstance(first, Tensor):
        return stack(samples)
    if isinstance(first, np.ndarray) and first.dtype.kind not in "USO":
        return stack([as_tensor(each) for each in samples])
    if isinstance(first, float) and not isinstance(first, np.floating):
        return tensor(samples, dtype=float64)
    if isinstance(first, int | np.bool_ | np.number):
        return tensor(samples if isinstance(first, int) else np.array(samples))
    if isinstance(first, str | bytes):
        return samples
    if isinstance(first, Mapping):
        return like(first, {key: collate([each[key] for each in samples]) for key in first})
    if isinstance(first, Sequence):
        if any(len(each) != len(first) for each in samples):
            raise RuntimeError("each element in list of batch should be of equal size")
        columns = [collate(column) for column in zip(*samples, strict=True)]
        return type(first)(*columns) if hasattr(first, "_fields") else columns
    raise TypeError(
        "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; "
        f"found {type(first)}"
    )


def convert(sample):
    """Given: the sample with its arrays and NumPy's numbers as tensors, as `default_convert`."""
    if isinstance(sample, np.ndarray | np.generic) and sample.dtype.kind not in "USO":
        return as_tensor(sample)
    if isinstance(sample, Mapping):
        return like(sample, {key: convert(value) for key, value in sample.items()})
    if isinstance(sample, Sequence) and not isinstance(sample, str | bytes):
        converted = [convert(each) for each in sample]
        return type(sample)(*converted) if hasattr(sample, "_fields") else converted
    return sample


def like(mapping, items):
    """Given: `items` as a mapping of the type of `mapping`, a dict where that takes none."""
    try:
        return type(mapping)(items)
    except TypeError:
        return items
