"""dltk's sources, samplers, batches and loader give what torch's give."""

from __future__ import annotations

import random
from collections import namedtuple

import numpy as np
import pytest
import torch

import dltk

LIBRARIES = (dltk, torch)
Point = namedtuple("Point", "x y")


def plain(value):
    if hasattr(value, "tolist"):
        return value.tolist(), str(value.dtype).split(".")[-1]
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value).__name__, [plain(each) for each in value]
    return value


def outcome(program, lib):
    try:
        return plain(program(lib))
    except Exception as error:
        return type(error).__name__


def agree(program):
    ours, theirs = (outcome(program, lib) for lib in LIBRARIES)
    assert ours == theirs


def seeded(program):
    def run(lib):
        lib.manual_seed(11)
        return [plain(program(lib)), lib.rand(2).tolist()]

    return run


def rows(lib, count=7):
    return lib.utils.data.TensorDataset(lib.arange(count), lib.arange(2.0 * count).view(count, 2))


def concatenated(lib):
    return lib.utils.data.ConcatDataset([range(3), range(10, 12), range(20, 24)])


ORDERS = {
    "random": lambda d, lib: d.RandomSampler(range(20)),
    "two_rounds_and_a_half": lambda d, lib: d.RandomSampler(range(4), num_samples=10),
    "with_replacement": lambda d, lib: d.RandomSampler(range(9), True, 70),
    "own_generator": lambda d, lib: d.RandomSampler(
        range(20), generator=lib.Generator().manual_seed(4)
    ),
    "subset_random": lambda d, lib: d.SubsetRandomSampler([5, 7, 9, 11]),
    "weighted": lambda d, lib: d.WeightedRandomSampler([0.1, 0.9, 3, 0, 2], 40),
    "weighted_once_each": lambda d, lib: d.WeightedRandomSampler([0.1, 0.9, 3, 1, 2], 4, False),
    "weighted_single": lambda d, lib: d.WeightedRandomSampler([0.1, 0.9, 3, 1, 2], 1),
    "batches": lambda d, lib: d.BatchSampler(d.RandomSampler(range(10)), 3, False),
    "whole_batches": lambda d, lib: d.BatchSampler(d.SequentialSampler(range(10)), 3, True),
    "split": lambda d, lib: [s.indices for s in d.random_split(range(10), [3, 7])],
    "split_fractions": lambda d, lib: [
        s.indices for s in d.random_split(range(11), [0.5, 0.25, 0.25])
    ],
    "loader": lambda d, lib: d.DataLoader(rows(lib), 3, shuffle=True),
    "loader_generator": lambda d, lib: d.DataLoader(
        rows(lib), 3, shuffle=True, generator=lib.Generator().manual_seed(1)
    ),
}


@pytest.mark.parametrize("name", ORDERS)
def test_two_epochs_of_an_order_are_those_of_torch(name):
    def program(lib):
        order = ORDERS[name](lib.utils.data, lib)
        return [list(order), list(order), len(order)]

    agree(seeded(program))


