"""Files of the safetensors format: a header in JSON, then the elements of each tensor."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np

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


def save_file(
    tensors: dict[str, Tensor], filename: Any, metadata: dict[str, str] | None = None
) -> None:
    """Write tensors by name; memory that they share is written once for each.

    Raises:
        ValueError: not a dict of tensors by name.
    """
    header: dict[str, Any] = {} if metadata is None else {"__metadata__": metadata}
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
    with open(filename, "wb") as file:
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
        header = json.loads(content[8 : 8 + size])
        header.pop("__metadata__", None)
        data = memoryview(content)[8 + size :]
        return {name: _read(data, **entry) for name, entry in header.items()}
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise RuntimeError(f"{filename}: the file is damaged: {error}") from error


def _tensor(tensors: dict[str, Tensor], name: str) -> Tensor:
    if not isinstance(name, str) or not isinstance(tensors[name], Tensor):
        raise ValueError(f"save_file writes tensors by name, got {name!r}: {tensors[name]!r:.40}")
    return tensors[name]


def _read(data: memoryview, dtype: str, shape: list[int], data_offsets: list[int]) -> Tensor:
    if dtype not in NAMES:
        raise ValueError(f"dtype {dtype} is none of {', '.join(NAMES)}")
    begin, end = data_offsets
    element = dtypes.by_name(NAMES[dtype]).numpy
    if not 0 <= begin <= end <= len(data) or end - begin != math.prod(shape) * element.itemsize:
        raise ValueError(f"a tensor of shape {shape} does not lie at bytes {begin} to {end}")
    elements = np.frombuffer(data[begin:end], element.newbyteorder("<")).reshape(shape)
    return from_numpy(elements.astype(element))
