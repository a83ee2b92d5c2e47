"""Files go from torch to dltk and back; nothing but trees of tensors is read or written."""

from __future__ import annotations

import io
import pickle
from collections import OrderedDict

import pytest
import torch

import dltk

LIBRARIES = (dltk, torch)
DTYPES = "float16 float32 float64 int8 int16 int32 int64 uint8 bool"


def tree(lib):
    lib.manual_seed(0)
    base = lib.arange(12.0).view(3, 4)
    return {
        "dtypes": [lib.tensor([0, 1, 2]).to(getattr(lib, name)) for name in DTYPES.split()],
        "views": (base, base[1:, ::2], base.t(), base[0, 3]),
        "empty": lib.zeros(0, 3),
        "number": lib.tensor(2.5),
        "leaf": lib.randn(2, requires_grad=True),
        "parameter": lib.nn.Parameter(lib.randn(2)),
        "frozen": lib.nn.Parameter(lib.randn(2), requires_grad=False),
        "plain": (1, -(2**70), 2.5, "x", b"\x00\xff", None, True, {3: [()]}, {1, 2}),
        "ordered": OrderedDict(b=1, a=2),
        "dtype": lib.float32,
    }


def described(value):
    if hasattr(value, "stride"):
        details = (str(value.dtype).split(".")[-1], tuple(value.shape), value.storage_offset())
        return (type(value).__name__, *details, tuple(value.stride()), value.requires_grad), (
            value.detach().tolist()
        )
    if isinstance(value, dict):
        return type(value).__name__, [(k, described(v)) for k, v in value.items()]
    if isinstance(value, list | tuple):
        return type(value).__name__, [described(each) for each in value]
    return str(value).replace("dltk.", "torch.")


@pytest.mark.parametrize("reader", LIBRARIES, ids=["dltk_reads", "torch_reads"])
@pytest.mark.parametrize("writer", LIBRARIES, ids=["dltk_wrote", "torch_wrote"])
def test_a_tree_survives_the_way_from_either_library_to_either(writer, reader, tmp_path):
    writer.save(tree(writer), tmp_path / "tree.pt")
    read = reader.load(tmp_path / "tree.pt", weights_only=True)
    assert described(read) == described(tree(writer))
    assert isinstance(read["parameter"], reader.nn.Parameter)


@pytest.mark.parametrize("reader", LIBRARIES, ids=["dltk_reads", "torch_reads"])
@pytest.mark.parametrize("writer", LIBRARIES, ids=["dltk_wrote", "torch_wrote"])
def test_shared_memory_stays_shared(writer, reader):
    file = io.BytesIO()
    weight = writer.ones(2, 2)
    writer.save({"base": weight, "row": weight[1], "same": weight}, file)
    file.seek(0)
    read = reader.load(file)
    assert read["same"] is read["base"]
    read["row"].mul_(5)
    assert read["base"].tolist() == [[1, 1], [5, 5]]


def test_a_state_dict_of_torch_is_loaded_into_a_module(tmp_path):
    theirs = torch.nn.Linear(3, 2)
    torch.save(theirs.state_dict(), tmp_path / "state.pt")
    ours = dltk.nn.Linear(3, 2)
    ours.load_state_dict(dltk.load(tmp_path / "state.pt"))
    assert ours.weight.tolist() == theirs.weight.tolist()
    dltk.save(ours.state_dict(), tmp_path / "back.pt")
    theirs.load_state_dict(torch.load(tmp_path / "back.pt", weights_only=True))
    assert ours.bias.tolist() == theirs.bias.tolist()


class Arbitrary:
    pass


class Attack:
    def __reduce__(self):
        return print, ("run",)


class SetsAttributes:
    def __reduce__(self):
        return OrderedDict.fromkeys, ((), 1)


@pytest.mark.parametrize("lib", LIBRARIES, ids=["dltk", "torch"])
@pytest.mark.parametrize("kind", [Arbitrary, Attack, SetsAttributes])
def test_arbitrary_objects_in_a_file_are_refused(lib, kind, capsys):
    file = io.BytesIO()
    torch.save({"x": kind()}, file)
    file.seek(0)
    with pytest.raises(pickle.UnpicklingError):
        lib.load(file, weights_only=True)
    assert "run" not in capsys.readouterr().out


def test_a_file_cannot_set_attributes_of_what_it_names():
    from dltk.torch_format import Reader

    hostile = b"\x80\x02ctorch\nfloat32\nN}X\x08\x00\x00\x00itemsizeK\x01s\x86b."
    with pytest.raises(pickle.UnpicklingError, match="sets attributes"):
        Reader(hostile, lambda *_: None).load()
    assert dltk.float32.itemsize == 4


def test_arbitrary_objects_are_not_written(tmp_path):
    with pytest.raises(TypeError, match="Arbitrary"):
        dltk.save([Arbitrary()], tmp_path / "x.pt")
    assert not (tmp_path / "x.pt").exists()


def test_arbitrary_pickles_cannot_be_asked_for(tmp_path):
    dltk.save([], tmp_path / "x.pt")
    with pytest.raises(ValueError, match="weights_only"):
        dltk.load(tmp_path / "x.pt", weights_only=False)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("damage", ["empty", "other", "cut", "no_file"])
def test_a_damaged_file_is_refused_with_torchs_class_of_error(damage, tmp_path):
    path = tmp_path / "x.pt"
    torch.save({"x": torch.ones(3)}, path)
    data = path.read_bytes()
    contents = {"empty": b"", "other": b"no archive", "cut": data[:700]}
    if damage in contents:
        path.write_bytes(contents[damage])
    else:
        path.unlink()
    errors = []
    for lib in LIBRARIES:
        with pytest.raises(
            (EOFError, FileNotFoundError, RuntimeError, pickle.UnpicklingError)
        ) as info:
            lib.load(path)
        errors.append(info.type)
    assert errors[0] is errors[1]


@pytest.mark.parametrize("lib", LIBRARIES, ids=["dltk", "torch"])
@pytest.mark.parametrize(
    "place", ["cpu", {"cpu": "cpu"}, {"cuda:0": "cpu"}, lambda storage, location: storage, None]
)
def test_tensors_go_where_map_location_says(lib, place):
    file = io.BytesIO()
    lib.save([lib.ones(2)], file)
    file.seek(0)
    assert str(lib.load(file, map_location=place)[0].device) == "cpu"


@pytest.mark.parametrize("lib", LIBRARIES, ids=["dltk", "torch"])
@pytest.mark.parametrize("place", ["cuda:0", {"cpu": "cuda:0"}])
def test_a_device_that_is_not_here_is_a_runtime_error(lib, place):
    if torch.cuda.is_available():
        pytest.skip("needs a machine without CUDA")
    file = io.BytesIO()
    lib.save([lib.ones(2)], file)
    file.seek(0)
    with pytest.raises(RuntimeError):
        lib.load(file, map_location=place)
