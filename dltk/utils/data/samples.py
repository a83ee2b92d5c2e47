"""What samples are made of: containers that keep their type, NumPy's arrays and numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dltk.core.tensor import Tensor
from dltk.ops.create import as_tensor, tensor
from dltk.ops.join import stack


def is_sequence(sample: Any) -> bool:
    """Whether `sample` has parts by number; text counts as one piece."""
    return isinstance(sample, Sequence) and not isinstance(sample, str | bytes)


def is_numeric(sample: Any) -> bool:
    """Whether `sample` is an array or a number of NumPy's that a tensor can hold."""
    return isinstance(sample, np.ndarray | np.generic) and sample.dtype.kind not in "USO"


def convert(sample: Any) -> Any:
    """The sample with its arrays and NumPy's numbers as tensors, as `default_convert`."""
    if is_numeric(sample):
        return as_tensor(sample)
    if isinstance(sample, Mapping):
        return like(sample, {key: convert(value) for key, value in sample.items()})
    if is_sequence(sample):
        return like(sample, [convert(each) for each in sample])
    return sample


def like(sample: Any, parts: Any) -> Any:
    """`parts`, a dict or a list, as a container like `sample`.

    A mapping keeps its type if that can be made of a dict, and a named tuple keeps its own; other
    sequences become lists.
    """
    if isinstance(sample, Mapping):
        try:
            return type(sample)(parts)  # type: ignore[call-arg]
        except TypeError:
            return parts
    return type(sample)(*parts) if hasattr(sample, "_fields") else parts


def check_lengths(samples: Sequence) -> None:
    """`RuntimeError` for sequences of unequal length."""
    if any(len(each) != len(samples[0]) for each in samples):
        raise RuntimeError("each element in list of batch should be of equal size")


def joined(samples: Sequence) -> Tensor:
    """Arrays or numbers of NumPy's as one tensor, with a dimension more; their dtype stays.

    Raises:
        RuntimeError: arrays of unequal shape.
    """
    if isinstance(samples[0], np.ndarray):
        return stack([as_tensor(each) for each in samples])
    return tensor(np.array(samples))


def unknown(sample: Any) -> TypeError:
    """No batch can be made of such samples."""
    return TypeError(
        "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; "
        f"found {type(sample)}"
    )
