"""Files of the safetensors format, with the package that defines it as the other side."""

from __future__ import annotations

import numpy as np
import pytest

import dltk
from dltk.safetensors_format import load_file, save_file

DTYPES = "float16 float32 float64 int8 int16 int32 int64 uint8 bool"


def tensors():
    made = {name: dltk.tensor([[0, 1, 2]]).to(getattr(dltk, name)) for name in DTYPES.split()}
    grid = dltk.arange(6.0).view(2, 3)
    return {**made, "transposed": grid.t(), "number": dltk.tensor(3.5), "empty": dltk.zeros(0, 2)}


def assert_same(ours, theirs):
    assert set(ours) == set(theirs)
    for name, tensor in ours.items():
        other = np.asarray(theirs[name])
        assert np.asarray(tensor).dtype == other.dtype
        np.testing.assert_array_equal(np.asarray(tensor), other)


def test_what_is_written_is_read_back(tmp_path):
    save_file(tensors(), tmp_path / "x", metadata={"a": "b"})
    assert_same(tensors(), load_file(tmp_path / "x"))


def test_the_package_reads_ours(tmp_path):
    package = pytest.importorskip("safetensors.numpy", reason="needs the package safetensors")
    save_file(tensors(), tmp_path / "x", metadata={"a": "b"})
    assert_same(tensors(), package.load_file(tmp_path / "x"))


def test_ours_reads_the_packages(tmp_path):
    package = pytest.importorskip("safetensors.numpy", reason="needs the package safetensors")
    arrays = {name: np.ascontiguousarray(np.asarray(each)) for name, each in tensors().items()}
    package.save_file(arrays, tmp_path / "x")
    assert_same(load_file(tmp_path / "x"), arrays)


@pytest.mark.parametrize("cut", [0, 4, 40, -1])
def test_a_file_that_is_cut_off_is_refused(cut, tmp_path):
    save_file({"x": dltk.ones(3)}, tmp_path / "x")
    content = (tmp_path / "x").read_bytes()
    (tmp_path / "x").write_bytes(content[:cut])
    with pytest.raises(RuntimeError, match=r"damaged|cut off"):
        load_file(tmp_path / "x")


def test_only_tensors_by_name_are_written(tmp_path):
    with pytest.raises(ValueError, match="tensors by name"):
        save_file({"x": 3}, tmp_path / "x")
