"""Worker processes that die, hang, or send what cannot be sent: one clear error, nothing left."""

import gc
import multiprocessing
import time

import pytest
import strange_samples
import torch

import dltk
import dltk.utils.data

DEADLINE = 20


def loader(dataset, lib=dltk, **options):
    options = {"num_workers": 2, "multiprocessing_context": "fork", **options}
    return lib.utils.data.DataLoader(dataset, **options)


@pytest.fixture(autouse=True)
def nothing_is_left():
    began = time.monotonic()
    yield
    gc.collect()
    assert time.monotonic() - began < DEADLINE
    assert not multiprocessing.active_children()


@pytest.mark.parametrize(
    ("dataset", "how"),
    [
        (strange_samples.Exits(), r"exit status 3"),
        (strange_samples.IsKilled(), r"killed by signal 9 \(SIGKILL\)"),
    ],
)
def test_a_worker_that_dies_is_an_error_that_says_how(dataset, how):
    with pytest.raises(RuntimeError, match=rf"worker \(pid\(s\) \d+\) exited unexpectedly: {how}"):
        list(loader(dataset))


@pytest.mark.slow
def test_a_worker_that_hangs_is_an_error_after_the_timeout():
    with pytest.raises(RuntimeError, match=r"timed out after 0\.3 seconds"):
        list(loader(strange_samples.Sleeps(), timeout=0.3))


def test_a_batch_that_cannot_be_sent_is_an_error_and_no_hang():
    with pytest.raises((AttributeError, TypeError), match=r"worker process 1(.|\n)*strange"):
        list(loader(strange_samples.CannotBeSent(), collate_fn=strange_samples.first_of))


@pytest.mark.parametrize(
    ("dataset", "kind", "says"),
    [
        (strange_samples.RaisesWithTwoArguments(), RuntimeError, "one.*two"),
        (strange_samples.RaisesKeyError(), KeyError, "a key"),
    ],
)
def test_an_error_of_a_worker_arrives_with_its_class_and_traceback(dataset, kind, says):
    with pytest.raises(kind, match=rf"(?s)worker process 1.*in strange.*{says}"):
        list(loader(dataset))


def test_an_error_that_cannot_be_sent_arrives_with_its_traceback():
    with pytest.raises(RuntimeError, match=r"(?s)LocalError.*in strange.*not to be pickled"):
        list(loader(strange_samples.RaisesWhatCannotBeSent()))


@pytest.mark.parametrize("persistent", [False, True])
def test_an_epoch_left_early_leaves_no_processes(persistent):
    batches = iter(loader(strange_samples.Rows(), persistent_workers=persistent))
    next(batches)
    assert len(multiprocessing.active_children()) == 2
    del batches


@pytest.mark.slow
def test_workers_are_started_anew_by_spawn():
    got = loader(strange_samples.Rows(), batch_size=4, multiprocessing_context="spawn")
    assert [each.tolist() for each in got] == [[0, 1, 2, 3], [4, 5, 6, 7]]


@pytest.mark.parametrize("context", ["foo", 3])
def test_an_unknown_way_to_start_processes_is_refused_at_once(context):
    for lib in (dltk, torch):
        with pytest.raises((ValueError, TypeError), match="multiprocessing_context option") as info:
            loader([1], lib, multiprocessing_context=context)
        assert info.type is (ValueError if context == "foo" else TypeError)


def test_a_timeout_without_workers_is_refused_when_iteration_begins():
    for lib in (dltk, torch):
        with pytest.raises(AssertionError, match="timeout"):
            iter(lib.utils.data.DataLoader([1], timeout=1))


@pytest.mark.parametrize("name", ["batch_size", "sampler", "dataset", "drop_last"])
def test_what_a_loader_was_made_with_cannot_be_changed(name):
    for lib in (dltk, torch):
        with pytest.raises(ValueError, match=f"{name} attribute should not be set after"):
            setattr(lib.utils.data.DataLoader([1]), name, 1)


def test_pinned_memory_without_an_accelerator_is_warned_of():
    with pytest.warns(UserWarning, match="pin_memory"):
        list(dltk.utils.data.DataLoader([1], pin_memory=True))


def test_integers_and_floats_in_one_batch_become_the_default_dtype():
    batches = [next(iter(lib.utils.data.DataLoader([1, 2.5], 2))) for lib in (dltk, torch)]
    assert [str(each.dtype).split(".")[1] for each in batches] == ["float32", "float32"]


@pytest.mark.parametrize("name", ["ChainDataset", "DistributedSampler"])
def test_what_is_out_of_scope_says_so(name):
    with pytest.raises(NotImplementedError, match=f"utils.data.{name} is not in dltk's scope"):
        getattr(dltk.utils.data, name)
