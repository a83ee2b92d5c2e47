"""Files of the safetensors format: a header in JSON, then the elements of each tensor."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np

from dltk.atomic_file import replacing
from dltk.core import dtypes
from dltk.core.tensor import Tensor
from dltk.ops.convert import from_numpy

CODES = {
    "float64": "F64",
    "float32": "F32",
    "float16": "F16",
    "int64": "I64",
    "int32": "I32",
    "int16": "I16",
    "int8": "I8",
    "uint8": "U8",
    "bool": "BOOL",
}
NAMES = {code: name for name, code in CODES.items()}
ALIGNMENT = 8
METADATA = "__metadata__"


def save_file(
    tensors: dict[str, Tensor], filename: Any, metadata: dict[str, str] | None = None
) -> None:
    """Write tensors by name; memory that they share is written once for each.

    Raises:
        ValueError: not a dict of tensors by name, or metadata that is not text by name.
    """
    header: dict[str, Any] = {}
    if metadata is not None:
        if not all(isinstance(each, str) for pair in metadata.items() for each in pair):
            raise ValueError(f"metadata must be text by name, got {metadata!r:.60}")
        header[METADATA] = metadata
    parts, end = [], 0
    # Large elements first, so that each tensor lies where its elements can be read directly.
    for name in sorted(tensors, key=lambda name: (-_tensor(tensors, name).itemsize, name)):
        tensor = tensors[name]
        elements = np.ascontiguousarray(tensor.detach().cpu().numpy())
        parts.append(elements.astype(elements.dtype.newbyteorder("<"), copy=False).tobytes())
        begin, end = end, end + len(parts[-1])
        header[name] = {
            "dtype": CODES[tensor.dtype.name],
            "shape": list(tensor.shape),
            "data_offsets": [begin, end],
        }
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % ALIGNMENT)
    with replacing(filename) as file:
        file.write(len(text).to_bytes(8, "little") + text)
        file.writelines(parts)


def load_file(filename: Any) -> dict[str, Tensor]:
    """The tensors of a file by name.

    Raises:
        RuntimeError: the file is damaged, or holds a dtype that dltk has not.
    """
    with open(filename, "rb") as file:
        content = file.read()
    size = int.from_bytes(content[:8], "little")
    if len(content) < 8 or size > len(content) - 8:
        raise RuntimeError(f"{filename}: the header is cut off")
    try:
        header = json.loads(content[8 : 8 + size], object_pairs_hook=_without_repetition)
        header.pop(METADATA, None)
        data = memoryview(content)[8 + size :]
        _check_places([entry["data_offsets"] for entry in header.values()], len(data))
        return {name: _read(data, **entry) for name, entry in header.items()}
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise RuntimeError(f"{filename}: the file is damaged: {error}") from error


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise ValueError("a name occurs twice in the header")
    return dict(pairs)


def _check_places(places: list, size: int) -> None:
    """Each byte of the data belongs to one tensor: no overlaps, no gaps, nothing left over."""
    end = 0
    for place in sorted(places):
        if not all(type(each) is int for each in place) or len(place) != 2:
            raise ValueError(f"data_offsets must be two integers, got {place}")
        if place[0] != end or place[1] < place[0]:
            raise ValueError(f"the bytes {place} overlap others, or leave a gap after byte {end}")
        end = place[1]
    if end != size:
        raise ValueError(f"the header describes {end} bytes, the file holds {size}")


def _tensor(tensors: dict[str, Tensor], name: str) -> Tensor:
    if not isinstance(name, str) or name == METADATA or not isinstance(tensors[name], Tensor):
        raise ValueError(f"save_file writes tensors by name, got {name!r}: {tensors[name]!r:.40}")
    return tensors[name]


def _read(data: memoryview, dtype: str, shape: list[int], data_offsets: list[int]) -> Tensor:
    if dtype not in NAMES:
        raise ValueError(f"dtype {dtype} is none of {', '.join(NAMES)}")
    if not all(type(each) is int and each >= 0 for each in shape):
        raise ValueError(f"a shape is a list of sizes, got {shape}")
    begin, end = data_offsets
    element = dtypes.by_name(NAMES[dtype]).numpy
    if end - begin != math.prod(shape) * element.itemsize:
        raise ValueError(f"a tensor of shape {shape} does not lie at bytes {begin} to {end}")
    elements = np.frombuffer(data[begin:end], element.newbyteorder("<")).reshape(shape)
    return from_numpy(elements.astype(element))
