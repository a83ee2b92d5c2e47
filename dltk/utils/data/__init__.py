"""Sources of samples, their order, and batches of them, as `torch.utils.data`."""

from dltk.utils.data.batches import collate as default_collate
from dltk.utils.data.dataset import Dataset, IterableDataset
from dltk.utils.data.drawing_samplers import SubsetRandomSampler, WeightedRandomSampler
from dltk.utils.data.loader import DataLoader
from dltk.utils.data.sampler import Sampler
from dltk.utils.data.samplers import BatchSampler, RandomSampler, SequentialSampler
from dltk.utils.data.samples import convert as default_convert
from dltk.utils.data.sources import ConcatDataset, Subset, TensorDataset
from dltk.utils.data.splitting import random_split
from dltk.utils.data.workers import get_worker_info

__all__ = [
    "BatchSampler",
    "ConcatDataset",
    "DataLoader",
    "Dataset",
    "IterableDataset",
    "RandomSampler",
    "Sampler",
    "SequentialSampler",
    "Subset",
    "SubsetRandomSampler",
    "TensorDataset",
    "WeightedRandomSampler",
    "default_collate",
    "default_convert",
    "get_worker_info",
    "random_split",
]

_OUT_OF_SCOPE = ("ChainDataset", "DistributedSampler", "StackDataset")


def __getattr__(name: str):
    if name in _OUT_OF_SCOPE:
        raise NotImplementedError(f"dltk.utils.data.{name} is not in dltk's scope")
    raise AttributeError(f"module 'dltk.utils.data' has no attribute {name!r}")
