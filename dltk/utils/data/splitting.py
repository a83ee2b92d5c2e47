"""A dataset divided at random."""

import itertools
import math
import warnings

from dltk.ops.create import default_generator
from dltk.ops.draw import randperm
from dltk.utils.data.sources import Subset


def random_split(dataset, lengths, generator=default_generator):
    """`dataset` divided at random into subsets of `lengths`, which may be fractions of 1.

    Samples that the fractions leave over go to the first subsets, one each.

    Raises:
        ValueError: the lengths do not add up to the dataset's.
    """
    if math.isclose(sum(lengths), 1) and sum(lengths) <= 1:
        lengths = _from_fractions(lengths, len(dataset))
    if sum(lengths) != len(dataset):
        raise ValueError("Sum of input lengths does not equal the length of the input dataset!")
    order = iter(randperm(len(dataset), generator=generator).tolist())
    return [Subset(dataset, list(itertools.islice(order, length))) for length in lengths]


def _from_fractions(fractions, count):
    """How many samples the fractions of `count` are."""
    for place, fraction in enumerate(fractions):
        if not 0 <= fraction <= 1:
            raise ValueError(f"Fraction at index {place} is not between 0 and 1")
    lengths = [math.floor(count * fraction) for fraction in fractions]
    for left_over in range(count - sum(lengths)):
        lengths[left_over % len(lengths)] += 1
    for place, length in enumerate(lengths):
        if length == 0:
            warnings.warn(
                f"Length of split at index {place} is 0. This might result in an empty dataset.",
                stacklevel=3,
            )
    return lengths