REFUSED = {
    "sampler_and_shuffle": lambda d: d.DataLoader(range(3), sampler=[0], shuffle=True),
    "batch_sampler_and_size": lambda d: d.DataLoader(range(3), 2, batch_sampler=[[0]]),
    "no_batches_and_drop_last": lambda d: d.DataLoader(range(3), None, drop_last=True),
    "batch_size_zero": lambda d: d.DataLoader(range(3), 0),
    "negative_workers": lambda d: d.DataLoader(range(3), num_workers=-1),
    "prefetch_without_workers": lambda d: d.DataLoader(range(3), prefetch_factor=2),
    "persistent_without_workers": lambda d: d.DataLoader(range(3), persistent_workers=True),
    "negative_timeout": lambda d: d.DataLoader(range(3), timeout=-1),
    "empty_shuffled": lambda d: d.DataLoader([], shuffle=True),
    "split_sum": lambda d: d.random_split(range(4), [1, 2]),
    "split_fraction": lambda d: d.random_split(range(4), [-0.5, 1.5]),
    "no_datasets": lambda d: d.ConcatDataset([]),
    "replacement_type": lambda d: d.RandomSampler(range(3), replacement=1),
    "weights_matrix": lambda d: d.WeightedRandomSampler([[1.0]], 1),
    "negative_weight": lambda d: list(d.WeightedRandomSampler([1.0, -1.0], 3)),
    "zero_weights": lambda d: list(d.WeightedRandomSampler([0.0, 0.0], 3)),
    "too_many_weighted": lambda d: list(d.WeightedRandomSampler([1.0], 3, False)),
    "no_samples": lambda d: d.WeightedRandomSampler([1.0], 0),
    "abstract_dataset": lambda d: d.Dataset()[0],
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_torch_refuses_is_refused_with_its_class_of_error(name):
    ours, theirs = (outcome(lambda lib: REFUSED[name](lib.utils.data), lib) for lib in LIBRARIES)
    assert isinstance(theirs, str)
    assert ours == theirs


@pytest.mark.parametrize("index", [0, 2, 3, 8, -1, -9, 9, -10])
def test_indices_at_the_borders_of_a_concatenation(index):
    agree(lambda lib: concatenated(lib)[index])


@pytest.mark.parametrize("index", [0, 6, -1, 7, -8])
def test_indices_at_the_ends_of_rows(index):
    agree(lambda lib: rows(lib)[index])


def test_a_subset_of_a_subset_counts_in_the_subset():
    def program(lib):
        data = lib.utils.data
        nested = data.Subset(data.Subset(range(10, 20), [9, 8, 7, 1]), [3, 0, -2])
        return [*nested, nested[-1], len(nested)]

    agree(program)


def test_rows_of_unequal_number_are_refused():
    agree(lambda lib: lib.utils.data.TensorDataset(lib.ones(2), lib.ones(3)))


SAMPLES = {
    "ints": lambda lib: [1, 2],
    "bools": lambda lib: [True, False],
    "floats": lambda lib: [1.5, 2],
    "float32": lambda lib: [np.float32(1), np.float32(2)],
    "float64": lambda lib: [np.float64(1), np.float64(2)],
    "int8": lambda lib: [np.int8(1), np.int8(2)],
    "arrays": lambda lib: [np.ones(2, np.int16), np.zeros(2, np.int16)],
    "texts": lambda lib: ["a", "b"],
    "tuples": lambda lib: [(1, 2.0, "a"), (3, 4.0, "b")],
    "lists": lambda lib: [[1, 2], [3, 4]],
    "named": lambda lib: [Point(1, 2.0), Point(3, 4.0)],
    "dicts": lambda lib: [{"a": 1, "b": (lib.ones(2), 2)}, {"a": 2, "b": (lib.zeros(2), 3)}],
    "unequal_shapes": lambda lib: [lib.ones(2), lib.ones(3)],
    "unequal_lengths": lambda lib: [[1], [1, 2]],
    "nothing": lambda lib: [None, None],
    "objects": lambda lib: [object(), object()],
    "missing_key": lambda lib: [{"a": 1}, {"b": 1}],
    "array_of_text": lambda lib: [np.array(["a"]), np.array(["b"])],
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_batch_is_built_as_torch_builds_it(name):
    agree(lambda lib: lib.utils.data.default_collate(SAMPLES[name](lib)))


@pytest.mark.parametrize("name", ["float32", "arrays", "texts", "tuples", "named", "dicts"])
def test_samples_that_are_not_batched_are_converted_alike(name):
    agree(lambda lib: list(lib.utils.data.DataLoader(SAMPLES[name](lib), batch_size=None)))


def test_sixty_thousand_samples_are_938_batches_of_64():
    def program(lib):
        loader = lib.utils.data.DataLoader(range(60_000), batch_size=64, shuffle=True)
        batches = list(loader)
        return len(loader), len(batches), len(batches[-1]), batches[500]

    agree(seeded(program))


def test_two_loops_over_one_loader_do_not_disturb_each_other():
    def program(lib):
        loader = lib.utils.data.DataLoader(range(5), 2)
        return [(a.tolist(), b.tolist()) for a in loader for b in loader]

    agree(program)


class Drawing:
    """Samples that depend on the worker's random numbers."""

    def __init__(self, lib):
        self.lib = lib

    def __len__(self):
        return 9

    def __getitem__(self, index):
        return index, self.lib.rand(2), float(np.random.rand()), random.random()


WORKERS = {
    "two": {"num_workers": 2},
    "two_far_ahead": {"num_workers": 2, "prefetch_factor": 4, "timeout": 60},
    "persistent": {"num_workers": 2, "persistent_workers": True},
}


@pytest.mark.parametrize("name", WORKERS)
def test_batches_of_workers_and_their_random_numbers_are_those_of_torch(name):
    def program(lib):
        loader = lib.utils.data.DataLoader(
            Drawing(lib), 2, shuffle=True, multiprocessing_context="fork", **WORKERS[name]
        )
        return [list(loader), list(loader)]

    agree(seeded(program))


def test_workers_give_the_batches_of_none():
    def epochs(**options):
        dltk.manual_seed(5)
        loader = dltk.utils.data.DataLoader(rows(dltk), 2, shuffle=True, **options)
        return plain([list(loader), list(loader)])

    assert epochs(num_workers=2) == epochs()


def test_an_epoch_left_early_leaves_nothing_in_the_next():
    def program(lib):
        loader = lib.utils.data.DataLoader(rows(lib, 20), 2, num_workers=2, persistent_workers=True)
        return [next(iter(loader)), list(loader)]

    agree(program)


def stream_of(lib):
    class Counting(lib.utils.data.IterableDataset):
        def __iter__(self):
            info = lib.utils.data.get_worker_info()
            first, count = (0, 7) if info is None else (100 * info.id, 3 + 4 * info.id)
            return iter(range(first, first + count))

    return Counting()


@pytest.mark.parametrize("drop_last", [False, True])
@pytest.mark.parametrize("num_workers", [0, 2])
def test_a_stream_is_batched_as_by_torch(num_workers, drop_last):
    def program(lib):
        loader = lib.utils.data.DataLoader(
            stream_of(lib),
            2,
            num_workers=num_workers,
            drop_last=drop_last,
            multiprocessing_context="fork" if num_workers else None,
        )
        return [list(loader), list(loader)]

    agree(program)


def test_a_stream_cannot_be_shuffled():
    agree(lambda lib: lib.utils.data.DataLoader(stream_of(lib), shuffle=True))


def test_out_of_order_workers_lose_nothing():
    loader = dltk.utils.data.DataLoader(rows(dltk, 20), 3, num_workers=2, in_order=False)
    seen = [number for first, _ in loader for number in first.tolist()]
    assert sorted(seen) == list(range(20))


class Failing:
    def __len__(self):
        return 4

    def __getitem__(self, index):
        if index == 2:
            raise LookupError("no sample 2")
        return index


def test_an_error_of_a_worker_is_raised_with_its_traceback():
    with pytest.raises(LookupError, match=r"worker process 0(.|\n)*no sample 2"):
        list(dltk.utils.data.DataLoader(Failing(), num_workers=2))


def test_an_error_in_worker_init_fn_is_raised():
    def program(lib):
        def init(worker):
            raise ArithmeticError("init")

        return list(
            lib.utils.data.DataLoader(
                range(3), num_workers=1, worker_init_fn=init, multiprocessing_context="fork"
            )
        )

    agree(program)


def test_collate_fn_and_batch_sampler_of_ones_own():
    def program(lib):
        return list(
            lib.utils.data.DataLoader(range(9), batch_sampler=[[1, 2], [8]], collate_fn=sum)
        )

    agree(program)


def test_workers_that_may_fetch_nothing_ahead_are_refused():
    data = dltk.utils.data.TensorDataset(dltk.ones(3))
    loader = dltk.utils.data.DataLoader(data, num_workers=1, prefetch_factor=0)
    with pytest.raises(AssertionError, match="prefetch_factor"):
        iter(loader)
