"""Files from anywhere: nothing in them runs, what is damaged says so, what is there stays."""

from __future__ import annotations

import io
import json
import pickle
import subprocess
import sys
import zipfile

import numpy as np
import pytest
import torch

import dltk
from dltk.safetensors_format import load_file, save_file


def written(tree=None):
    file = io.BytesIO()
    dltk.save({"x": dltk.arange(4.0)} if tree is None else tree, file)
    return file.getvalue()


def with_member(data, name, content, compression=zipfile.ZIP_STORED):
    """The zip file `data` with other content in the member whose name ends with `name`."""
    source, result = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(result, "w", compression) as target:
        for member in source.namelist():
            target.writestr(member, content if member.endswith(name) else source.read(member))
    return result.getvalue()


def refusal(data):
    """What is said of a file that is not read; any other class of error is none."""
    try:
        dltk.load(io.BytesIO(data))
    except (RuntimeError, pickle.UnpicklingError) as error:
        return str(error)
    return ""


def calling(function, *arguments):
    class Attack:
        def __reduce__(self):
            return function, arguments

    return Attack()


def attacks(marker):
    import os
    import runpy
    import shutil

    command = f"open({str(marker)!r}, 'w')"
    return {
        "os.system": pickle.dumps(calling(os.system, f"touch {marker}"), 2),
        "eval": pickle.dumps([calling(eval, command)], 4),
        "exec": pickle.dumps({"x": calling(exec, command)}, 2),
        "Popen": pickle.dumps(calling(subprocess.Popen, ["touch", str(marker)]), 2),
        "getattr": pickle.dumps(calling(getattr, 1, "real"), 2),
        "runpy": pickle.dumps(calling(runpy.run_path, str(marker)), 2),
        "rmtree": pickle.dumps(calling(shutil.rmtree, "/nowhere"), 2),
        "by name": f"cos\nsystem\n(S'touch {marker}'\ntR.".encode(),
        "instance": f"(S'touch {marker}'\nios\nsystem\n.".encode(),
        "dotted name": b"\x80\x04\x8c\x0bcollections\x8c\x14OrderedDict.fromkeys\x93(tR.",
        "dltk itself": b"cdltk\nload\n(S'/etc/passwd'\ntR.",
        "numpy": b"cnumpy\nload\n(S'/etc/passwd'\ntR.",
    }


@pytest.mark.parametrize("name", list(attacks("x")))
def test_a_pickle_that_names_anything_else_is_refused_and_nothing_runs(name, tmp_path):
    marker = tmp_path / "ran"
    data = with_member(written(), "data.pkl", attacks(marker)[name])
    with pytest.raises(pickle.UnpicklingError, match=r"^the file holds a [\w.]+; load reads only"):
        dltk.load(io.BytesIO(data))
    assert not marker.exists()


