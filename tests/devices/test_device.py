"""A device by name: what a string means, and which devices are equal."""

import pickle

import pytest
import torch
from comparing import outcome

import dltk
from dltk.devices.spec import parse

NAMES = [
    "cpu", "cpu:0", "cpu:1", "cuda", "cuda:0", "cuda:1", "cuda:12", "gpu", "cuda:-1", "cuda:01",
    "cuda:", "cuda:1x", "cuda:+1", "cuda: 1", "cuda:1 ", "cuda:1:2", "CUDA", "", ":1", "cuda1",
]  # fmt: skip


def _described(lib, *args):
    found = lib.device(*args)
    return found.type, found.index, str(found), repr(found)


@pytest.mark.parametrize("name", NAMES)
def test_a_device_string_means_what_it_means_in_torch(name):
    want, got = (outcome(lib, lambda lib=lib: _described(lib, name)) for lib in (torch, dltk))
    assert got == want


@pytest.mark.parametrize(
    "args",
    [
        ("cuda", 1),
        ("cuda", None),
        ("cuda", -1),
        ("cuda:0", 1),
        ("cpu", 0),
        (0,),
        (-1,),
        (None,),
        (1.5,),
        (),
    ],
)
def test_the_arguments_of_a_device_are_taken_and_refused_as_in_torch(args):
    want, got = (outcome(lib, lambda lib=lib: _described(lib, *args)) for lib in (torch, dltk))
    assert got == want


def test_devices_compare_and_hash_as_in_torch():
    names = ["cpu", "cpu:0", "cuda", "cuda:0", "cuda:1"]

    def table(lib):
        found = [lib.device(name) for name in names]
        equal = [[a == b for b in found] for a in found]
        return equal, len({*found, *found}), found[0] == "cpu", lib.device(found[4]) == found[4]

    assert table(dltk) == table(torch)


def test_no_number_is_not_number_0():
    assert parse("sim") == ("sim", None)
    assert parse("sim:0") == ("sim", 0)


def test_a_device_survives_pickling():
    for name in ("cpu", "sim", "sim:1"):
        assert pickle.loads(pickle.dumps(dltk.device(name))) == dltk.device(name)


def test_a_device_is_the_default_inside_of_its_block_also_after_an_exception():
    places = []

    def block():
        with dltk.device("sim"):
            places.append(dltk.ones(2).device)
            with dltk.device("cpu"):
                places.append(dltk.ones(2).device)
            places.append(dltk.tensor([1.0]).device)
            raise KeyError

    with pytest.raises(KeyError):
        block()
    assert [str(each) for each in places] == ["sim:0", "cpu", "sim:0"]
    assert dltk.ones(2).device == dltk.device("cpu")


CREATED = {
    "tensor": lambda **kw: dltk.tensor([1.0], **kw),
    "as_tensor": lambda **kw: dltk.as_tensor([1.0], **kw),
    "zeros": lambda **kw: dltk.zeros(2, **kw),
    "ones": lambda **kw: dltk.ones(2, **kw),
    "empty": lambda **kw: dltk.empty(2, **kw),
    "full": lambda **kw: dltk.full((2,), 3.0, **kw),
    "arange": lambda **kw: dltk.arange(3, **kw),
    "linspace": lambda **kw: dltk.linspace(0, 1, 3, **kw),
    "logspace": lambda **kw: dltk.logspace(0, 1, 3, **kw),
    "eye": lambda **kw: dltk.eye(2, **kw),
    "rand": lambda **kw: dltk.rand(2, **kw),
    "randn": lambda **kw: dltk.randn(2, **kw),
    "randint": lambda **kw: dltk.randint(0, 5, (2,), **kw),
    "randperm": lambda **kw: dltk.randperm(3, **kw),
    "normal": lambda **kw: dltk.normal(0.0, 1.0, (2,), **kw),
    "tril_indices": lambda **kw: dltk.tril_indices(2, 2, **kw),
    "zeros_like": lambda **kw: dltk.zeros_like(dltk.ones(2), **kw),
    "full_like": lambda **kw: dltk.full_like(dltk.ones(2), 3.0, **kw),
    "rand_like": lambda **kw: dltk.rand_like(dltk.ones(2), **kw),
    "randint_like": lambda **kw: dltk.randint_like(dltk.ones(2), 0, 5, **kw),
}


@pytest.mark.parametrize("name", CREATED)
def test_what_creates_a_tensor_takes_a_device(name):
    dltk.manual_seed(1)
    there = CREATED[name](device="sim")
    dltk.manual_seed(1)
    here = CREATED[name]()
    assert there.device == dltk.device("sim:0")
    assert here.device == dltk.device("cpu")
    assert there.tolist() == here.tolist()


def test_a_gpu_is_refused_as_by_a_torch_without_cuda():
    for run in (
        lambda lib: lib.ones(2).cuda(),
        lambda lib: lib.ones(2).to("cuda"),
        lambda lib: lib.ones(2, device="cuda:0"),
        lambda lib: lib.cuda.is_available(),
        lambda lib: lib.cuda.device_count(),
        lambda lib: lib.cuda.current_device(),
        lambda lib: lib.cuda.synchronize(),
        lambda lib: lib.cuda.memory_allocated(),
    ):
        if torch.cuda.is_available():
            pytest.skip("this torch has a GPU; the test is about one that has none")
        want, got = (outcome(lib, lambda lib=lib, run=run: run(lib)) for lib in (torch, dltk))
        assert got == want
