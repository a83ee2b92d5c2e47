"""Lab 8: where samples come from, and how sources are joined and divided.

A dataset gives samples by index, `dataset[i]`, and has a length. Given, in
`dltk.utils.data.dataset`: `Dataset`, the base, and `check_joinable(datasets)`, which refuses what
cannot be joined.
"""

import itertools
from bisect import bisect_right

from dltk.utils.data.dataset import Dataset, check_joinable


class TensorDataset(Dataset):
    """Sample `i` is the tuple of row `i` of each tensor.

    Raises:
        AssertionError: the tensors have different numbers of rows.
    """

    def __init__(self, *tensors):
        if any(len(tensor) != len(tensors[0]) for tensor in tensors):
            raise AssertionError("Size mismatch between tensors")
        self.tensors = tensors

    def __getitem__(self, index):
        """A tuple of as many parts as there are tensors."""
        return tuple(tensor[index] for tensor in self.tensors)

    def __len__(self):
        """The number of rows."""
        return len(self.tensors[0])


class ConcatDataset(Dataset):
    """The samples of several datasets one behind the other.

    Raises:
        AssertionError: no dataset, or one that has no index.
    """

    def __init__(self, datasets):
        """`cumulative_sizes` says for each dataset how many samples end with it."""
        self.datasets = list(datasets)
        check_joinable(self.datasets)
        self.cumulative_sizes = list(itertools.accumulate(len(each) for each in self.datasets))

    def __len__(self):
        """The number of samples of all datasets together."""
        return self.cumulative_sizes[-1]

    def __getitem__(self, index):
        """The sample at `index` of the dataset that has it; a negative one counts from the end.

        Raises:
            IndexError: `index` is not below the length.
            ValueError: a negative `index` is before the first sample.
        """
        if index < 0:
            if -index > len(self):
                raise ValueError("absolute value of index should not exceed dataset length")
            index += len(self)
        which = bisect_right(self.cumulative_sizes, index)
        if which == len(self.datasets):
            raise IndexError("list index out of range")
        before = self.cumulative_sizes[which - 1] if which else 0
        return self.datasets[which][index - before]


class Subset(Dataset):
    """The samples of `dataset` at `indices`, in their order; nothing is copied."""

    def __init__(self, dataset, indices):
        self.dataset = dataset
        self.indices = indices

    def __getitem__(self, index):
        """The sample at place `index` of the indices; a list of places gives those samples."""
        if isinstance(index, list):
            return self.dataset[[self.indices[i] for i in index]]
        return self.dataset[self.indices[index]]

    def __len__(self):
        """The number of indices."""
        return len(self.indices)
