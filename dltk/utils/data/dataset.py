"""The bases of datasets."""

from collections.abc import Sequence
from typing import Any


class Dataset:
    """Samples by index, as `torch.utils.data.Dataset`: `dataset[i]` and usually `len(dataset)`."""

    def __class_getitem__(cls, kind):
        return cls

    def __getitem__(self, index):
        raise NotImplementedError("Subclasses of Dataset should implement __getitem__.")

    def __add__(self, other):
        from dltk.utils.data.sources import ConcatDataset

        return ConcatDataset([self, other])


class IterableDataset(Dataset):
    """Samples one after the other, for streams that have no index: `iter(dataset)`."""

    def __iter__(self):
        raise NotImplementedError("Subclasses of IterableDataset should implement __iter__.")

    def __getitem__(self, index):
        raise NotImplementedError("an IterableDataset has no index; iterate over it")


def check_joinable(datasets: Sequence[Any]) -> None:
    """`AssertionError` for no dataset, or for one that has no index."""
    if not datasets:
        raise AssertionError("datasets should not be an empty iterable")
    if any(isinstance(each, IterableDataset) for each in datasets):
        raise AssertionError("ConcatDataset does not support IterableDataset")
