"""Samplers of given indices, and of indices with weights."""

import numpy as np

from dltk.core.dtypes import float64
from dltk.ops.create import as_tensor, default_generator
from dltk.ops.draw import randperm
from dltk.utils.data.sampler import Sampler, check_bool, check_positive


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
        check_bool("replacement", replacement, ValueError)
        self.weights = as_tensor(weights, dtype=float64, device="cpu")
        if self.weights.ndim != 1:
            raise ValueError(
                "weights should be a 1d sequence but given weights have shape "
                f"{tuple(self.weights.shape)}"
            )
        self.num_samples, self.replacement = num_samples, replacement
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


def check_weights(weights: np.ndarray, num_samples: int, replacement: bool) -> None:
    """`RuntimeError` for weights that are no probabilities, or for too many samples."""
    if not replacement and num_samples > len(weights):
        raise RuntimeError(
            f"cannot sample {num_samples} times from {len(weights)} weights without replacement"
        )
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise RuntimeError("the weights contain either `inf`, `nan` or an element < 0")
    if not weights.sum() > 0:
        raise RuntimeError("the sum of the weights must be > 0")
