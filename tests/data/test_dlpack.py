"""Memory is lent to and from other libraries without a copy."""

from __future__ import annotations

import gc

import numpy as np
import pytest
import torch

import dltk
from dltk.ops.convert import from_dlpack

DTYPES = "float16 float32 float64 int8 int16 int32 int64 uint8 bool"


@pytest.mark.parametrize("name", DTYPES.split())
def test_torch_sees_the_memory_of_a_view(name):
    ours = dltk.ones(3, 4, dtype=getattr(dltk, name)).t()[1:]
    theirs = torch.from_dlpack(ours)
    assert theirs.dtype is getattr(torch, name)
    assert theirs.stride() == ours.stride()
    theirs[0, 2] = 0
    assert ours[0, 2].item() == 0


@pytest.mark.parametrize("name", DTYPES.split())
def test_dltk_sees_the_memory_of_a_view_of_torch(name):
    theirs = torch.ones(3, 4, dtype=getattr(torch, name)).t()[1:]
    ours = from_dlpack(theirs)
    assert ours.dtype is getattr(dltk, name)
    assert ours.stride() == theirs.stride()
    ours[0, 2] = 0
    assert theirs[0, 2].item() == 0


def test_numpy_reads_a_tensor_by_dlpack():
    ours = dltk.arange(3.0)
    assert np.shares_memory(np.from_dlpack(ours), ours.numpy())
    assert ours.__dlpack_device__() == torch.ones(1).__dlpack_device__()


@pytest.mark.parametrize("lib", [dltk, torch], ids=["dltk", "torch"])
def test_a_tensor_that_requires_a_gradient_is_not_lent(lib):
    with pytest.raises(BufferError):
        lib.ones(2, requires_grad=True).__dlpack__()


@pytest.mark.parametrize("take", [from_dlpack, torch.from_dlpack], ids=["dltk", "torch"])
def test_what_does_not_speak_dlpack_is_refused(take):
    with pytest.raises(RuntimeError):
        take(3)


@pytest.mark.parametrize(("lend", "take"), [(torch, dltk), (dltk, torch), (dltk, dltk)])
def test_lent_memory_is_the_same_and_outlives_the_lender(lend, take):
    lender = lend.arange(6.0).reshape(2, 3)
    address = lender.data_ptr()
    taken = take.from_dlpack(lender)
    assert taken.data_ptr() == address
    del lender
    gc.collect()
    filled = [lend.full((2, 3), 9.0) for _ in range(50)]
    assert taken.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert len(filled) == 50


def test_numpys_memory_outlives_the_array():
    array = np.arange(6.0)
    taken = dltk.from_dlpack(array)
    assert taken.data_ptr() == array.ctypes.data
    del array
    gc.collect()
    assert taken.tolist() == [0, 1, 2, 3, 4, 5]


def test_an_array_that_may_not_be_written_to_is_read_and_not_written():
    array = np.arange(3.0)
    array.flags.writeable = False
    taken = dltk.from_dlpack(array)
    assert taken.sum().item() == 3
    with pytest.raises(ValueError, match="read-only"):
        taken[0] = 5
    assert array.tolist() == [0, 1, 2]