@pytest.mark.parametrize(
    "pickled",
    [
        b"\x80\x02ctorch\nfloat32\n)R.",
        b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n(K\x01K\x02tR.",
        b"\x80\x02X\x07\x00\x00\x00storageQ.",
        b"\x80\x02K\x01.garbage",
        b"\x80\x02]K\x01u.",
        b"\x80\x02" + b"]" * 3000 + b"a" * 2999 + b".",
        b"\x8b\xff\xff\xff\x7f",
        b"\x80\x63.",
        b"",
    ],
)
def test_a_pickle_that_makes_no_sense_is_one_clear_error(pickled):
    data = with_member(written(), "data.pkl", pickled)
    assert "\n" not in refusal(data)


def test_a_tensor_cannot_reach_beyond_its_storage():
    pickled = zipfile.ZipFile(io.BytesIO(written())).read("archive/data.pkl")
    larger = pickled.replace(b"K\x00K\x04\x85", b"K\x00M\xff\x0f\x85")
    assert larger != pickled
    with pytest.raises(RuntimeError, match="do not fit a storage of 4 elements"):
        dltk.load(io.BytesIO(with_member(written(), "data.pkl", larger)))


def test_a_file_cut_off_or_changed_anywhere_is_an_error_or_read_never_a_crash():
    data = written({"x": dltk.ones(20), "y": [1, "text", (dltk.zeros(3),)]})
    numbers = np.random.default_rng(0)
    damaged = [data[:end] for end in range(1, len(data), 97)]
    for place in numbers.integers(0, len(data), 150).tolist():
        changed = bytearray(data)
        changed[place] ^= 1 << int(numbers.integers(8))
        damaged.append(bytes(changed))
    said = [refusal(each) for each in damaged]
    assert not any("\n" in each for each in said)
    assert sum(each != "" for each in said) > len(damaged) // 2


def test_a_compressed_file_which_may_be_a_bomb_is_refused():
    data = with_member(written(), "data/0", bytes(16), zipfile.ZIP_DEFLATED)
    with pytest.raises(pickle.UnpicklingError, match="compressed"):
        dltk.load(io.BytesIO(data))


def test_torchs_former_format_is_refused_by_its_name(tmp_path):
    path = tmp_path / "x.pt"
    torch.save({"x": torch.ones(2)}, path, _use_new_zipfile_serialization=False)
    with pytest.raises(pickle.UnpicklingError, match=r"before version 1\.6"):
        dltk.load(path)


@pytest.mark.parametrize("name", ["bfloat16", "complex64", "float8_e4m3fn"])
def test_a_dtype_that_dltk_lacks_is_refused_by_its_name(name, tmp_path):
    path = tmp_path / "x.pt"
    torch.save({"x": torch.ones(2).to(getattr(torch, name))}, path)
    with pytest.raises(pickle.UnpicklingError, match=r"^the file holds a torch[\w.]+; load reads"):
        dltk.load(path)


def test_a_file_of_a_machine_with_the_other_byte_order_is_read():
    swapped = np.arange(4.0, dtype=">f4").tobytes()
    data = with_member(with_member(written(), "data/0", swapped), "byteorder", b"big")
    for lib in (dltk, torch):
        assert lib.load(io.BytesIO(data))["x"].tolist() == [0, 1, 2, 3]


def test_a_view_is_saved_with_its_memory_as_by_torch(tmp_path):
    for writer, reader in ((dltk, torch), (torch, dltk)):
        writer.save(writer.arange(1000.0)[:2], tmp_path / "x")
        assert (tmp_path / "x").stat().st_size > 4000
        assert reader.load(tmp_path / "x").tolist() == [0, 1]
    dltk.save(dltk.arange(1000.0)[:2].clone(), tmp_path / "x")
    assert (tmp_path / "x").stat().st_size < 4000


@pytest.mark.parametrize("save", [dltk.save, lambda tree, path: save_file(tree, path)])
def test_a_save_that_fails_leaves_the_former_file_and_nothing_else(save, tmp_path, monkeypatch):
    path = tmp_path / "x"
    save({"x": dltk.ones(2)}, path)
    former = path.read_bytes()
    monkeypatch.setattr("os.fsync", lambda number: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        save({"x": dltk.zeros(200)}, path)
    assert path.read_bytes() == former
    assert list(tmp_path.iterdir()) == [path]


def test_a_process_that_dies_while_saving_leaves_the_former_file(tmp_path):
    path = tmp_path / "x"
    dltk.save([1], path)
    program = (
        "import os, sys, dltk; os.fsync = lambda number: os._exit(9); "
        "dltk.save(dltk.zeros(1000), sys.argv[1])"
    )
    assert subprocess.run([sys.executable, "-c", program, str(path)]).returncode == 9
    assert dltk.load(path) == [1]


def test_a_folder_that_is_not_there_is_torchs_class_of_error(tmp_path):
    for lib in (dltk, torch):
        with pytest.raises(RuntimeError, match="Parent directory"):
            lib.save([1], tmp_path / "nowhere" / "x")


def safetensors(header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def entry(begin=0, end=4, shape=(1,), dtype="F32"):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [begin, end]}


MALFORMED = {
    "overlapping": safetensors({"a": entry(), "b": entry(2, 6)}, bytes(6)),
    "a gap": safetensors({"a": entry(), "b": entry(8, 12)}, bytes(12)),
    "bytes left over": safetensors({"a": entry()}, bytes(5)),
    "beyond the end": safetensors({"a": entry(0, 40, (10,))}, bytes(4)),
    "backwards": safetensors({"a": entry(4, 0, (0,))}, bytes(4)),
    "a huge header": (1 << 62).to_bytes(8, "little") + b"{}",
    "a negative size": safetensors({"a": entry(0, 4, (-1, -1))}, bytes(4)),
    "a huge shape": safetensors({"a": entry(0, 4, (1 << 62, 1 << 62))}, bytes(4)),
    "bfloat16": safetensors({"a": entry(0, 2, dtype="BF16")}, bytes(2)),
    "an unknown dtype": safetensors({"a": entry(dtype="Q7")}, bytes(4)),
    "offsets of text": safetensors({"a": entry("0", "4")}, bytes(4)),
    "three offsets": safetensors({"a": {**entry(), "data_offsets": [0, 2, 4]}}, bytes(4)),
    "no offsets": safetensors({"a": {"dtype": "F32", "shape": [1]}}, bytes(4)),
    "more than asked": safetensors({"a": {**entry(), "run": "x"}}, bytes(4)),
    "no object": safetensors(["a"], b""),
    "a name twice": safetensors(b'{"a": %s, "a": %s}' % ((json.dumps(entry()).encode(),) * 2)),
    "no JSON": safetensors(b"{", b""),
    "no text": safetensors(b"\xff\xfe", b""),
    "deep": safetensors(b"[" * 200_000, b""),
}


@pytest.mark.parametrize("name", list(MALFORMED))
def test_a_malformed_safetensors_file_is_refused_in_one_sentence(name, tmp_path):
    (tmp_path / "x").write_bytes(MALFORMED[name])
    with pytest.raises(RuntimeError, match=r"x: the (file is damaged|header is cut off)") as info:
        load_file(tmp_path / "x")
    assert "\n" not in str(info.value)


def test_a_tensor_may_not_have_the_metadatas_name_nor_metadata_be_numbers(tmp_path):
    with pytest.raises(ValueError, match="__metadata__"):
        save_file({"__metadata__": dltk.ones(1)}, tmp_path / "x")
    with pytest.raises(ValueError, match="metadata must be text"):
        save_file({"x": dltk.ones(1)}, tmp_path / "x", metadata={"step": 3})
